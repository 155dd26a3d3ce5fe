"""Whatever people and programs send: a sentence that says what to do, never a 500, and nothing half written."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from tests.pages import Page
from tests.views.visitor import Visitor
from tests.views.world import World, contents

Visit = Callable[[str], Visitor]

TEXTS = {
    "formula": '=HYPERLINK("https://evil.example","x")',
    "markup": "<script>alert(1)</script><b>&amp;",
    "template": "{{ 7 * 7 }}{% raw %}",
    "emoji": "\U0001f469\u200d\U0001f3eb done \u2705",
    "right to left": "\u202eتم \u05d4\u05d5\u05e9\u05dc\u05dd\u202c",
    "line ends": "one\r\ntwo\rthree\x0bfour",
    "quotes": 'O\'Brien "and" -- ; DROP TABLE plan',
    "percent": "%s %(x)s %00 \\0",
    "long": "long " * 6_000,
}
REFUSED = {
    "too long": "x" * 32_768,
    "nothing but controls": "\x00\x01\x02\x1f\x7f",
    "nothing but spaces": " \t\r\n\u00a0",
    "nothing": "",
}
DAY = {"completed-day": "9", "completed-month": "9", "completed-year": "2025"}
UNTIL = {"until-day": "1", "until-month": "10", "until-year": "2025"}


def forms(world: World) -> dict[str, tuple[str, str, dict[str, str], dict[str, str]]]:
    """Return for each form who fills it in, where, its boxes for text ("must" or "may"), and the rest of it."""
    key = {ref: f"/milestones/{number}" for ref, number in world.milestones.items()}
    may = dict.fromkeys(("impact", "recovery", "help_needed", "blocked"), "may")
    return {
        "update": (
            "lead",
            f"{key['5']}/update",
            {"progress": "must", "confidence_reason": "must", **may},
            {"confidence": "at_risk"},
        ),
        "claim": (
            "lead",
            f"{key['5']}/claim",
            {"progress": "must", "impact": "may"},
            {**DAY, "evidence_url": "https://a.example"},
        ),
        "new date": ("lead", f"{key['5']}/new-date", {"reason": "must", "recovery": "must"}, {"proposed": "Dec 2025"}),
        "return": ("manager", f"{key['2']}/decide", {"reason": "must"}, {"decision": "return"}),
        "refuse": (
            "manager",
            f"{key['3']}/new-date/{world.change}",
            {"note": "must", "minute": "may"},
            {"decision": "refuse"},
        ),
        "override": ("manager", f"{key['1']}/override", {"reason": "must"}, {"colour": "red", **UNTIL}),
        "settings": (
            "manager",
            "/plans/alpha/settings",
            {"title": "must", "plan_version": "may", "review_cycle": "may", "marking": "may"},
            {},
        ),
    }


FORMS = sorted(forms(World(milestones=dict.fromkeys("1234567", 0))))


def filled(visitor: Visitor, address: str, boxes: dict[str, str], rest: dict[str, str], text: str) -> Page:
    """Open a form, put a text into every box, send it and do not follow."""
    opened = visitor.visit(address)
    return visitor.submit(opened, {**rest, **dict.fromkeys(boxes, text)}, to=address, follow=False)


def explained(page: Page) -> None:
    """Fail unless a page says in a summary what is wrong, with links that lead to what is on the page."""
    assert page.status == 422
    assert page.find("//head/title")[0].text.startswith("Error: ")
    links = page.find("//*[contains(@class, 'govuk-error-summary__list')]//a/@href")
    assert links
    assert len(links) == len(page.errors)
    for link in links:
        assert page.find(f"//*[@id='{link.removeprefix('#')}']"), f"{link} leads nowhere"


def in_the_box(page: Page, name: str) -> str:
    """Return what stands in a box."""
    for box in page.find("//main//*[@name=$name]", name=name):
        return box.get("value") or "" if box.tag == "input" else box.text_content()
    raise AssertionError(f"There is no box {name}")


@pytest.mark.parametrize("kind", sorted(TEXTS))
@pytest.mark.parametrize("name", FORMS)
def test_any_text_is_taken_as_text_and_shown_as_text(visit: Visit, world: World, name: str, kind: str) -> None:
    persona, address, boxes, rest = forms(world)[name]
    visitor = visit(persona)
    page = filled(visitor, address, boxes, rest, TEXTS[kind])
    assert page.status == 303, page.errors
    where = address.rsplit("/", 1)[0] if name != "refuse" else address.split("/new-date")[0]
    shown = visitor.visit(where)
    assert "<script>alert" not in shown.text
    assert "49" not in shown.words.split()
    for report in ("csv", "xlsx", "docx"):
        assert visitor.get(f"/plans/alpha/report.{report}").status == 200


@pytest.mark.parametrize("kind", sorted(REFUSED))
@pytest.mark.parametrize("name", FORMS)
def test_a_text_that_will_not_do_is_refused_beside_its_box(
    visit: Visit, world: World, watch: Engine, name: str, kind: str
) -> None:
    before = contents(watch)
    persona, address, boxes, rest = forms(world)[name]
    for box, need in boxes.items():
        if need == "may" and kind != "too long":
            continue
        good = {**dict.fromkeys(boxes, "A text"), box: REFUSED[kind]}
        visitor = visit(persona)
        page = visitor.submit(visitor.visit(address), {**rest, **good}, to=address, follow=False)
        explained(page)
        for other in boxes:
            assert in_the_box(page, other).strip() == good[other].strip("\x00\x01\x02\x1f\x7f").strip()
    assert contents(watch) == before


@pytest.mark.parametrize("name", FORMS)
def test_a_form_with_nothing_in_it_is_explained_or_in_conflict(
    visit: Visit, world: World, watch: Engine, name: str
) -> None:
    before = contents(watch)
    persona, address, _, _ = forms(world)[name]
    explained(visit(persona).send(address))
    assert contents(watch) == before


@pytest.mark.parametrize(
    ("day", "month", "year"),
    [
        ("31", "2", "2025"),
        ("1", "13", "2025"),
        ("", "9", "2025"),
        ("1", "", ""),
        ("x", "9", "2025"),
        ("1", "9", "25"),
        ("1", "9", "99999"),
        ("0", "9", "0000"),
        ("-1", "9", "2025"),
        ("٣", "9", "٢٠٢٥"),
        ("1" * 5000, "9", "2025"),
        ("\x00", "\x00", "\x00"),
        ("1e3", "Ma", "2025"),
        ("²", "9", "2025"),
    ],
)
def test_a_day_that_is_none_is_refused_and_stays_as_it_was_typed(
    visit: Visit, world: World, watch: Engine, day: str, month: str, year: str
) -> None:
    before = contents(watch)
    address = f"/milestones/{world.milestones['5']}/claim"
    visitor = visit("lead")
    told = {"completed-day": day, "completed-month": month, "completed-year": year, "progress": "Done"}
    page = visitor.submit(visitor.visit(address), {**told, "evidence_url": "https://a.example"}, to=address)
    explained(page)
    assert in_the_box(page, "completed-year") == year.strip("\x00")
    assert contents(watch) == before


@pytest.mark.parametrize(
    "words",
    [
        "soon",
        "Sep",
        "31 February 2025",
        "x" * 10_000,
        "Dec 99999",
        "\x00",
        "=1+1",
        "٢٠٢٥",
        "32/13/2025",
        "2024",
        "Q9 2025",
    ],
)
def test_a_new_date_that_is_none_is_refused_and_stays_as_it_was_typed(
    visit: Visit, world: World, watch: Engine, words: str
) -> None:
    before = contents(watch)
    address = f"/milestones/{world.milestones['5']}/new-date"
    visitor = visit("lead")
    told = {"proposed": words, "reason": "Late", "recovery": "Faster"}
    page = visitor.submit(visitor.visit(address), told, to=address)
    explained(page)
    assert in_the_box(page, "proposed") == words.strip("\x00")
    assert contents(watch) == before


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//evil.example", "www.example", "ftp://a"],
)
def test_evidence_is_a_page_of_the_web_or_a_file(visit: Visit, world: World, watch: Engine, link: str) -> None:
    before = contents(watch)
    address = f"/milestones/{world.milestones['5']}/claim"
    visitor = visit("lead")
    page = visitor.submit(visitor.visit(address), {**DAY, "progress": "Done", "evidence_url": link}, to=address)
    explained(page)
    assert contents(watch) == before


@pytest.mark.parametrize("value", ["", "nonsense", "-1", "9" * 30, "\x00", "1.5"])
def test_a_version_or_choice_that_is_none_changes_nothing(
    visit: Visit, world: World, watch: Engine, value: str
) -> None:
    before = contents(watch)
    key = world.milestones["5"]
    told = {"confidence": "on_track", "progress": "Done", "version": value}
    assert visit("lead").send(f"/milestones/{key}/update", told).status in {409, 422}
    assert visit("lead").send(f"/milestones/{key}/update", {**told, "confidence": value}).status == 422
    done = {"decision": value, "version": "1"}
    assert visit("manager").send(f"/milestones/{world.milestones['2']}/decide", done).status == 422
    told = {"title": "Another", "version": value}
    assert visit("manager").send("/plans/alpha/settings", told).status in {409, 422}
    assert contents(watch) == before


NONSENSE = [
    "as_at=nonsense",
    "as_at=2025-02-31",
    "as_at=0001-01-01",
    "as_at=9999-12-31",
    "as_at=1990-01-01",
    "as_at=2100-12-31",
    "as_at=2025-W30-1",
    "as_at=%00",
    "as_at=" + "9" * 5000,
    "since=nonsense",
    "since=0001-01-01",
    "since=9999-12-31",
    "since=0001-01-01&as_at=1990-01-01",
    "page=-1",
    "page=0",
    "page=99999999999999999999999",
    "page=2147483648",
    "page=2147483647",
    "page=x",
    "page=" + "9" * 5000,
    "lead=99999999999999999999999",
    "lead=-1",
    "lead=x",
    "lead=999",
    "priority=99999999999999999999999",
    "priority=999",
    "colour=puce",
    "colour=red&colour=red&colour=\x00",
    "sort=nonsense",
    "due=nonsense",
    "due=30&sort=updated&colour=grey",
    "due=undated",
    "due=overdue&as_at=2100-12-31",
    "due=90&as_at=2100-12-31",
    "q=%00",
    "q=%25_%5C",
    "q=" + "x" * 5000,
    "q=%ff%fe",
    "kind=nonsense",
    "kind=month",
    "kind=term&as_at=2100-12-31",
    "a" * 3000,
    "&&&===",
]
PAGES = [
    "/",
    "/my-milestones",
    "/people",
    "/import",
    "/plans/alpha",
    "/plans/alpha/milestones",
    "/plans/alpha/timeline",
    "/plans/alpha/deadlines",
    "/plans/alpha/decisions",
    "/plans/alpha/history",
    "/plans/alpha/board",
    "/plans/alpha/reports",
    "/plans/alpha/report.csv",
    "/plans/alpha/settings",
    "/plans/alpha/workstreams/{workstream}",
    "/milestones/{milestone}",
    "/sign-in",
]


@pytest.mark.parametrize("page", PAGES)
def test_nonsense_in_the_address_is_left_aside(visit: Visit, world: World, page: str) -> None:
    visitor = visit("manager")
    path = page.format(workstream=world.workstream, milestone=world.milestones["5"])
    for query in NONSENSE:
        answer = visitor.get(f"{path}?{query}")
        assert answer.status in {200, 303, 404}, f"{path}?{query[:60]}"
        assert answer.status != 404 or "as_at=" in query, f"{path}?{query[:60]}"


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/plans",
        "/plans/",
        "/plans/alpha/nothing",
        "/plans/%00",
        "/plans/alpha%00",
        "/plans/" + "a" * 3000,
        "/plans/%F0%9F%98%80",
        "/plans/%ED%A0%80",
        "/plans/%ff",
        "/plans/alpha'--",
        "/plans/../../etc/passwd",
        "/plans/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/plans/alpha/workstreams/0",
        "/plans/alpha/workstreams/-1",
        "/plans/alpha/workstreams/9999999999999999999999999",
        "/plans/alpha/report.",
        "/plans/alpha/report.%00",
        "/milestones",
        "/milestones/0",
        "/milestones/999999",
        "/milestones/2147483648",
        "/milestones/99999999999999999999999999",
        "/milestones/1/evidence/99999999999999999999",
        "/milestones/1/evidence/1",
        "/milestones/x",
        "/milestones/1/nothing",
        "/import/99999999999999999999",
        "/import/999",
        "/people/posts/99999999999999999999",
        "/static/nothing.css",
        "/static/../config.py",
        "/static/%2e%2e/config.py",
        "/static/..%2fconfig.py",
        "/static/%00",
        "/static/",
        "/favicon.ico",
        "/.git/config",
        "/robots.txt.bak",
    ],
)
def test_an_address_that_leads_nowhere_says_so(visit: Visit, path: str) -> None:
    page = visit("manager").get(path)
    assert page.status == 404
    assert page.heading == "Page not found"


def test_a_method_that_an_address_does_not_take_is_named(visit: Visit) -> None:
    page = visit("manager").get("/my-milestones/confirm")
    assert page.status == 405
    assert "POST" in page.response.headers["Allow"]


# ------------------------------------------------------------------ files
def workbook() -> bytes:
    """Return a workbook with one plan."""
    made, file = Workbook(), BytesIO()
    sheet = made.active
    assert sheet is not None
    for row in (["Ref", "Priority", "Milestone", "Due date", "Lead"], ["T1", "Travel", "A policy", "Dec 2026", "Head"]):
        sheet.append(row)
    made.save(file)
    return file.getvalue()


def with_macros() -> bytes:
    """Return a workbook with a part of macros in it."""
    file = BytesIO(workbook())
    with ZipFile(file, "a", ZIP_DEFLATED) as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0macro")
    return file.getvalue()


def bomb() -> bytes:
    """Return a small archive that would unpack to a gigabyte."""
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000_000)
    return file.getvalue()


FILES: dict[str, Callable[[], tuple[bytes, str]]] = {
    "empty": lambda: (b"", "plan.xlsx"),
    "a picture": lambda: (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "plan.xlsx"),
    "truncated": lambda: (workbook()[:-400], "plan.xlsx"),
    "encrypted": lambda: (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096, "plan.xlsx"),
    "old workbook": lambda: (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 4096, "plan.xls"),
    "macros by name": lambda: (with_macros(), "plan.xlsm"),
    "an empty archive": lambda: (b"PK\x05\x06" + b"\x00" * 18, "plan.xlsx"),
    "a bomb": lambda: (bomb(), "plan.xlsx"),
    "a program": lambda: (b"MZ" + b"\x00" * 100, "plan.exe"),
    "no name": lambda: (workbook(), "..."),
}


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(visit: Visit, watch: Engine, kind: str) -> None:
    before = contents(watch)
    visitor = visit("manager")
    data, name = FILES[kind]()
    page = visitor.submit(visitor.visit("/import"), {"file": (BytesIO(data), name)}, to="/import", follow=False)
    explained(page)
    for word in ("Traceback", "openpyxl", "zipfile", "BadZip", "Error(", "/tmp"):
        assert word not in page.text
    assert contents(watch) == before


def test_macros_in_a_workbook_are_refused_or_left_aside(visit: Visit, watch: Engine) -> None:
    before = contents(watch)
    visitor = visit("manager")
    file = (BytesIO(with_macros()), "plan.xlsx")
    page = visitor.submit(visitor.visit("/import"), {"file": file}, to="/import")
    assert page.status in {200, 422}
    changed = {table for table, rows in contents(watch).items() if rows != before[table]}
    assert changed <= {"import_batch", "form_token"}


@pytest.mark.parametrize("sent", [{"pasted": "Dear all,\nsee you on Monday"}, {"file": "plan.xlsx"}, {"file": "a.csv"}])
def test_a_text_without_a_plan_is_shown_as_such_and_cannot_be_applied(
    visit: Visit, watch: Engine, sent: dict[str, Any]
) -> None:
    visitor = visit("manager")
    if "file" in sent:
        sent = {"file": (BytesIO(b"Dear all, see you on Monday"), sent["file"])}
    page = visitor.submit(visitor.visit("/import"), sent, to="/import")
    if page.status == 422:
        explained(page)
        return
    assert "Nothing was changed." in page.words
    assert not page.find("//form[contains(@action, '/apply')]")
    before = contents(watch)
    refused = visitor.send(f"{page.response.request.path}/apply")
    assert refused.status == 400
    assert "There is no plan in this file" in refused.words
    assert contents(watch) == before


def test_a_workbook_of_several_megabytes_is_read_and_a_larger_one_is_refused(visit: Visit, watch: Engine) -> None:
    visitor = visit("manager")
    opened = visitor.visit("/import")
    padded = BytesIO(workbook())
    with ZipFile(padded, "a") as archive:
        archive.writestr("xl/media/picture.png", bytes(range(256)) * 12_000)
    page = visitor.submit(opened, {"file": (BytesIO(padded.getvalue()), "plan.xlsx")}, to="/import", follow=False)
    assert page.status == 303
    before = contents(watch)
    opened = visitor.visit("/import")
    page = visitor.submit(opened, {"file": (BytesIO(b"x" * 12_000_000), "plan.xlsx")}, to="/import", follow=False)
    assert page.status == 413
    assert "larger" in page.words
    assert contents(watch) == before


@pytest.mark.parametrize("fields", [{"title": "x" * 1_500_000}, {f"field{n}": "x" for n in range(100_000)}])
def test_a_form_that_is_too_large_is_refused(visit: Visit, watch: Engine, fields: dict[str, Any]) -> None:
    before = contents(watch)
    page = visit("manager").send("/plans/alpha/settings", fields)
    assert page.status == 413
    assert contents(watch) == before


EVIDENCE = {
    "empty": (b"", "minutes.pdf"),
    "a program": (b"MZ\x90", "minutes.exe"),
    "a page": (b"<html><script>alert(1)</script>", "minutes.html"),
    "a drawing": (b"<svg onload=alert(1)>", "minutes.svg"),
    "no pdf": (b"<html>", "minutes.pdf"),
    "two endings": (b"<html>", "minutes.pdf.html"),
    "no ending": (b"%PDF-1.7", "minutes"),
    "too large": (b"%PDF-" + b"x" * (10 * 1024 * 1024 + 1), "minutes.pdf"),
}


@pytest.mark.parametrize("kind", sorted(EVIDENCE))
def test_a_file_that_cannot_be_evidence_is_refused_in_a_sentence(
    visit: Visit, world: World, watch: Engine, kind: str
) -> None:
    before = contents(watch)
    visitor = visit("lead")
    address = f"/milestones/{world.milestones['5']}/claim"
    data, name = EVIDENCE[kind]
    told = {**DAY, "progress": "A long text", "evidence_file": (BytesIO(data), name)}
    page = visitor.submit(visitor.visit(address), told, to=address, follow=False)
    explained(page)
    assert in_the_box(page, "progress") == "A long text"
    assert contents(watch) == before


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/cron.d/x.pdf",
        "..\\..\\boot.pdf",
        "/etc/x.pdf",
        "C:\\x.pdf",
        "a\x00b.pdf",
        "x" * 300 + ".pdf",
    ],
)
def test_the_name_of_a_file_never_says_where_it_is_kept(
    visit: Visit, world: World, data_folder: Any, name: str
) -> None:
    visitor = visit("lead")
    address = f"/milestones/{world.milestones['5']}/claim"
    told = {**DAY, "progress": "Done", "evidence_file": (BytesIO(b"%PDF-1.7"), name)}
    page = visitor.submit(visitor.visit(address), told, to=address)
    assert page.status == 200
    link = page.find("//a[contains(@href, '/evidence/')]/@href")[-1]
    answer = visitor.get(link).response
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert not set("/\\") & set(answer.headers["Content-Disposition"].partition("filename=")[2])
    assert {len(path.name) for path in (data_folder / "evidence").iterdir()} == {32}
