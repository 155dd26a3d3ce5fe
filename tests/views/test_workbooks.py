"""Workbooks on the web: taken out by a lead or by the manager, brought back, looked at, applied, undone."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.lead_workbooks import Edited, opened
from tests.pages import Page
from tests.views.visitor import Visitor, explained, target
from tests.views.world import World, contents
from tracker.models import LedgerEntry, Milestone, SecurityEvent

Visit = Callable[[str], Visitor]
HOME = "/plans/alpha/workbooks"


def download(visitor: Visitor, world: World) -> Edited:
    """Take the workbook of the lead of 1a out."""
    answer = visitor.http.get(f"{HOME}/{world.post}.xlsx")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]
    data = answer.get_data()
    answer.close()
    return opened(data)


def upload(visitor: Visitor, *files: tuple[bytes, str]) -> Page:
    """Bring files back."""
    return visitor.send(HOME, {"files": [(io.BytesIO(data), name) for data, name in files]})


def stored(watch: Engine, world: World, ref: str) -> Milestone:
    with Session(watch) as session:
        return session.get_one(Milestone, world.milestones[ref])


def test_a_lead_takes_a_workbook_out_brings_it_back_and_undoes_it(visit: Visit, world: World, watch: Engine) -> None:
    lead = visit("lead")
    mine = lead.visit("/my-milestones")
    page = lead.visit(mine.link("download or upload my workbook"))
    ((name, number, _, _),) = page.rows("Workbooks to send out")
    assert name == "SEND Senior Manager (Testshire Council)"
    book = download(lead, world)
    assert int(number) == len(book.rows)
    book.set("1a.1", state="At risk", reason="The post is vacant", progress="Begun").set("1a.5", state="Fine")
    before = contents(watch)
    answer = upload(lead, (book.saved(), "mine.xlsx"))
    changed = {name for name, rows in contents(watch).items() if rows != before[name]}
    assert changed == {"returned_workbook", "form_token"}
    page = lead.visit(target(answer))
    assert page.heading == "Check what came back"
    assert "3 answers to apply, none in conflict, 1 refused" in page.words
    assert "It will be A Likely to miss" in page.words
    done = lead.submit(page, to="/workbooks/")
    assert "1 milestone updated." in done.words
    assert done.heading == "What became of the workbook"
    assert stored(watch, world, "1").confidence_reason == "The post is vacant"
    undone = lead.submit(done, to="/undo")
    assert "was taken back on 10 September 2025" in undone.words
    assert stored(watch, world, "1").confidence == ""


def test_a_lead_is_offered_no_workbook_but_their_own(visit: Visit) -> None:
    whole, zipped = f"{HOME}/plan.xlsx", f"{HOME}/all.zip"
    offered = {persona: set(visit(persona).visit(HOME).find("//a/@href")) for persona in ("lead", "manager")}
    assert {whole, zipped} <= offered["manager"]
    assert not offered["lead"] & {whole, zipped}
    assert len({href for href in offered["lead"] if href.endswith(".xlsx")}) == 1


def test_a_manager_brings_several_back_at_once_and_the_ledger_says_whose_they_were(
    visit: Visit, world: World, watch: Engine
) -> None:
    manager = visit("manager")
    first = download(manager, world).set("1a.5", progress="Two schools").saved()
    second = download(manager, world).set("1a.4", state="On track", progress="Begun").saved()
    page = manager.visit(
        target(upload(manager, (first, "one.xlsx"), (second, "two.xlsx"), (b"%PDF-1.7", "three.xlsx")))
    )
    assert "2 workbooks were read." in page.words
    assert "three.xlsx: This is a PDF" in page.words
    rows = page.rows("Workbooks that you uploaded")
    assert [(row[0], row[3]) for row in rows] == [
        ("two.xlsx", "Waiting to be applied"), ("one.xlsx", "Waiting to be applied"),
    ]  # fmt: skip
    manager.submit(manager.visit(page.link("one.xlsx")), to="/workbooks/")
    with Session(watch) as session:
        entry = session.scalars(select(LedgerEntry).order_by(LedgerEntry.id.desc()).limit(1)).one()
        assert (entry.actor, entry.reason) == (
            "The manager", "From a workbook returned by SEND Senior Manager (Testshire Council)",
        )  # fmt: skip
        refused = session.scalars(select(SecurityEvent.kind).order_by(SecurityEvent.id.desc()).limit(1)).one()
        assert refused == "upload refused"


def test_where_both_changed_an_answer_a_person_chooses(visit: Visit, world: World, watch: Engine) -> None:
    manager = visit("manager")
    book = download(manager, world).set("1a.5", progress="Their words", help="A room")
    update = {"confidence": "on_track", "progress": "My words", "version": stored(watch, world, "5").version}
    assert visit("lead").send(f"/milestones/{world.milestones['5']}/update", update).status == 303
    page = manager.visit(target(upload(manager, (book.saved(), "lead.xlsx"))))
    assert "Both changed it" in page.words
    assert "When it was sent out: The first school is done" in page.words
    (take,) = page.find("//input[@type='radio'][starts-with(@value, 'take:')]")
    manager.submit(page, {take.get("name"): take.get("value")}, to="/workbooks/")
    row = stored(watch, world, "5")
    assert (row.progress, row.help_needed) == ("Their words", "A room")


def test_what_was_changed_after_the_look_is_shown_before_anything_is_applied(
    visit: Visit, world: World, watch: Engine
) -> None:
    manager = visit("manager")
    book = download(manager, world).set("1a.5", progress="Their words", help="A room")
    page = manager.visit(target(upload(manager, (book.saved(), "lead.xlsx"))))
    update = {"confidence": "on_track", "progress": "My words", "version": stored(watch, world, "5").version}
    assert visit("lead").send(f"/milestones/{world.milestones['5']}/update", update).status == 303
    again = manager.submit(page, to="/workbooks/")
    assert "Nothing was applied" in again.words
    assert "Both changed it" in again.words
    assert (stored(watch, world, "5").progress, stored(watch, world, "5").help_needed) == ("My words", "")
    assert manager.submit(again, to="/workbooks/").heading == "What became of the workbook"
    assert (stored(watch, world, "5").progress, stored(watch, world, "5").help_needed) == ("My words", "A room")


def test_a_page_that_is_out_of_date_says_so_and_compares_again(visit: Visit, world: World, watch: Engine) -> None:
    lead = visit("lead")
    address = f"/workbooks/{world.returned}"
    update = {"confidence": "on_track", "progress": "By hand", "version": stored(watch, world, "1").version}
    assert lead.send(f"/milestones/{world.milestones['1']}/update", update).status == 303
    page = lead.visit(address)
    assert "The plan was changed since this was compared." in page.words
    page = lead.visit(target(lead.send(address, {"check": "1"})))
    assert "1 in conflict" in page.words
    assert stored(watch, world, "1").progress == "By hand"


def test_an_applied_workbook_is_not_applied_twice(visit: Visit, world: World, watch: Engine) -> None:
    lead = visit("lead")
    before = contents(watch)
    page = lead.send(f"/workbooks/{world.applied}")
    assert (page.status, "has been applied already" in page.words) == (400, True)
    assert contents(watch) == before


def test_all_workbooks_come_as_one_archive(visit: Visit, world: World) -> None:
    answer = visit("manager").http.get(f"{HOME}/all.zip")
    assert answer.is_streamed
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert archive.namelist() == [
            "alpha-inclusion-lead-2025-09-10.xlsx", "alpha-send-senior-manager-2025-09-10.xlsx",
        ]  # fmt: skip
        assert len(opened(archive.read(archive.namelist()[0])).rows) == 1
    answer.close()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ([], "Choose at least one workbook"),
        ([(b"x", "plan.docx")], "plan.docx is not a workbook"),
        ([(b"no workbook", "a.xlsx")], "a.xlsx: This is not a workbook"),
        ([(b"x", f"{number}.xlsx") for number in range(31)], "at most 30"),
    ],
)
def test_what_is_no_workbook_is_explained_beside_the_box(
    visit: Visit, watch: Engine, files: list[tuple[bytes, str]], sentence: str
) -> None:
    before = contents(watch)
    page = upload(visit("manager"), *files)
    explained(page)
    assert sentence in page.errors[0]
    after = contents(watch)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}


def test_a_workbook_of_another_plan_is_refused_with_both_names(visit: Visit, world: World, watch: Engine) -> None:
    with Session(watch) as session:
        key = session.scalars(select(Milestone.plan_id).where(Milestone.id == world.others["beta"])).one()
    assert key == world.beta
    answer = visit("other manager").http.get("/plans/beta/workbooks/plan.xlsx")
    data: Any = answer.get_data()
    answer.close()
    page = upload(visit("manager"), (data, "beta.xlsx"))
    explained(page)
    assert "another plan, “The beta plan”, and not of “The alpha plan”" in page.errors[0]


def test_what_nobody_filled_in_says_so(visit: Visit, world: World) -> None:
    lead = visit("lead")
    page = lead.visit(target(upload(lead, (download(lead, world).saved(), "mine.xlsx"))))
    assert "Nobody filled anything in" in page.words
    assert not page.find("//form[starts-with(@action, '/workbooks/')]")
