"""Who leads where a plan says it only in its sentences: "The Cabinet Office will publish ...", "RB to check ..."."""

from __future__ import annotations

import re

from tracker.imports.builder import Builder
from tracker.imports.words import begins_with_verb, names_a_post, words
from tracker.rules.document import ActionLine, LeadLine, PlanDocument

_JOINED = r"(?:,? (?:(?:of|and|for|the|to|in|on|with|&) ){0,2}\(?[A-Z][\w’'&/()-]*)"
_SAYS_WHO = re.compile(
    r"(?:(?:As|In|By|From|During|At|Over|Following|After|Through|With)\b[^,.:;]{2,50}, "
    r"|(?:By|In|During) .{3,40}?\d{4} )?"
    rf"(?:[Tt]he |[Oo]ur )?(?P<name>[A-Z][\w’'&/-]*{_JOINED}{{0,11}}?),? "
    r"(?:will|shall|should|must|(?:is |are )?to)(?:, (?:by|before|in|during|from) [^,.;]{3,40},)?"
    r"(?: also| then| now| continue to| work to)? "
    r"(?P<verb>[a-z]+(?:-[a-z]+)?)\b"
)
_TOLD = re.compile(rf"(?:The )?(?P<name>[A-Z][\w’'&/-]*{_JOINED}{{0,6}}?) to (?P<verb>[a-z]+(?:-[a-z]+)?)\b")
_POST_TOLD = re.compile(r"(?:The )?(?P<name>[A-Z][\w’'&/ -]{2,50}?) (?:to|will|shall) (?P<verb>[a-z]+(?:-[a-z]+)?)\b")
_ACTS = frozenset({"action", "aim", "commitment", "continue", "how", "need", "plan", "plans", "proposal", "work"})
_NOBODY = re.compile(r"(?:We|You|I|It|They|This|That|These|Those|There|All|Any|Each|Every|Both|Some|Most|No|If|When)\b")
_SHORT = re.compile(r"\b[a-z]?[A-Z]\w?[A-Z]\w*\b")  # "DU", "DfE", "NHSE"


def take_leads_of_sentences(builder: Builder) -> None:
    """Give actions the leads that their sentences begin with, where nothing else in a plan says who leads.

    Most of its actions must begin with posts, bodies or initials, or with anybody who is told to do something, or a
    fourth of them where the others say what to do ("We will ..."): one sentence that does may speak of anybody.
    """
    actions = _unled(builder.document)
    named = [(action, name) for action in actions if (name := who_acts(action.text) or who_is_told(action.text))]
    sure = [name for action, name in named if _SHORT.search(name) or names_a_post(name) or who_is_told(action.text)]
    nobody = sum(_says_nobody(each.text) for each in actions) if len(sure) * 4 >= len(actions) else 0
    most = len(sure) * 5 >= 3 * len(actions) or (nobody + len(sure)) * 5 >= 4 * len(actions)
    if len(sure) < 2 or not most or (len({*sure}) == 1 and " " not in sure[0]):
        return  # what "The Department" should do throughout is told to the whole of it
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
    return name if " " in name or _SHORT.fullmatch(name) or names_a_post(name) else ""


def who_is_told(text: str) -> str:
    """Return who is told to do something in a note of a meeting, "" if nobody: "Janet to ask the partners"."""
    found = _TOLD.match(text) or _POST_TOLD.match(text)
    if found is not None and found.re is _POST_TOLD and not _ends_in_post(found["name"]):
        return ""
    named = found is not None and found["verb"] in words().verbs and found["name"].split()[0].lower() not in _ACTS
    return found["name"] if found is not None and named and not begins_with_verb(text) else ""


def _says_nobody(text: str) -> bool:
    """Return whether a sentence says what to do, and nobody but us: "Buy new tests", "We will fly the flag"."""
    return begins_with_verb(text) or re.match(r"we (?:will|shall) ", text, re.I) is not None


def _ends_in_post(name: str) -> bool:
    """Return whether words name a post in small letters: "Line managers", "Heads of faculty", "Board members"."""
    last = name.partition(" of ")[0].split()[-1]
    return words().posts.search(last) is not None or last in ("members", "colleagues", "partners")


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
