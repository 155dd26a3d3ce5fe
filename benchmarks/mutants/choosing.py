"""Which tests should catch which mutant: those that come to the check, the quickest first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.mutants.places import Mutant
from benchmarks.mutants.watching import BY_HAND, Seen

_DOORS = "tests/test_doors.py"
_STATED = f"{_DOORS}::test_a_route_that_states_no_act_is_about_whoever_asks"
_PUBLIC = f"{_DOORS}::test_no_door_is_public_that_the_matrix_keeps_from_strangers"
_RULES = "tests/rules/test_permissions.py"
_VIEWS = "tests/views"
_KEPT = f"{_VIEWS}/test_forms.py::test_what_a_request_wrote_is_kept_only_if_it_was_not_refused"
BY_KIND: Mapping[str, Sequence[str]] = {
    "needs": (_STATED, _DOORS),
    "signed-in": (_PUBLIC, _DOORS),
    "table": (_RULES, _DOORS),
    "reach": (_RULES, _DOORS),
    "door": (_KEPT, f"{_VIEWS}/test_security.py", _DOORS, f"{_VIEWS}/test_forged.py", f"{_VIEWS}/test_writing.py"),
    "session": (f"{_VIEWS}/test_security.py", f"{_VIEWS}/test_register.py", f"{_VIEWS}/test_addresses.py", _DOORS),
    "commit": (_KEPT, f"{_VIEWS}/test_forms.py", f"{_VIEWS}/test_writing.py"),
}
"""Where a check has no one place that a test comes to."""

BITES = frozenset({"permit", "guard", "version", "allowed", "duty", "refusal", "raise", "form"})
"""Kinds that change nothing where they refuse nothing, so that a test in which they refuse nothing cannot tell."""
LONGEST = 90.0
"""Seconds of tests, as they were watched, that one mutant may take."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The tests for one mutant in their order, how long they should take in seconds, and how many more there are."""

    tests: tuple[str, ...]
    seconds: float
    left: int = 0


def choose(mutant: Mutant, seen: Sequence[Seen], killer: str = "") -> Choice:
    """Return the tests for a mutant: the one that killed it before, if any, then the quickest that could."""
    if mutant.kind in BY_HAND:
        # Of a table's cell the persona is in the name of the test: these first.
        role = f"{mutant.function.rpartition('Role.')[2].lower()}]" if mutant.kind == "table" else ""
        by_name = [test for test in seen if any(_named(test.test, name) for name in BY_KIND[mutant.kind])]
        able = sorted(
            by_name, key=lambda test: (bool(role) and role not in test.test, _place(mutant, test), test.seconds)
        )
    else:
        able = [test for test in seen if mutant.name in test.bit]
        if mutant.kind not in BITES:
            able += [test for test in seen if mutant.name in test.reached - test.bit]
        stem = Path(mutant.path).stem
        able.sort(key=lambda test: (mutant.name not in test.bit, test.seconds * (1 if stem in test.test else 3)))
    able.sort(key=lambda test: test.test != killer)
    chosen: list[str] = []
    seconds = 0.0
    for test in able:
        if chosen and seconds + test.seconds > LONGEST:
            break
        chosen.append(test.test)
        seconds += test.seconds
    return Choice(tuple(chosen), seconds, len(able) - len(chosen))


def _place(mutant: Mutant, test: Seen) -> int:
    return next(at for at, name in enumerate(BY_KIND[mutant.kind]) if _named(test.test, name))


def _named(test: str, name: str) -> bool:
    return test == name or test.startswith((f"{name}::", f"{name}["))
