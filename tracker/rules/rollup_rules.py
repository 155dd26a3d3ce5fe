"""The rules of the roll-up in the order in which they are asked; the first that holds decides (domain, section 7).

Each rule says which milestones it counts and among which others. Headlines and receipts both come from here: the first
asks until one holds, the second asks all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracker.rules.colour import NAMES, Colour
from tracker.rules.scheme import Scheme
from tracker.rules.tally import Group, Pick, Tally


@dataclass(frozen=True, slots=True)
class RollupRule:
    """One rule: `counted` of `among` are its figure, `holds` compares them, `reason` says it where it decides.

    `figure` and `whole` name in words what is counted ("critical and Red") and among what ("critical").
    """

    number: str
    title: str
    colour: Colour
    counted: Pick
    among: Pick
    figure: str
    whole: str
    threshold: Callable[[Scheme], str]
    holds: Callable[[int, int, Scheme], bool]
    reason: Callable[[int, int, Tally, Scheme], str]

    def ask(self, tally: Tally, scheme: Scheme) -> Asked:
        """Return the figure of this rule and whether it holds."""
        number, of = tally.number(self.counted), tally.number(self.among)
        return Asked(self, number, of, self.holds(number, of, scheme))


@dataclass(frozen=True, slots=True)
class Asked:
    """A rule with its figure: `number` of `of`."""

    rule: RollupRule
    number: int
    of: int
    holds: bool


def ask_all(rules: Sequence[RollupRule], tally: Tally, scheme: Scheme) -> Iterator[Asked]:
    """Yield every rule with its figure, in order, as far as the caller asks."""
    return (rule.ask(tally, scheme) for rule in rules)


def decide(rules: Sequence[RollupRule], tally: Tally, scheme: Scheme) -> Asked:
    """Return the first rule that holds; the last one always does."""
    return next(asked for asked in ask_all(rules, tally, scheme) if asked.holds)


def rules_of(scheme: Scheme) -> tuple[RollupRule, ...]:
    """Return the rules of a priority and a plan under a scheme."""
    return STRICT if scheme.strict else SHARES


def reaches(number: int, of: int, scheme: Scheme) -> bool:
    """Return whether `number` of `of` is the scheme's share and the least number. Exact: no binary fractions."""
    return number > 0 and number >= scheme.minimum and number >= Fraction(str(scheme.share)) * of


def percent(number: int, of: int) -> str:
    """Return a share in per cent, rounded down, so that one under the threshold never prints as the threshold."""
    return f"{number * 100 // of}%" if of else "0%"


def share_words(scheme: Scheme) -> str:
    """Return the scheme's share ("15%")."""
    return f"{float(Fraction(str(scheme.share)) * 100):g}%"


def threshold_words(scheme: Scheme) -> str:
    """Return the share and the least number ("15% and at least 2")."""
    return f"{share_words(scheme)} and at least {scheme.minimum}"


def milestones(number: int) -> str:
    """Return the noun for a number."""
    return "milestone" if number == 1 else "milestones"


def _is(number: int) -> str:
    return "is" if number == 1 else "are"


def _all(number: int) -> str:
    return "The only milestone is" if number == 1 else f"All {number} milestones are"


def _has(colour: Colour) -> Pick:
    return lambda group: group.colour is colour


def _counts(group: Group) -> bool:
    return group.counts


def _is_any(number: int, of: int, scheme: Scheme) -> bool:
    return number > 0


def _is_all(number: int, of: int, scheme: Scheme) -> bool:
    return 0 < number == of


def _say(words: str) -> Callable[[Scheme], str]:
    return lambda scheme: words


def _nothing(number: int, of: int, tally: Tally, scheme: Scheme) -> str:
    return "Every milestone is suspended, withdrawn or superseded." if of else "No milestones yet."


def _critical(colour: Colour) -> Callable[[int, int, Tally, Scheme], str]:
    return lambda number, of, tally, scheme: f"{number} critical {milestones(number)} {_is(number)} {NAMES[colour]}."


def _red_share(number: int, of: int, tally: Tally, scheme: Scheme) -> str:
    return (
        f"{number} of {of} {milestones(of)} due to date {_is(number)} Red ({percent(number, of)}); "
        f"the threshold is {share_words(scheme)}."
    )


def _any_red(number: int, of: int, tally: Tally, scheme: Scheme) -> str:
    red_due, due = tally.number(_red_and_due), tally.number(lambda group: group.due)
    if red_due:
        return (
            f"{red_due} of {due} {milestones(due)} due to date {_is(red_due)} Red ({percent(red_due, due)}); "
            f"Red needs {threshold_words(scheme)}."
        )
    rest = "none of them" if number > 1 else "not yet"
    return f"{number} of {of} {milestones(of)} {_is(number)} Red, {rest} due to date."


