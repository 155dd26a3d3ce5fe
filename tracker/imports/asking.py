"""Find in a document that was read what a person has to be asked, and what each answer does to the document.

A question is known by where it was read, so that answers hold when the file is read again with other columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import count

from tracker.imports.asked import Asked, Question
from tracker.imports.asking_refs import asked_of_refs
from tracker.imports.result import ImportResult
from tracker.imports.words import is_colour, is_rating_letter
from tracker.rules.dates import Period, Reading, read_period, show_day, show_period
from tracker.rules.document import (
    FACTS,
    ActionLine,
    CommitmentLine,
    MilestoneLine,
    PriorityLine,
    WorkstreamLine,
)
from tracker.rules.text import clean, fold
from tracker.rules.windows import EVERY_WORDS, Every, propose

KEEP, UNDATED, WORDS, ONCE = "keep", "undated", "words", "once"
_LONGEST_STATUS = 45
_YEARS = 4  # years that are offered for a month without one


class Asking:
    """Goes through a document once and finds what has to be asked."""

    def __init__(self, result: ImportResult) -> None:
        self.plan = result.document
        self.streams = [(area, stream) for area in self.plan.priorities for stream in area.workstreams]
        self.years = self._years()

    def all(self) -> Iterator[Asked]:
        for area, stream in self.streams:
            for line in list(stream.milestones):
                yield from self._date(area, stream, line)
            for commitment in stream.commitments:
                yield self._rule(stream, commitment)
        for area in self.plan.priorities:
            for line in list(area.unplaced):
                yield self._place(area, line)
        yield from asked_of_refs(self.plan)
        yield from self._statuses()

    def _period(self, words: str, year: int | None = None) -> Period:
        return read_period(words, year_kind=self.plan.year_kind, year=year)

    def _years(self) -> list[int]:
        """Return the years in which milestones of the plan are due, the first ones."""
        found: set[int] = set()
        for _, stream in self.streams:
            for line in stream.milestones:
                end = self._period(line.date).end if any(map(str.isdigit, line.date)) else None
                if end is not None:
                    found.add(end.year)
        return sorted(found)[:_YEARS]

    # ------------------------------------------------------------------ dates and what recurs
    def _date(self, area: PriorityLine, stream: WorkstreamLine, line: MilestoneLine) -> Iterator[Asked]:
        period = self._period(line.date)
        if period.end is None and period.reading in (Reading.RECURRING, Reading.AMBIGUOUS):
            yield self._recurs(stream, line)
            return
        asked = line.needs_decision or period.question
        if not asked:
            return
        options: list[list[str]] = []
        if period.end is not None:
            options.append([KEEP, f"It is due {show_period(line.date, period.end, period.precision)}, as it was read"])
        else:
            for year in self.years:
                with_year = self._period(line.date, year)
                if with_year.end is not None:
                    words = show_period(line.date, with_year.end, with_year.precision)
                    words = words if str(year) in words else f"{words} {year}"
                    options.append([f"on {words}", words])
        options.append([UNDATED, "It has no date yet"])

        def settle(answer: str) -> str:
            if answer == KEEP and period.end is not None:
                line.decided, line.needs_decision = True, ""
                return f"due {show_day(period.end)}"
            if answer == UNDATED:
                line.decided, line.needs_decision = True, ""
                return "no date yet"
            words = answer.removeprefix("on ").strip()
            chosen = self._period(words)
            if chosen.reading is not Reading.DATED or chosen.end is None:
                return ""
            said = f"“{line.date}” is {words}" if line.date else f"due {words}"
            line.date, line.decided, line.needs_decision = words, True, ""
            return said

        quoted = f"{line.date}: {line.text}" if line.date else line.text
        key = f"dates {line.source or area.ref} {line.ref}"
        question = Question(key, "dates", str(line.source or ""), quoted, asked, options, "date", same=fold(line.date))
        yield Asked(question, [(line.source, line.text)], settle)

    def _recurs(self, stream: WorkstreamLine, line: MilestoneLine) -> Asked:
        proposed = propose(line.date, None)

        def settle(answer: str) -> str:
            if not any(each is line for each in stream.milestones):
                return ""
            if answer == ONCE:
                line.decided, line.needs_decision = True, ""
                return "no commitment; a milestone without a date"
            rule = _rule_of(answer)
            if rule is None:
                return ""
            taken = {each.ref for each in stream.commitments}
            ref = next(ref for ref in _refs_like(line.ref) if ref not in taken)
            made = CommitmentLine(ref, line.date, line.text, line.source, every=rule[0], anchor=rule[1].isoformat())
            stream.milestones = [each for each in stream.milestones if each is not line]
            stream.commitments.append(made)
            return _rule_words(*rule)

        asked = f"“{line.date}” recurs. How often, and from which day on does it count?"
        if proposed.every is None:
            asked = proposed.question
        question = Question(
            f"recurring {line.source} {line.ref}", "recurring", str(line.source or ""), f"{line.date}: {line.text}",
            asked, [[ONCE, "It is not a commitment: keep it as a milestone without a date"]], "rule",
            str(proposed.every or ""), fold(line.date),
        )  # fmt: skip
        return Asked(question, [(line.source, line.text)], settle)

    def _rule(self, stream: WorkstreamLine, line: CommitmentLine) -> Asked:
        proposed = propose(line.frequency, None)

        def settle(answer: str) -> str:
            rule = _rule_of(answer)
            if rule is None:
                return ""
            line.every, line.anchor = rule[0], rule[1].isoformat()
            return _rule_words(*rule)

        question = Question(
            f"recurring {line.source} {line.ref}", "recurring", str(line.source or ""),
            f"{line.frequency}: {line.text}",
            proposed.question or "Is this the rule, and from which day on does it count?",
            [], "rule", str(proposed.every or ""), fold(line.frequency),
        )  # fmt: skip
        return Asked(question, [(line.source, line.text)], settle)

    # ------------------------------------------------------------------ places
    def _place(self, area: PriorityLine, line: MilestoneLine) -> Asked:
        ordered = sorted(self.streams, key=lambda pair: pair[0] is not area)
        named = {_name(above, stream): (above, stream) for above, stream in ordered}

        def settle(answer: str) -> str:
            found = named.get(answer)
            if found is None:
                return ""
            stream = found[1]
            taken = {each.ref for each in stream.milestones}
            if line.ref in taken or not line.ref:
                stem = line.ref or "1"
                line.ref = next(f"{stem} ({n})" for n in range(2, 10_000) if f"{stem} ({n})" not in taken)
            line.needs_decision = ""
            area.unplaced = [each for each in area.unplaced if each is not line]
            stream.milestones.append(line)
            return f"it belongs to {answer}"

        quoted = f"{line.date}: {line.text}" if line.date else line.text
        question = Question(
            f"places {line.source} {line.ref}", "places", str(line.source or ""), quoted,
            "Which workstream does it belong to?", [[name, name] for name in named],
        )  # fmt: skip
        return Asked(question, [(line.source, line.text)], settle)

    # ------------------------------------------------------------------ status words
    def _statuses(self) -> Iterator[Asked]:
        found: dict[str, list[ActionLine | MilestoneLine]] = {}
        lines: list[ActionLine | MilestoneLine] = []
        for _, stream in self.streams:
            lines += [*stream.actions, *stream.milestones]
        for line in lines:
            word = clean(line.status_text)
            known = line.fact or line.percent is not None or is_colour(word) or is_rating_letter(word)
            if word and not known and len(word) <= _LONGEST_STATUS:
                found.setdefault(fold(word), []).append(line)
        for word, own in found.items():
            yield self._status(word, own)

    def _status(self, word: str, lines: list[ActionLine | MilestoneLine]) -> Asked:
        def settle(answer: str) -> str:
            if answer == WORDS:
                return "only the words of the status are kept"
            if answer not in FACTS:
                return ""
            for line in lines:
                line.fact = answer
            return f"“{shown}” means {answer}"

        shown = clean(lines[0].status_text)
        places = list(dict.fromkeys(str(line.source) for line in lines if line.source))
        where = places[0] if places else ""
        if len(places) > 1:
            where += f" and {len(places) - 1} more place{'s' if len(places) > 2 else ''}"
        options = [[fact, fact.capitalize()] for fact in FACTS] + [[WORDS, "None of these: keep only the words"]]
        question = Question(
            f"statuses {word}", "statuses", where, shown, f"What does the status “{shown}” say of a line?", options
        )
        return Asked(question, [(line.source, line.text) for line in lines], settle)


def _refs_like(ref: str) -> Iterator[str]:
    """Yield a ref, and then others that begin with it."""
    yield ref
    yield from (f"{ref}.{number}" for number in count(1))


def _rule_of(answer: str) -> tuple[str, date] | None:
    """Return how often and from which day, of "quarterly from 2025-10-01"; None if it says neither."""
    every, _, day = answer.partition(" from ")
    if every not in set(Every):
        return None
    try:
        return every, date.fromisoformat(day)
    except ValueError:
        return None


def _rule_words(every: str, anchor: date) -> str:
    return f"{EVERY_WORDS[Every(every)].lower()}, from {show_day(anchor)}"


def _name(area: PriorityLine, stream: WorkstreamLine) -> str:
    return f"{stream.ref} {stream.title}".strip() or f"{area.ref} {area.title}".strip()
