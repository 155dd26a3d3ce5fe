"""The posts that lead, as a document names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from tracker.models import LeadAssignment, LedgerEntry, Organisation, Post
from tracker.rules.document import LeadLine
from tracker.rules.text import clean, fold
from tracker.services.plan_outcomes import Choice
from tracker.services.plan_run import Run

UNNAMED = "Organisation not named"
QUESTION = "lead changed"
_CHOICES = (
    Choice("replace", "The file is right: let it lead from now on"),
    Choice("add", "Both lead"),
    Choice("keep", "Keep who leads now"),
)


class Leads:
    """Who leads what: posts are found by title and organisation, or made."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.posts: dict[tuple[str, str], Post] = {}
        self.here: dict[str, Post] = {}  # by title, those that lead in this plan
        self.by_id: dict[int, Post] = {}
        query = select(Post, Organisation.name).join(Organisation, Organisation.id == Post.organisation_id)
        for post, organisation in run.session.execute(query.order_by(Post.id)):
            self.posts[fold(post.title), fold(organisation)] = self.by_id[post.id] = post
        for row in run.all(LeadAssignment):
            self.here.setdefault(fold(self.by_id[row.post_id].title), self.by_id[row.post_id])
        self._from_document: set[int] | None = None

    def assign(self, line: Any, row: Any, what: str, ref: str) -> None:
        """Let the posts that a line names lead a workstream, an action or a milestone.

        One that leads alone is accountable. Of several, the one of which the document says so is; where it says so of
        none, nobody is, and the data-quality list asks. Where somebody leads already and the file names somebody
        else, a person decides; a post that a person has taken off stays off.
        """
        named = [lead for lead in line.leads if clean(lead.post)]
        if not named:
            return
        key = _key(row)
        known = self.run.below(LeadAssignment, key)
        if not known:
            self._add(named, key, known)
            return
        there = {one.post_id: one for one in known}
        posts = [self.find(lead) for lead in named]
        new = [lead for lead, post in zip(named, posts, strict=True) if post is None or post.id not in there]
        ids = {post.id for post in posts if post is not None}
        left = [one for one in known if one.ended is None and one.post_id not in ids and self._by_document(one)]
        taken_off = any(key in there and there[key].ended is not None for key in ids)
        if not new and (taken_off or not left):
            return
        active = [one for one in known if one.ended is None]
        if new and not taken_off and all(one.post_id in ids for one in active):
            self._add(new, key, known)  # all who lead are named, and more
            names = ", ".join(clean(lead.post) for lead in new)
            said, part = f"Leads as well: {names}.", self.run.key_of(line, "leads")
            self.run.note("changed", "lead", ref, f"{what} {ref}", said, line=line, key=part, after=names)
            return
        before = ", ".join(self.by_id[one.post_id].title for one in known if one.ended is None) or "nobody"
        after = ", ".join(clean(lead.post) for lead in named)
        asked = {"before": before, "after": after, "detail": f"Led by {before} now; the file says {after}."}
        part = self.run.key_of(line, "leads")
        choices = _CHOICES if new else (_CHOICES[0], _CHOICES[2])
        value = self.run.ask(QUESTION, choices, "lead", ref, f"{what} {ref}", line=line, key=part, **asked)
        if value not in {"replace", "add"}:
            return
        if value == "replace":
            for one in [one for one in known if one.ended is None and one.post_id not in ids]:
                verb = f"ended the lead of {self.by_id[one.post_id].title[:40]} on {what} {ref}"[:120]
                self.run.recorder.change(one, verb, {"ended": self.run.recorder.today}, "The plan's document says so.")
        if value == "add":
            self.run.kept[part] = [QUESTION, after, "keep"]  # the file goes on naming only one of them
        self._add(new, key, known)
        said = (
            f"Led by {after} from now on; it was {before}." if value == "replace" else f"Led by {before} and {after}."
        )
        self.run.note("changed", "lead", ref, f"{what} {ref}", said, line=line, key=part, before=before, after=after)

    def _add(self, lines: Sequence[LeadLine], key: tuple[int | None, ...], known: Sequence[LeadAssignment]) -> None:
        posts = [(self._post(line), line) for line in lines]
        leading = {row.post_id for row in known if row.ended is None}
        alone = len(leading | {post.id for post, _ in posts}) == 1
        for post, line in posts:
            if any(row.post_id == post.id for row in known):
                continue
            taken = any(row.accountable and row.ended is None for row in known)
            row = LeadAssignment(
                plan_id=self.run.plan.id,
                workstream_id=key[0],
                action_id=key[1],
                milestone_id=key[2],
                post_id=post.id,
                accountable=(line.accountable or alone) and not taken,
                organisation_named=bool(clean(line.organisation)),
                position=len(known) + 1,
            )
            self.run.add_later(row, key)

    def of(self, row: Any) -> Sequence[LeadAssignment]:
        """Return who leads something, or led it."""
        return self.run.below(LeadAssignment, _key(row))

    def _by_document(self, row: LeadAssignment) -> bool:
        """Return whether a document named a lead, and not a person."""
        if self._from_document is None:
            query = select(LedgerEntry.subject_id).where(
                LedgerEntry.plan_id == self.run.plan.id,
                LedgerEntry.subject_type == LeadAssignment.__tablename__,
                LedgerEntry.verb == "added",
            )
            self._from_document = set(self.run.session.scalars(query))
        return row.id in self._from_document

    def find(self, line: LeadLine) -> Post | None:
        """Return the post of a line, None if there is none yet.

        Where it names no organisation, it is that of this plan, or the plan's own. Never that of another plan: a post
        of the same title elsewhere is somebody else's.
        """
        title, organisation = clean(line.post), clean(line.organisation)
        known = None if organisation else self.here.get(fold(title))
        return known or self.posts.get((fold(title), fold(organisation or self.run.plan.organisation or UNNAMED)))

    def _post(self, line: LeadLine) -> Post:
        """Return the post of a line; it is made if it is not there."""
        title, organisation = clean(line.post), clean(line.organisation)
        known = self.find(line)
        if known is None:
            name = organisation or self.run.plan.organisation or UNNAMED
            known = Post(title=title, organisation_id=self._organisation(name).id)
            self.run.session.add(known)
            self.run.session.flush()
            self.posts[fold(title), fold(name)] = self.by_id[known.id] = known
        self.here.setdefault(fold(title), known)
        return known

    def _organisation(self, name: str) -> Organisation:
        known = self.run.session.scalar(select(Organisation).where(Organisation.name == name))
        if known is None:
            known = Organisation(name=name)
            self.run.session.add(known)
            self.run.session.flush()
        return known


def _key(row: Any) -> tuple[int | None, int | None, int | None]:
    kind = row.__tablename__
    first, second, third = (row.id if kind == name else None for name in ("workstream", "action", "milestone"))
    return first, second, third