def _amber_share(number: int, of: int, tally: Tally, scheme: Scheme) -> str:
    return (
        f"{number} of {of} unfinished {milestones(of)} {_is(number)} Amber ({percent(number, of)}); "
        f"the threshold is {share_words(scheme)}."
    )


def _otherwise(number: int, of: int, tally: Tally, scheme: Scheme) -> str:
    counts = tally.counts
    if not counts.amber:
        return "No milestone is Red or Amber."
    return (
        f"No milestone is Red; {counts.amber} of {counts.unfinished} unfinished "
        f"{milestones(counts.unfinished)} {_is(counts.amber)} Amber ({percent(counts.amber, counts.unfinished)}); "
        f"Amber needs {threshold_words(scheme)}."
    )


def _worst(colour: Colour, whose: str) -> Callable[[int, int, Tally, Scheme], str]:
    return lambda number, of, tally, scheme: (
        f"{number} of {of} {milestones(of)} {_is(number)} {NAMES[colour]}; the worst colour is {whose}."
    )


def _red_and_due(group: Group) -> bool:
    return group.due and group.colour is Colour.RED


def _nothing_rule(number: str) -> RollupRule:
    return RollupRule(
        number, "Nothing counts", Colour.GREY, _counts, lambda group: True, "that count", "in all",
        _say("none that counts"), lambda number, of, scheme: number == 0, _nothing,
    )  # fmt: skip


def _every(number: str, colour: Colour, done: str) -> RollupRule:
    return RollupRule(
        number, f"All are {NAMES[colour]}", colour, _has(colour), _counts, NAMES[colour], "that count",
        _say("all"), _is_all, lambda number, of, tally, scheme: f"{_all(of)} {done}.",
    )  # fmt: skip


def _any(number: str, colour: Colour, reason: Callable[[int, int, Tally, Scheme], str], gives: Colour) -> RollupRule:
    return RollupRule(
        number, f"Any is {NAMES[colour]}", gives, _has(colour), _counts, NAMES[colour], "that count",
        _say("one"), _is_any, reason,
    )  # fmt: skip


def _any_critical(number: str, colour: Colour) -> RollupRule:
    return RollupRule(
        number, f"A critical one is {NAMES[colour]}", colour,
        lambda group: group.critical and group.colour is colour, lambda group: group.counts and group.critical,
        f"critical and {NAMES[colour]}", "critical", _say("one"), _is_any, _critical(colour),
    )  # fmt: skip


def _rest(number: str) -> RollupRule:
    return RollupRule(
        number, "Otherwise", Colour.GREEN,
        lambda group: group.colour in (Colour.GREEN, Colour.GREY, Colour.BLUE), _counts,
        "Green, Grey or Blue", "that count", _say("none of the rules above"),
        lambda number, of, scheme: True, _otherwise,
    )  # fmt: skip


NOTHING, ALL_BLUE = _nothing_rule("P0"), _every("P1", Colour.BLUE, "complete and signed off")
ALL_GREY, OTHERWISE = _every("P7", Colour.GREY, "not started"), _rest("P8")

# A priority and a plan, counted on distinct milestones.
SHARES = (
    NOTHING,
    ALL_BLUE,
    _any_critical("P2", Colour.RED),
    RollupRule(
        "P3", "Reds of those due to date", Colour.RED, _red_and_due, lambda group: group.due,
        "due to date and Red", "due to date", threshold_words, reaches, _red_share,
    ),
    _any("P4", Colour.RED, _any_red, Colour.AMBER),
    _any_critical("P5", Colour.AMBER),
    RollupRule(
        "P6", "Ambers of the unfinished", Colour.AMBER, _has(Colour.AMBER), lambda group: group.unfinished,
        "Amber", "unfinished", threshold_words, reaches, _amber_share,
    ),
    ALL_GREY,
    OTHERWISE,
)  # fmt: skip

# The same under a scheme in which the worst colour is the headline.
STRICT = (
    NOTHING,
    ALL_BLUE,
    _any("S1", Colour.RED, _worst(Colour.RED, "the headline"), Colour.RED),
    _any("S2", Colour.AMBER, _worst(Colour.AMBER, "the headline"), Colour.AMBER),
    ALL_GREY,
    OTHERWISE,
)

# A workstream, and an action with the milestones that are linked to it.
WORST = (
    _nothing_rule("W0"),
    _every("W1", Colour.BLUE, "complete and signed off"),
    _any("W2", Colour.RED, _worst(Colour.RED, "the one that counts"), Colour.RED),
    _any("W3", Colour.AMBER, _worst(Colour.AMBER, "the one that counts"), Colour.AMBER),
    _every("W4", Colour.GREY, "not started"),
    _rest("W5"),
)
