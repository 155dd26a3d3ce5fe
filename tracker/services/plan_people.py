"""The posts that lead, as a document names them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from tracker.models import LeadAssignment, Organisation, Post
from tracker.rules.document import LeadLine
from tracker.rules.text import clean, fold
from tracker.services.plan_matching import Run

UNNAMED = "Organisation not named"


class Leads:
    """Who leads what: posts are found by title and organisation, or made."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.posts: dict[tuple[str, str], Post] = {}
        self.here: dict[str, Post] = {}  # by title, those that lead in this plan
        query = select(Post, Organisation.name).join(Organisation, Organisation.id == Post.organisation_id)
        by_id = {}
        for post, organisation in run.session.execute(query.order_by(Post.id)):
            self.posts[fold(post.title), fold(organisation)] = by_id[post.id] = post
        for row in run.all(LeadAssignment):
            self.here.setdefault(fold(by_id[row.post_id].title), by_id[row.post_id])

    def assign(
        self,
        lines: Sequence[LeadLine],
        *,
        workstream_id: int | None = None,
        action_id: int | None = None,
        milestone_id: int | None = None,
    ) -> None:
        """Let the posts of some lines lead a workstream, an action or a milestone; those that do already stay.

        One that leads alone is accountable. Of several, the one of which the document says so is; where it says so
        of none, nobody is, and the data-quality list asks. A post that a person has taken off stays off.
        """
        key = (workstream_id, action_id, milestone_id)
        known = self.run.below(LeadAssignment, key)
        posts = [(self._post(line), line) for line in lines if clean(line.post)]
        leading = {row.post_id for row in known if row.ended is None}
        alone = len(leading | {post.id for post, _ in posts}) == 1
        for post, line in posts:
            if any(row.post_id == post.id for row in known):
                continue
            taken = any(row.accountable and row.ended is None for row in known)
            self.run.add(
                LeadAssignment(
                    plan_id=self.run.plan.id,
                    workstream_id=workstream_id,
                    action_id=action_id,
                    milestone_id=milestone_id,
                    post_id=post.id,
                    accountable=(line.accountable or alone) and not taken,
                    organisation_named=bool(clean(line.organisation)),
                    position=len(known) + 1,
                ),
                key,
            )

    def _post(self, line: LeadLine) -> Post:
        """Return the post of a line. Where it names no organisation, it is that of this plan, or the plan's own.

        Never that of another plan: a post of the same title elsewhere is somebody else's.
        """
        title, organisation = clean(line.post), clean(line.organisation)
        name = organisation or self.run.plan.organisation or UNNAMED
        known = None if organisation else self.here.get(fold(title))
        known = known or self.posts.get((fold(title), fold(name)))
        if known is None:
            known = Post(title=title, organisation_id=self._organisation(name).id)
            self.run.session.add(known)
            self.run.session.flush()
            self.posts[fold(title), fold(name)] = known
        self.here.setdefault(fold(title), known)
        return known

    def _organisation(self, name: str) -> Organisation:
        known = self.run.session.scalar(select(Organisation).where(Organisation.name == name))
        if known is None:
            known = Organisation(name=name)
            self.run.session.add(known)
            self.run.session.flush()
        return known
