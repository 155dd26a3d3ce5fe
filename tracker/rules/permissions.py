"""Who may do what: the one table that services, screens and tests ask (domain, section 8). Default deny."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.rules.errors import NotPermitted


class Role(StrEnum):
    """What a person is to one plan."""

    LEAD = "lead"
    MANAGER = "manager"
    BOARD = "board"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Act(StrEnum):
    """Something that a person does; the value completes "You may not ..."."""

    SEE = "see this plan"
    UPDATE = "update this milestone"
    CLAIM = "claim this completion"
    REQUEST_DATE = "ask for a new date"
    PUT_TO_BOARD = "put this to the board"
    DECIDE_COMPLETION = "approve or return this completion"
    DECIDE_DATE = "decide this new date"
    OVERRIDE = "override this colour"
    KEEP = "record this commitment"
    KEEP_REGISTERS = "keep the registers and measures of this plan"
    ACCEPT = "accept this commitment for the board"
    IMPORT = "import into this plan"
    EDIT = "edit this plan"
    ADOPT = "adopt a new version of this plan"
    REPORT = "download reports of this plan"
    WHAT_IF = "try changes on this plan"
    READ_LEDGER = "read the history of this plan"
    VERIFY = "verify this plan's ledger"
    CREATE_PLAN = "create a plan"
    SEE_PEOPLE = "see people and posts"
    MANAGE_PEOPLE = "manage people and posts"
    READ_SECURITY = "read the security log"
    CHOOSE_SCHEME = "choose the rating scheme of this plan"
    MANAGE_SCHEMES = "edit rating schemes"
    RUN_JOBS = "see and run the jobs of the worker"
    SEE_BOARDS = "see boards"
    MANAGE_BOARDS = "edit boards and their meetings"
    READ_PACK = "read the packs of this plan"
    PREPARE_PACK = "prepare packs of this plan"
    ISSUE_PACK = "freeze or issue packs of this plan"
    MINUTE = "minute what a meeting decided on this plan"
    CHASE = "chase the leads of this plan"
    MANAGE_WEBHOOKS = "see and change the webhooks"
    CHOOSE_TEMPLATE = "choose the Word document that reports of the council are made on"
    MANAGE_OUTBOX = "see and settle the messages of the outbox"
    MANAGE_MESSAGES = "choose how people are told"


class Scope(StrEnum):
    """How far a permission reaches: the whole plan, or only what the person's posts lead."""

    ALL = "all"
    OWN = "own"


_EVERY_ROLE = dict.fromkeys(Role, Scope.ALL)

