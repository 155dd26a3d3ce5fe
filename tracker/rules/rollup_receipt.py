"""Why a workstream, action, priority or plan has its colour: every rule in order with its figures.

The colour comes from `rules.rollup`; the lines ask the rules that it asks, so they cannot say otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from tracker.rules.colour import RANK, Colour
from tracker.rules.rollup import Headline, judged
from tracker.rules.rollup_change import (
    RollupChange,
    could_pass,
    could_turn_amber,
    could_turn_red,
    least,
    rollup_changes,
    to_amber,
    to_blue,
    to_red,
)
from tracker.rules.rollup_rules import WORST, Asked, RollupRule, ask_all, milestones, percent, rules_of, share_words
from tracker.rules.scheme import DEFAULT, Scheme
from tracker.rules.tally import Group, Item, Pick, Tally, group_of


@dataclass(frozen=True, slots=True)
class RollupLine:
    """One rule as asked on one day: `number` of `of` against `threshold`.

    `fired` is True for the one rule that decided; `holds` also for a later rule that would have held, had no earlier
    one. `behind` are the positions of the milestones that were counted, worst first.
    """

    rule: str
    title: str
    colour: Colour
    inputs: str
    counted: int
    of: int
    threshold: str
    fired: bool
    holds: bool
    change: str
    behind: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RollupReceipt:
    """A rolled-up colour with every rule, the thresholds of the scheme, and what would change it."""

    headline: Headline
    lines: tuple[RollupLine, ...]
    changes: tuple[RollupChange, ...]
    scheme: tuple[tuple[str, str], ...]

    @property
    def fired(self) -> RollupLine:
        """Return the line of the rule that decided."""
        return next(line for line in self.lines if line.fired)


def headline_receipt(items: Sequence[Item], day: date, scheme: Scheme = DEFAULT) -> RollupReceipt:
    """Return the receipt of a priority or a plan on `day`, from its distinct milestones."""
    return _receipt(rules_of(scheme), items, day, scheme, _headline_scheme(scheme))


def worst_receipt(items: Sequence[Item], day: date, scheme: Scheme = DEFAULT) -> RollupReceipt:
    """Return the receipt of a workstream, or of an action from the milestones that are linked to it."""
    return _receipt(WORST, items, day, scheme, (("Roll-up", "the worst colour counts, whatever the share"),))


def _receipt(
    rules: tuple[RollupRule, ...], items: Sequence[Item], day: date, scheme: Scheme, said: tuple[tuple[str, str], ...]
) -> RollupReceipt:
    tally = Tally.of_items(items, day)
    groups = [group_of(item, day) for item in items]
    worst = sorted(range(len(items)), key=lambda position: _worst_first(items[position], position))
    lines: list[RollupLine] = []
    decided = False
    for asked in ask_all(rules, tally, scheme):
        rule = asked.rule
        last = rule is rules[-1]  # it is what is left: it says nothing once another has decided
        holds = asked.holds and not (last and decided)
        lines.append(
            RollupLine(
                rule=rule.number,
                title=scheme.retell(rule.title),
                colour=rule.colour,
                inputs=scheme.retell(_inputs(asked)),
                counted=asked.number,
                of=asked.of,
                threshold=scheme.retell(rule.threshold(scheme)),
                fired=holds and not decided,
                holds=holds,
                change=scheme.retell(_change(asked, holds, tally, scheme)),
                behind=tuple(position for position in worst if rule.counted(groups[position])),
            )
        )
        decided = decided or holds
    changes = (replace(one, sentence=scheme.retell(one.sentence)) for one in rollup_changes(rules, tally, scheme))
    told = tuple((scheme.retell(name), scheme.retell(value)) for name, value in said)
    return RollupReceipt(judged(rules, tally, scheme), tuple(lines), tuple(changes), told)


def _worst_first(item: Item, position: int) -> tuple[int, bool, date, int]:
    rank = RANK.get(item.colour, len(RANK))
    return rank, not item.critical, item.due or date.max, position


def _inputs(asked: Asked) -> str:
    rule, number, of = asked.rule, asked.number, asked.of
    share = f", {percent(number, of)}" if of and rule.number in ("P3", "P6") else ""
    if not of:
        return (
            f"No milestone {'at all' if rule.whole == 'in all' else f'is {rule.whole}'}."
            if (rule.whole != "that count")
            else "No milestone counts."
        )
    whole = f"{milestones(of)} {rule.whole}"
    if rule.whole == "critical":
        whole = f"critical {milestones(of)}"
    if rule.whole == "unfinished":
        whole = f"unfinished {milestones(of)}"
    if rule.figure == "that count":
        return f"{number or 'None'} of {of} {milestones(of)} count{'s' if number <= 1 else ''}."
    figure = rule.figure.removeprefix(f"{rule.whole} and ")
    return f"{number or 'None'} of {of} {whole} {'is' if number <= 1 else 'are'} {figure}{share}."


def _change(asked: Asked, holds: bool, tally: Tally, scheme: Scheme) -> str:
    """Return what would end a rule that holds, or bring about one that does not."""
    rule, colour = asked.rule, asked.rule.colour
    kind = rule.number[1:] if rule.number[0] == "P" else {"W0": "0", "W1": "1", "W4": "7", "W5": "8"}.get(rule.number)
    if kind == "0":
        return "A milestone that counts." if holds else "Every milestone being suspended, withdrawn or superseded."
    if kind == "1":
        unfinished = tally.counts.unfinished
        if not tally.counts.total:
            return "A milestone that counts, completed and signed off."
        return "One that is not Blue." if holds else f"{_all(unfinished, 'unfinished')} being completed and signed off."
    if kind == "7":
        return "The first start." if holds else "Every milestone being Grey again: it does not come back by itself."
    if kind == "8":
        return "Any rule above holding." if holds else "No rule above holding."
    return _ends(rule, tally, scheme) if holds else _begins(rule, colour, tally, scheme)


def _ends(rule: RollupRule, tally: Tally, scheme: Scheme) -> str:
    number = least(rule, tally, scheme, rule.counted, to_blue) or 0
    there = tally.number(rule.counted)
    words = _all(there, "") if number == there else f"{'One' if number == 1 else number} of these {there}"
    return f"{words} being completed and signed off."


def _begins(rule: RollupRule, colour: Colour, tally: Tally, scheme: Scheme) -> str:
    critical = rule.whole == "critical"
    if critical and not tally.number(rule.among):
        return "It cannot hold: no milestone is marked critical."
    if rule.title.endswith("Red") or rule.number == "P3":
        ways: list[tuple[Pick, str, str]] = [
            (could_turn_red, "of those due to date turning Red", "of those due to date turning Red"),
            (could_pass, "deadline passing", "deadlines passing"),
        ]
        to = to_red
    else:
        ways = [(could_turn_amber, "turning Amber", "turning Amber")]
        to = to_amber
    for pick, one, many in ways:

        def narrowed(group: Group, pick: Pick = pick) -> bool:
            return pick(group) and (group.critical or not critical)

        number = least(rule, tally, scheme, narrowed, to)
        if number is not None:
            more = " more" if tally.number(rule.counted) else ""
            noun = "critical " if critical else ""
            return f"{'One' if number == 1 else number}{more} {noun}{one if number == 1 else many}."
    return "It cannot hold with the milestones there are."


def _all(number: int, noun: str) -> str:
    word = f" {noun}" if noun else ""
    if number == 2:
        return f"Both{word} ones" if noun else "Both of them"
    if number == 1:
        return f"The last{word} one"
    return f"All {number}{word} ones" if noun else f"All {number} of them"


def _headline_scheme(scheme: Scheme) -> tuple[tuple[str, str], ...]:
    if scheme.strict:
        return (("Roll-up", "strict: the worst colour is the headline"),)
    return (
        ("Red", f"from {share_words(scheme)} of those due to date, at least {scheme.minimum}, or one critical"),
        (
            "Amber",
            f"from {share_words(scheme)} of those unfinished, at least {scheme.minimum}, or one critical, or any Red",
        ),
    )
