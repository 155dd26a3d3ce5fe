"""Which line of a later edition is which one of the earlier: by ref, by the same words, or by words much alike.

Pure and bounded: the texts of 10,000 lines are compared word by word, and letter by letter only with the few that share
the most of their rarer words.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

from tracker.rules.text import fold

ALIKE = 0.75  # share of like characters from which two texts are taken for one, reworded
_RELATED = 0.5  # the same where only a number says that they may be one
_CANDIDATES = 6
_WORDS = re.compile(r"\w+")
_LONGEST = 600  # characters that are compared letter by letter


class How(StrEnum):
    """How a line was brought together with what is there."""

    NEW = "new"
    SAME = "same"  # by its ref, or by the same words
    MAYBE = "maybe"  # by words that are alike, or by a ref that now stands at other words: a person decides
    TWICE = "twice"  # a line before it has its ref


@dataclass(frozen=True, slots=True)
class Known:
    """Something that is there: its ref and words, and the words that it had before."""

    ref: str
    text: str
    earlier: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """What a line is: the number of the thing that it is, or may be, and how that was found."""

    how: How
    index: int | None = None


def bare(text: str) -> str:
    """Return the words of a text alone, without what punctuation and capitals make of them."""
    return " ".join(_WORDS.findall(fold(text)))


def alike(known: str, given: str, least: float = ALIKE) -> bool:
    """Return whether a text is another one reworded."""
    return ratio(known, given, least) >= least


def contained(known: str, given: str) -> bool:
    """Return whether the words of one of two texts are all in the other: "Panel", "The panel"."""
    one, other = (set(_WORDS.findall(fold(text))) for text in (known, given))
    return bool(one and other) and (one <= other or other <= one)


def ratio(known: str, given: str, least: float = 0.0) -> float:
    """Return the share of like characters of two texts, 0 where it is below `least`."""
    matcher = SequenceMatcher(None, fold(known)[:_LONGEST], fold(given)[:_LONGEST], autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    found = matcher.ratio()
    return found if found >= least else 0.0


@dataclass
class _Brought:
    """The lines of one place and what is there, while they are brought together."""

    lines: Sequence[tuple[str, str]]
    known: Sequence[Known]
    found: dict[int, Match] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)

    def put(self, line: int, how: How, index: int) -> None:
        self.found[line] = Match(how, index)
        self.taken.add(index)

    def open_lines(self) -> Iterator[tuple[int, str, str]]:
        for number, (ref, text) in enumerate(self.lines):
            if number not in self.found:
                yield number, ref, text

    def free(self) -> list[int]:
        return [index for index in range(len(self.known)) if index not in self.taken]


def match(lines: Sequence[tuple[str, str]], known: Sequence[Known]) -> list[Match]:
    """Return what each line (ref, words) of one place is. Nothing that is there answers to two lines."""
    run = _Brought(lines, known)
    _twice(run)
    by_ref: dict[str, int] = {}
    for index, one in enumerate(known):
        by_ref.setdefault(fold(one.ref), index)
    _same_ref_same_words(run, by_ref)
    _same_words(run)
    _same_ref(run, by_ref)
    _alike(run)
    _ref_alone(run, by_ref)
    _twice_before(run)
    return [run.found.get(number, Match(How.NEW)) for number in range(len(lines))]


def _twice(run: _Brought) -> None:
    seen: set[str] = set()
    for number, (ref, _) in enumerate(run.lines):
        if ref and fold(ref) in seen:
            run.found[number] = Match(How.TWICE)
        seen.add(fold(ref))


def _twice_before(run: _Brought) -> None:
    """A line whose ref stands twice, and which was taken under another one when the same was read before."""
    free = {bare(run.known[index].text): index for index in reversed(run.free())}
    for number, (_, text) in enumerate(run.lines):
        one = run.found.get(number)
        if one is not None and one.how is How.TWICE and bare(text) in free:
            run.put(number, How.SAME, free.pop(bare(text)))


def _same_ref_same_words(run: _Brought, by_ref: dict[str, int]) -> None:
    for number, ref, text in list(run.open_lines()):
        index = by_ref.get(fold(ref)) if ref else None
        if index is None or index in run.taken:
            continue
        one = run.known[index]
        words = bare(text)
        if not words or words == bare(one.text) or any(words == bare(was) for was in one.earlier):
            run.put(number, How.SAME, index)


def _same_words(run: _Brought) -> None:
    """The same words under another ref, where only one line and one thing have them; without refs, in their order."""
    there: dict[str, list[int]] = defaultdict(list)
    for index in run.free():
        for words in {bare(run.known[index].text), *(bare(was) for was in run.known[index].earlier)}:
            if words:
                there[words].append(index)
    if not there:
        return
    here = Counter(bare(text) for _, _, text in run.open_lines())
    for number, ref, text in list(run.open_lines()):
        words = bare(text)
        indexes = [index for index in there.get(words, ()) if index not in run.taken]
        if indexes and (not ref or (len(indexes) == 1 and here[words] == 1)):
            run.put(number, How.SAME, indexes[0])


def _same_ref(run: _Brought, by_ref: dict[str, int]) -> None:
    for number, ref, text in list(run.open_lines()):
        index = by_ref.get(fold(ref)) if ref else None
        if index is None or index in run.taken:
            continue
        if alike(run.known[index].text, text) or contained(run.known[index].text, text):
            run.put(number, How.SAME, index)


def _alike(run: _Brought) -> None:
    free = run.free()
    if not free:
        return
    index_of = Rare((index, run.known[index].text) for index in free)
    for number, _, text in list(run.open_lines()):
        best, at = 0.0, -1
        for index in index_of.near(text):
            if index not in run.taken and (like := ratio(run.known[index].text, text, max(ALIKE, best))) > best:
                best, at = like, index
        if at >= 0:
            run.put(number, How.MAYBE, at)


def _ref_alone(run: _Brought, by_ref: dict[str, int]) -> None:
    """A ref that now stands at other words. Lines that are only counted through say little by their number."""
    refs = [ref for ref, _ in run.lines]
    counted = refs == [str(number) for number in range(1, len(refs) + 1)] and len(refs) > 1
    for number, ref, text in list(run.open_lines()):
        index = by_ref.get(fold(ref)) if ref else None
        if index is None or index in run.taken:
            continue
        if not counted or alike(run.known[index].text, text, _RELATED):
            run.put(number, How.MAYBE, index)


class Rare:
    """Texts by their words, to find the few that share the most of the rarer ones with another text."""

    def __init__(self, texts: Iterable[tuple[int, str]]) -> None:
        self.by_word: dict[str, list[int]] = defaultdict(list)
        for index, text in texts:
            for word in set(_WORDS.findall(fold(text))):
                self.by_word[word].append(index)

    def near(self, text: str) -> list[int]:
        """Return the texts nearest to one, at most a handful, nearest first."""
        words = sorted(
            (self.by_word[word] for word in set(_WORDS.findall(fold(text))) if word in self.by_word), key=len
        )
        score: Counter[int] = Counter()
        looked = 0
        for indexes in words:
            looked += len(indexes)
            if score and looked > 2_000:
                break  # the commoner words only repeat what the rarer ones have found
            for index in indexes[:2_000]:
                score[index] += 1
        ranked = sorted(score.items(), key=lambda pair: (-pair[1], pair[0]))
        return [index for index, _ in ranked[:_CANDIDATES]]
