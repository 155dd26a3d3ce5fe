"""What would change a rolled-up colour: found by moving milestones in a tally and asking the same rules again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.rules.colour import NAMES, RANK, Colour
from tracker.rules.rollup_rules import RollupRule, decide
from tracker.rules.scheme import Scheme
from tracker.rules.tally import Group, Pick, Tally, When


@dataclass(frozen=True, slots=True)
class Move:
    """So many milestones of the groups that `pick` takes going to another group."""

    pick: Pick
    to: Callable[[Group], Group]
    number: int


@dataclass(frozen=True, slots=True)
class RollupChange:
    """What would make the colour another one: a sentence, the colour it would be, and the moves that it means."""

    sentence: str
    colour: Colour
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """One way of getting worse: which milestones may go it, where it leads, and how it is said for a number."""

    pick: Pick
    to: Callable[[Group], Group]
    say: Callable[[int, Tally], str]


def rollup_changes(rules: Sequence[RollupRule], tally: Tally, scheme: Scheme) -> tuple[RollupChange, ...]:
    """Return the least that would make the colour worse, in each way it can, and the least that would better it."""
    if not tally.counts.total:
        return ()
    now = decide(rules, tally, scheme).rule.colour
    found: list[RollupChange] = []
    for step in _steps(rules):
        change = _worse(step, rules, tally, scheme, now)
        if change is not None:
            found.append(change)
    if now is Colour.BLUE:
        found.append(_reopened(rules, tally, scheme))
    if now is Colour.GREY:
        found.append(_begun(rules, tally, scheme))
    better = _better(rules, tally, scheme, now)
    return tuple([*found, better] if better is not None else found)


def least(rule: RollupRule, tally: Tally, scheme: Scheme, pick: Pick, to: Callable[[Group], Group]) -> int | None:
    """Return the least number of milestones that have to move for a rule to hold, or not to hold any more."""
    now = rule.ask(tally, scheme).holds
    for number in range(1, tally.number(pick) + 1):
        if rule.ask(tally.moved(pick, to, number), scheme).holds is not now:
            return number
    return None


def to_red(group: Group) -> Group:
    """Return the group of a milestone whose deadline has passed without completion."""
    return Group(Colour.RED, When.DUE, group.critical)


def to_blue(group: Group) -> Group:
    """Return the group of a milestone once it is completed and signed off."""
    return Group(Colour.BLUE, group.when, group.critical)


def to_amber(group: Group) -> Group:
    """Return the group of a milestone once it is likely to miss its deadline."""
    return Group(Colour.AMBER, group.when, group.critical)


def could_turn_red(group: Group) -> bool:
    """Return whether a milestone was due to date, is not finished and not Red."""
    return group.due and group.unfinished and group.colour is not Colour.RED


def could_pass(group: Group) -> bool:
    """Return whether a milestone has a deadline ahead, is not finished and not Red."""
    return group.unfinished and group.when is When.LATER and group.colour is not Colour.RED


def could_turn_amber(group: Group) -> bool:
    """Return whether a milestone is Green or Grey."""
    return group.colour in (Colour.GREEN, Colour.GREY)


def _only(pick: Pick, critical: bool) -> Pick:
    return lambda group: pick(group) and group.critical is critical


def _count(number: int, noun: str, more: bool) -> str:
    words = "One" if number == 1 else str(number)
    return f"{words}{' more' if more else ''} {noun}{'' if number == 1 else 's'}"


def _red_of_due(number: int, tally: Tally) -> str:
    more = tally.number(lambda group: group.due and group.colour is Colour.RED) > 0
    return f"{_count(number, 'Red', more)} of those due to date"


def _passing(number: int, tally: Tally) -> str:
    return f"{_count(number, 'deadline', tally.counts.red > 0)} passing without completion or an agreed new date"


def _amber(number: int, tally: Tally) -> str:
    return f"{_count(number, 'Amber', tally.counts.amber > 0)} of those unfinished"


def _steps(rules: Sequence[RollupRule]) -> list[_Step]:
    shares = any(rule.number == "P2" for rule in rules)  # a critical milestone weighs more only there
    if not shares:
        return [
            _Step(could_turn_red, to_red, _red_of_due),
            _Step(could_pass, to_red, _passing),
            _Step(could_turn_amber, to_amber, _amber),
        ]
    return [
        _Step(_only(could_turn_red, False), to_red, _red_of_due),
        _Step(_only(could_pass, False), to_red, _passing),
        _Step(
            lambda group: group.critical and (could_turn_red(group) or could_pass(group)),
            to_red,
            lambda number, tally: f"{_count(number, 'critical milestone', False)} turning Red",
        ),
        _Step(_only(could_turn_amber, False), to_amber, _amber),
        _Step(
            _only(could_turn_amber, True),
            to_amber,
            lambda number, tally: f"{_count(number, 'critical milestone', False)} turning Amber",
        ),
    ]


def _worse(step: _Step, rules: Sequence[RollupRule], tally: Tally, scheme: Scheme, now: Colour) -> RollupChange | None:
    for number in range(1, tally.number(step.pick) + 1):
        then = decide(rules, tally.moved(step.pick, step.to, number), scheme).rule.colour
        if RANK[then] < RANK[now]:
            sentence = f"{step.say(number, tally)} would make it {NAMES[then]}."
            return RollupChange(sentence, then, (Move(step.pick, step.to, number),))
    return None


def _better(rules: Sequence[RollupRule], tally: Tally, scheme: Scheme, now: Colour) -> RollupChange | None:
    """Return the least that has to be completed: what weighs most first, until the colour is a better one."""
    order: list[tuple[str, Pick]] = [
        ("critical Red", lambda group: group.colour is Colour.RED and group.critical),
        ("Red", lambda group: group.colour is Colour.RED and group.due),
        ("Red", lambda group: group.colour is Colour.RED),
        ("critical Amber", lambda group: group.colour is Colour.AMBER and group.critical),
        ("Amber", lambda group: group.colour is Colour.AMBER),
        ("unfinished milestone", lambda group: group.unfinished),
    ]
    moved, done = tally, list[tuple[str, int, int]]()
    moves: list[Move] = []
    for name, pick in order:
        there = moved.number(pick)
        if there:
            done.append((name, 0, there))
            moves.append(Move(pick, to_blue, 0))
        for number in range(1, there + 1):
            moved = moved.moved(pick, to_blue, 1)
            done[-1], moves[-1] = (name, number, there), Move(pick, to_blue, number)
            then = decide(rules, moved, scheme).rule.colour
            if RANK[then] > RANK[now]:
                sentence = f"{_completing(done)} would make it {NAMES[then]}."
                return RollupChange(sentence, then, tuple(moves))
    return None


def _completing(done: Sequence[tuple[str, int, int]]) -> str:
    """Return "The last Red and 2 of 5 Ambers being completed and signed off"."""
    together: dict[str, tuple[int, int]] = {}
    for name, number, there in done:
        before = together.get(name, (0, 0))
        together[name] = (before[0] + number, before[1] + there)
    parts: list[str] = []
    for name, (number, there) in together.items():
        other = "other " if parts and name.startswith("unfinished") else ""
        if number == there:
            every = {1: "the last", 2: "both"}.get(there, f"all {there}")
            parts.append(f"{every} {other}{name}{'' if there == 1 else 's'}")
        else:
            parts.append(f"{'one' if number == 1 else number} of the {there} {other}{name}s")
    words = ", ".join(parts[:-1]) + (" and " if len(parts) > 1 else "") + parts[-1]
    return f"{words[0].upper()}{words[1:]} being completed and signed off"


def _reopened(rules: Sequence[RollupRule], tally: Tally, scheme: Scheme) -> RollupChange:
    def pick(group: Group) -> bool:
        return group.colour is Colour.BLUE

    def to(group: Group) -> Group:
        return Group(Colour.GREEN, group.when, group.critical)

    then = decide(rules, tally.moved(pick, to, 1), scheme).rule.colour
    sentence = "One sign-off being revoked, or one milestone added, would end it: Blue stands only over all Blue."
    return RollupChange(sentence, then, (Move(pick, to, 1),))


def _begun(rules: Sequence[RollupRule], tally: Tally, scheme: Scheme) -> RollupChange:
    def pick(group: Group) -> bool:
        return group.colour is Colour.GREY

    def to(group: Group) -> Group:
        return Group(Colour.GREEN, group.when, group.critical)

    then = decide(rules, tally.moved(pick, to, 1), scheme).rule.colour
    return RollupChange(f"One of them being started would make it {NAMES[then]}.", then, (Move(pick, to, 1),))
