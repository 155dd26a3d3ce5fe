"""Workbooks by a link: taken out, brought back, applied and undone without an account; of one's own alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from tests.factories import NOW
from tests.lead_workbooks import opened, send
from tests.pages import Page
from tests.views.uploads import SECRET
from tests.views.visitor import Visitor, explained, target
from tests.views.world import LEAD, World, contents
from tests.views.world_parts import LINK
from tracker.models import LedgerEntry, Membership, Milestone, Plan, Post, ReturnedWorkbook, UpdateLink
from tracker.rules.permissions import Role

Visit = Callable[[str], Visitor]
HOME = f"/u/{LINK}/workbooks"


def upload(visitor: Visitor, *files: bytes) -> Page:
    """Bring files back by the link."""
    sent = [(io.BytesIO(data), f"mine-{number}.xlsx") for number, data in enumerate(files)]
    return visitor.send(HOME, {"files": sent})


def download(visitor: Visitor, world: World) -> Any:
    """Take the workbook of the lead out by the link."""
    answer = visitor.http.get(f"{HOME}/alpha/{world.post}.xlsx")
    assert answer.status_code == 200
    data = answer.get_data()
    answer.close()
    return opened(data)


def test_a_lead_takes_it_out_brings_it_back_applies_and_undoes_it_without_an_account(
    visit: Visit, world: World, watch: Engine
) -> None:
    visitor = visit("anonymous")
    page = visitor.visit(visitor.get(f"/u/{LINK}").link("Download or upload your workbook"))
    assert page.heading == "Your workbooks"
    assert f"{HOME}/alpha/{world.post}.xlsx" in page.find("//a/@href")
    data = download(visitor, world).set("1a.5", progress="Two schools").saved()
    before = contents(watch)
    answer = upload(visitor, data)
    assert {name for name, rows in contents(watch).items() if rows != before[name]} == {
        "returned_workbook", "form_token",
    }  # fmt: skip
    page = visitor.visit(target(answer))
    assert page.heading == "Check what came back"
    assert all(str(link).startswith(f"/u/{LINK}") for link in page.find("//main//a/@href | //main//form/@action"))
    done = visitor.submit(page, to=f"{HOME}/")
    assert "1 milestone updated." in done.words
    with Session(watch) as session:
        entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc()).limit(1)).one()
        assert (entry.actor, entry.actor_id) == (f"By link to {LEAD}", world.people["lead"])
        assert session.get_one(Milestone, world.milestones["5"]).progress == "Two schools"
        assert session.scalars(select(UpdateLink.used_at)).one() is not None
    assert "was taken back on 10 September 2025" in visitor.submit(done, to="/undo").words
    assert target(visitor.get("/my-milestones")).startswith("/sign-in")


def test_of_a_workbook_of_the_whole_plan_only_rows_of_ones_own_are_read(
    visit: Visit, world: World, watch: Engine
) -> None:
    with Session(watch) as session:
        session.add(Membership(plan_id=world.alpha, person_id=world.people["lead"], role=Role.MANAGER.value))
        book = send(session, session.get_one(Plan, world.alpha), post=0, secret=SECRET)
        session.commit()
    other = next(str(ref) for row in book.rows if not str(ref := book.sheet.cell(row, 1).value).startswith("1a"))
    text = book.get(other, "text")
    data = book.set("1a.5", progress="Two schools").set(other, progress="Not mine to say").saved()
    visitor = visit("anonymous")
    page = visitor.visit(target(upload(visitor, data)))
    assert "left out: not of your milestones" in page.words
    assert text not in page.words
    assert "Not mine to say" not in page.words
    visitor.submit(page, to=f"{HOME}/")
    with Session(watch) as session:
        assert "Not mine to say" not in session.scalars(select(Milestone.progress)).all()
        assert session.get_one(Milestone, world.milestones["5"]).progress == "Two schools"


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"PK\x03\x04 nothing"])
def test_what_is_no_workbook_is_refused_with_the_reason(visit: Visit, data: bytes) -> None:
    explained(upload(visit("anonymous"), data))


def test_what_others_lead_is_not_taken_out_by_link(visit: Visit, world: World, watch: Engine) -> None:
    with Session(watch) as session:
        posts = set(session.scalars(select(Post.id))) - {world.post}
    visitor = visit("manager")  # nor does it help to be signed in
    for path in [f"alpha/{post}" for post in posts] + [f"beta/{world.post}", f"nothing/{world.post}"]:
        assert visitor.get(f"{HOME}/{path}.xlsx").status == 404


def test_what_was_uploaded_after_signing_in_is_not_shown_by_link(visit: Visit, world: World, watch: Engine) -> None:
    with Session(watch) as session:
        session.execute(update(ReturnedWorkbook).values(by_link=False))
        session.commit()
    visitor = visit("anonymous")
    for page in (
        visitor.get(f"{HOME}/{world.returned}"),
        visitor.send(f"{HOME}/{world.returned}"),
        visitor.send(f"{HOME}/{world.applied}/undo"),
    ):
        assert page.status == 404
    assert "returned.xlsx" not in visitor.get(HOME).words
    assert visit("lead").get(f"/workbooks/{world.returned}").status == 200


def test_a_link_that_holds_no_longer_takes_no_workbook(visit: Visit, world: World, watch: Engine) -> None:
    visitor = visit("anonymous")
    data = download(visitor, world).set("1a.5", progress="Two schools").saved()
    with Session(watch) as session:
        session.execute(update(UpdateLink).values(expires_at=NOW - timedelta(days=1)))
        session.commit()
    before = contents(watch)
    assert upload(visitor, data).status == 403
    assert visitor.get(f"{HOME}/alpha/{world.post}.xlsx").status == 403
    assert contents(watch)["returned_workbook"] == before["returned_workbook"]
