"""Which tests should catch which mutant: a table where the names do not say it, otherwise what the names say."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from benchmarks.mutants.places import Mutant

_DOORS = "tests/test_doors.py"
_STATES = "tests/views/test_states.py"
_TWICE = "tests/views/test_twice.py"
_FORGED = "tests/views/test_forged.py"
_ROUTES = "tests/test_routes.py"
_HIDDEN = (
    f"{_ROUTES}::test_a_plan_that_one_may_not_see_looks_like_one_that_is_not_there",
    f"{_ROUTES}::test_a_milestone_of_a_plan_that_one_may_not_see_looks_like_one_that_is_not_there",
)
_RULES = "tests/rules/test_permissions.py"
_SERVICES, _VIEWS = "tests/services", "tests/views"

BY_KIND: dict[str, tuple[str, ...]] = {
    "needs": (_DOORS,),
    "signed-in": (_DOORS,),
    "table": (_DOORS, _RULES),
    "reach": (_RULES, _DOORS),
    "door": (_DOORS, _FORGED, f"{_VIEWS}/test_writing.py", f"{_VIEWS}/test_security.py"),
    "session": (_DOORS, f"{_VIEWS}/test_manager.py", f"{_VIEWS}/test_addresses.py"),
    "commit": (f"{_VIEWS}/test_forms.py", f"{_VIEWS}/test_writing.py"),
}
"""Where the kind alone decides."""

BY_FILE: dict[str, tuple[str, ...]] = {
    "tracker/rules/permissions.py": (_RULES, _DOORS),
    "tracker/rules/signature.py": ("tests/rules/test_signature.py",),
    "tracker/services/completion.py": (f"{_SERVICES}/test_completion.py", f"{_SERVICES}/test_sign_off.py"),
    "tracker/services/deadlines.py": (f"{_SERVICES}/test_deadlines.py", f"{_SERVICES}/test_meetings.py"),
    "tracker/services/signatures.py": (f"{_SERVICES}/test_sign_off.py", f"{_SERVICES}/test_completion.py"),
    "tracker/services/evidence.py": (f"{_SERVICES}/test_sign_off.py", f"{_SERVICES}/test_completion.py"),
    "tracker/services/evidence_files.py": (f"{_VIEWS}/test_files.py", f"{_VIEWS}/test_forms.py"),
    "tracker/services/attestation.py": (f"{_SERVICES}/test_commitments.py", f"{_VIEWS}/test_recurring.py"),
    "tracker/services/plan_ends.py": (f"{_SERVICES}/test_meetings.py",),
    "tracker/services/plans.py": (f"{_VIEWS}/test_manager.py", f"{_VIEWS}/test_forms.py"),
    "tracker/services/milestones.py": (
        f"{_SERVICES}/test_milestones.py",
        f"{_SERVICES}/test_updates.py",
        f"{_SERVICES}/test_concurrency.py",
    ),
    "tracker/services/import_batches.py": (f"{_VIEWS}/test_files.py", f"{_VIEWS}/test_manager.py"),
    "tracker/services/importing.py": (f"{_SERVICES}/test_plan_writer.py", f"{_VIEWS}/test_files.py"),
    "tracker/services/plan_milestones.py": (f"{_SERVICES}/test_sign_off.py", f"{_SERVICES}/test_plan_milestones.py"),
    "tracker/services/ledger.py": (f"{_SERVICES}/test_ledger.py", f"{_SERVICES}/test_verification.py"),
    "tracker/views/guards.py": (
        _DOORS,
        f"{_VIEWS}/test_security.py",
        f"{_ROUTES}::test_a_route_that_states_nothing_answers_nobody",
    ),
    "tracker/views/auth.py": (f"{_VIEWS}/test_addresses.py",),
    "tracker/views/commitments.py": (f"{_VIEWS}/test_offers.py", f"{_VIEWS}/test_recurring.py"),
    "tracker/views/deadlines.py": (f"{_VIEWS}/test_governance.py",),
    "tracker/views/decisions.py": (f"{_VIEWS}/test_governance.py", f"{_VIEWS}/test_manager.py"),
    "tracker/views/evidence.py": (f"{_VIEWS}/test_files.py", f"{_VIEWS}/test_governance.py"),
    "tracker/views/imports.py": (f"{_VIEWS}/test_manager.py", f"{_VIEWS}/test_files.py"),
    "tracker/views/mine.py": (f"{_VIEWS}/test_lead.py",),
    "tracker/views/plan_settings.py": (f"{_VIEWS}/test_manager.py", f"{_VIEWS}/test_forms.py"),
    "tracker/views/plans.py": (f"{_VIEWS}/test_offers.py", f"{_VIEWS}/test_readers.py"),
    "tracker/views/reports.py": (f"{_VIEWS}/test_manager.py", f"{_VIEWS}/test_readers.py"),
    "tracker/app.py": (_DOORS, _FORGED, f"{_VIEWS}/test_writing.py"),
}
"""Where another name than the module's own is to be asked first."""

LAST = {
    "views": (f"{_VIEWS}/test_offers.py", *_HIDDEN, _STATES, _TWICE),
    "services": (f"{_SERVICES}/test_refusals.py", _STATES, _TWICE),
}
"""What every mutant of a room is shown at the end."""

SLOW = {
    *(f"{_VIEWS}/test_{name}.py" for name in ("addresses", "writing", "security", "statements")),
    *(f"{_SERVICES}/test_{name}.py" for name in ("demonstration", "histories", "seeds")),
}
"""Modules that are never chosen by a name alone."""


def tests_for(root: Path, mutant: Mutant) -> tuple[str, ...]:
    """Return the test modules for a mutant, the likeliest first; only those that the tree has."""
    chosen = [*BY_KIND.get(mutant.kind, ())]
    if mutant.kind not in {"needs", "signed-in", "table"}:
        room, module = Path(mutant.path).parent.name, Path(mutant.path).stem
        own = f"tests/{room}/test_{module}.py"
        chosen += [*BY_FILE.get(mutant.path, ()), own]
        if mutant.path not in BY_FILE and not (root / own).is_file():
            chosen += [path for path in _naming(root, room, module) if path not in SLOW]
        chosen += LAST.get(room, ())
    return tuple(path for path in dict.fromkeys(chosen) if (root / path.partition("::")[0]).is_file())


@cache
def _naming(root: Path, room: str, module: str) -> tuple[str, ...]:
    """Return the test modules of a room that name a module or its page."""
    folder = root / "tests" / room
    if room not in {"services", "views"} or not folder.is_dir():
        return ()
    words = {module, module.removesuffix("s"), module.replace("_", "-")}
    pattern = re.compile(rf"\b({'|'.join(sorted(map(re.escape, words)))})\b")
    named = [path for path in sorted(folder.glob("test_*.py")) if pattern.search(path.read_text(encoding="utf-8"))]
    return tuple(path.relative_to(root).as_posix() for path in named)