TABLE: Mapping[Act, Mapping[Role, Scope]] = {
    Act.SEE: _EVERY_ROLE,
    Act.UPDATE: {Role.LEAD: Scope.OWN, Role.MANAGER: Scope.ALL},
    Act.CLAIM: {Role.LEAD: Scope.OWN, Role.MANAGER: Scope.ALL},
    Act.REQUEST_DATE: {Role.LEAD: Scope.OWN, Role.MANAGER: Scope.ALL},
    Act.PUT_TO_BOARD: {Role.LEAD: Scope.OWN, Role.MANAGER: Scope.ALL},
    Act.DECIDE_COMPLETION: {Role.MANAGER: Scope.ALL},
    Act.DECIDE_DATE: {Role.MANAGER: Scope.ALL},
    Act.OVERRIDE: {Role.MANAGER: Scope.ALL},
    Act.KEEP: {Role.LEAD: Scope.OWN, Role.MANAGER: Scope.ALL},
    Act.KEEP_REGISTERS: {Role.MANAGER: Scope.ALL},
    Act.ACCEPT: {Role.MANAGER: Scope.ALL},
    Act.IMPORT: {Role.MANAGER: Scope.ALL},
    Act.EDIT: {Role.MANAGER: Scope.ALL},
    Act.ADOPT: {Role.MANAGER: Scope.ALL},
    Act.REPORT: _EVERY_ROLE,
    Act.WHAT_IF: dict.fromkeys((Role.LEAD, Role.MANAGER, Role.BOARD, Role.AUDITOR), Scope.ALL),
    Act.READ_LEDGER: {
        Role.LEAD: Scope.OWN,
        Role.MANAGER: Scope.ALL,
        Role.AUDITOR: Scope.ALL,
        Role.ADMINISTRATOR: Scope.ALL,
    },
    Act.VERIFY: {Role.MANAGER: Scope.ALL, Role.AUDITOR: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Act.CREATE_PLAN: {Role.MANAGER: Scope.ALL},
    Act.SEE_PEOPLE: {Role.MANAGER: Scope.ALL, Role.AUDITOR: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Act.MANAGE_PEOPLE: {Role.ADMINISTRATOR: Scope.ALL},
    Act.READ_SECURITY: {Role.AUDITOR: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Act.CHOOSE_SCHEME: {Role.MANAGER: Scope.ALL},
    Act.MANAGE_SCHEMES: {Role.ADMINISTRATOR: Scope.ALL},
    Act.RUN_JOBS: {Role.MANAGER: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Act.SEE_BOARDS: _EVERY_ROLE,
    Act.MANAGE_BOARDS: {Role.MANAGER: Scope.ALL, Role.ADMINISTRATOR: Scope.ALL},
    Act.READ_PACK: _EVERY_ROLE,
    Act.PREPARE_PACK: {Role.MANAGER: Scope.ALL},
    Act.ISSUE_PACK: {Role.MANAGER: Scope.ALL},
    Act.MINUTE: {Role.MANAGER: Scope.ALL},
    Act.CHASE: {Role.MANAGER: Scope.ALL},
    Act.MANAGE_WEBHOOKS: {Role.ADMINISTRATOR: Scope.ALL},
    Act.CHOOSE_TEMPLATE: {Role.ADMINISTRATOR: Scope.ALL},
    Act.MANAGE_OUTBOX: {Role.ADMINISTRATOR: Scope.ALL},
    Act.MANAGE_MESSAGES: {Role.ADMINISTRATOR: Scope.ALL},
}


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, or the system, with what the plans know of them today.

    `roles` maps a plan's id to the person's roles on it; `posts` are the ids of posts held or deputised for.
    `label` is what the ledger writes: the post where there is one, otherwise the name of the account.
    """

    person_id: int | None
    label: str
    posts: frozenset[int] = frozenset()
    roles: Mapping[int, frozenset[Role]] = field(default_factory=dict)
    administrator: bool = False
    system: bool = False

    def roles_on(self, plan_id: int | None) -> frozenset[Role]:
        """Return the roles on one plan, or on any plan for None."""
        if plan_id is None:
            found = frozenset(role for roles in self.roles.values() for role in roles)
        else:
            found = self.roles.get(plan_id, frozenset())
        return found | {Role.ADMINISTRATOR} if self.administrator else found


SYSTEM = Actor(person_id=None, label="The tracker", system=True)


def scope(actor: Actor, act: Act, plan_id: int | None) -> Scope | None:
    """Return how far the actor's roles reach for an act, None if not at all."""
    found = {TABLE[act].get(role) for role in actor.roles_on(plan_id)}
    if actor.system or Scope.ALL in found:
        return Scope.ALL
    return Scope.OWN if Scope.OWN in found else None


def allowed(actor: Actor, act: Act, plan_id: int | None, *, own: bool = False) -> bool:
    """Return whether the actor may do the act; `own` says that one of their posts leads the object."""
    reach = scope(actor, act, plan_id)
    return reach is Scope.ALL or (reach is Scope.OWN and own)


def permit(actor: Actor, act: Act, plan_id: int | None, *, own: bool = False) -> None:
    """Raise NotPermitted with a sentence unless the actor may do the act."""
    if not allowed(actor, act, plan_id, own=own):
        raise NotPermitted(f"You may not {act.value} with the roles you have. Ask the improvement manager.")
