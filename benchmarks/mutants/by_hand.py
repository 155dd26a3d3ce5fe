"""The few checks that have no shape of their own, and the mutants that change nothing that anybody could see."""

from __future__ import annotations

_GUARDS, _PERMISSIONS = "tracker/views/guards.py", "tracker/rules/permissions.py"

BY_HAND: tuple[tuple[str, str, str, str], ...] = (
    (_GUARDS, "door", "if policy.public:", "if True:"),
    (_GUARDS, "door", "if request.endpoint is None:", "if True:"),
    (_GUARDS, "session", "found.disabled or ", ""),
    (_GUARDS, "session", " or found.session_epoch != int(epoch)", ""),
    (_GUARDS, "session", "    session.clear()\n    login_user(", "    login_user("),
    (_GUARDS, "commit", "if response.status_code < 400 and not g.get(\"failed\"):", "if True:"),
    (_PERMISSIONS, "reach", "actor.system or Scope.ALL in found", "True"),
    (_PERMISSIONS, "reach", "(reach is Scope.OWN and own)", "reach is Scope.OWN"),
    (_PERMISSIONS, "reach", "self.roles.get(plan_id, frozenset())", "frozenset().union(*self.roles.values())"),
    (_PERMISSIONS, "reach", "if self.administrator else found", "if True else found"),
)  # fmt: skip
"""File, kind, what stands there once, what stands there in the mutant."""

EQUIVALENT: dict[str, str] = {
    "views/versions:undo_adoption:refusal": "The service that is asked next refuses the same in the same words.",
}
"""Name of a mutant to why it changes nothing: it is listed, and not run. Better is a source without such a check."""
