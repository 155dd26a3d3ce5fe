"""Who leads where a plan says it only in its sentences: "The Cabinet Office will publish ...", "RB to check ..."."""

from __future__ import annotations

import re

from tracker.imports.builder import Builder
from tracker.imports.words import names_a_post, words
from tracker.rules.document import ActionLine, LeadLine, PlanDocument

_JOINED = r"(?:,? (?:(?:of|and|for|the|to|in|on|with|&) ){0,2}[A-Z][\w’'&/()-]*)"
_SAYS_WHO = re.compile(
    r"(?:(?:As|In|By|From|During|At|Over|Following|After|Through|With)\b[^,.:;]{2,50}, )?"
    rf"(?:[Tt]he |[Oo]ur )?(?P<name>[A-Z][\w’'&/-]*{_JOINED}{{0,11}}?),? "
    r"(?:will|shall|should|must|(?:is |are )?to)(?: also| then| now| continue to| work to)? "
    r"(?P<verb>[a-z]+(?:-[a-z]+)?)\b"
)
_NOBODY = re.compile(r"(?:We|You|I|It|They|This|That|These|Those|There|All|Any|Each|Every|Both|Some|Most|No|If|When)\b")
_SHORT = re.compile(r"\b[a-z]?[A-Z]\w?[A-Z]\w*\b")  # "DU", "DfE", "NHSE"


def take_leads_of_sentences(builder: Builder) -> None:
    """Give actions the leads that their sentences begin with, where nothing else in a plan says who leads.

    Most of its actions must begin with posts, bodies or initials: one sentence that does may speak of anybody.
    """
    actions = _unled(builder.document)
    named = [(action, name) for action in actions if (name := who_acts(action.text))]
    sure = [name for _, name in named if _SHORT.search(name) or names_a_post(name)]
    if len(sure) < 2 or len(sure) * 5 < 3 * len(actions):
        return
    for action, name in named:
        action.leads = [LeadLine(name)]
    builder.problem(
        builder.filename,
        f"No column says who leads; {len(named)} leads were taken from the beginnings of the sentences.",
        "Check them in the plan.",
    )


def who_acts(text: str) -> str:
    """Return the name of who a sentence says will do something, "" if it names none."""
    found = _SAYS_WHO.match(text)
    if found is None or found["verb"] not in words().verbs or _NOBODY.match(found["name"]):
        return ""
    name = found["name"]
    return name if " " in name or _SHORT.fullmatch(name) else ""


def _unled(document: PlanDocument) -> list[ActionLine]:
    """Return the actions of a plan in which nobody leads anything, [] for another one."""
    actions: list[ActionLine] = []
    for area in document.priorities:
        for stream in area.workstreams:
            named = [
                stream.leads,
                *(each.leads for each in stream.actions),
                *(each.leads for each in stream.milestones),
            ]
            if any(named):
                return []
            actions += stream.actions
    return actions
