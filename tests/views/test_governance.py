"""Stories of sign-off and of meetings: the queue, a lapse and its reason, a list decided, the end of a plan moved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from tests.views.visitor import Visitor, target
from tests.views.world import FILE, World, contents

Visit = Callable[[str], Visitor]
MEETING = {"minute": "5.2", "meeting_on-day": "9", "meeting_on-month": "9", "meeting_on-year": "2025"}


@pytest.fixture
def manager(visit: Visit) -> Visitor:
    """Return the improvement manager of the plan alpha."""
    return visit("manager")


# ------------------------------------------------------------------ the queue
def test_the_queue_shows_what_waits_with_its_age_and_the_days_left(manager: Visitor) -> None:
    page = manager.visit("/sign-off")
    assert page.heading == "Sign-off"
    assert "1 to sign off; 1 to check again." in page.words
    assert "Waits since today; 30 days left." in page.words
    assert "Waits 11 days" in page.words
    assert page.find("//nav[@aria-label='Menu']//a[@href='/sign-off']/span/text()") == ["2"]


def test_a_manager_approves_from_the_queue_and_comes_back_to_it(manager: Visitor, world: World) -> None:
    page = manager.submit(manager.visit("/sign-off?plan=alpha"), to=f"/sign-off/{world.milestones['2']}")
    assert page.response.request.path == "/sign-off"
    assert "The completion of 1a.2 is signed off." in page.words
    assert "None to sign off; 1 to check again." in page.words


def test_a_manager_returns_from_the_queue_with_a_reason(manager: Visitor, visit: Visit, world: World) -> None:
    opened = manager.visit("/sign-off")
    form = opened.find("//form[.//input[@name='decision' and @value='return']]")[0]
    sent = dict(form.form_values())
    empty = manager.post(form.get("action"), sent)
    assert empty.status == 422
    assert empty.errors == ["Enter what has to be put right"]
    done = manager.post(form.get("action"), {**sent, "reason": "No minutes of May"})
    assert target(done) == "/sign-off"
    assert "No minutes of May" in visit("lead").visit(f"/milestones/{world.milestones['2']}").words


def test_a_decision_in_the_queue_that_is_none_is_refused(manager: Visitor, world: World, watch: Engine) -> None:
    before = contents(watch)
    page = manager.send(f"/sign-off/{world.milestones['2']}", {"decision": "burn", "version": "9"})
    assert page.status == 422
    assert contents(watch) == before


def test_the_queue_holds_nothing_of_plans_that_one_does_not_manage(visit: Visit) -> None:
    page = visit("other manager").visit("/sign-off?plan=alpha")
    assert "Nothing waits for you." in page.words
    assert "alpha" not in page.words


def test_what_one_claimed_oneself_is_for_somebody_else_in_the_queue(
    manager: Visitor, visit: Visit, world: World
) -> None:
    key = world.milestones["5"]
    done = {"completed-day": "9", "completed-month": "9", "completed-year": "2025", "progress": "Done"}
    link = {"evidence_url": "https://testshire.example/a"}
    manager.submit(manager.visit(f"/milestones/{key}/claim"), {**done, **link}, to="/claim")
    page = manager.visit("/sign-off")
    assert (
        "You claimed it, changed its evidence last or answer for a post that leads it, so somebody else decides."
        in page.words
    )
    assert not page.find(f"//form[contains(@action, '/sign-off/{key}')]")
    refused = manager.send(f"/sign-off/{key}", {"decision": "approve", "version": "9"})
    assert refused.status == 403
    assert visit("second manager").visit("/sign-off").find(f"//form[contains(@action, '/sign-off/{key}')]")


# ------------------------------------------------------------------ after the sign-off
def test_from_claim_to_approval_lapse_and_approval_again(visit: Visit, world: World) -> None:
    lead, manager, board = visit("lead"), visit("manager"), visit("board")
    address = f"/milestones/{world.milestones['2']}"
    manager.submit(manager.visit(f"{address}/decide"), {"decision": "approve"}, to="/decide")
    opened = lead.visit(f"{address}/evidence")
    assert "If you add evidence, the sign-off lapses" in opened.words
    more = {"evidence_url": "https://testshire.example/annex"}
    page = lead.submit(opened, more, to="/evidence")
    assert "The evidence is added." in page.words
    assert "What has changed since it was signed: Evidence was added: “https://testshire.example/annex”." in page.words
    assert "Evidence was added" in board.visit(address).words
    decided = manager.visit(f"{address}/decide")
    assert "Evidence was added: “https://testshire.example/annex”." in decided.words
    done = manager.submit(decided, {"decision": "approve"}, to="/decide")
    assert "Blue: " in done.words
    assert "has lapsed" not in done.words


def test_evidence_is_withdrawn_with_a_reason_and_stays_for_the_auditor(visit: Visit, world: World) -> None:
    lead = visit("lead")
    address = f"/milestones/{world.milestones['2']}"
    link = lead.visit(address).link("Withdraw minutes.pdf")
    empty = lead.submit(lead.visit(link), {"reason": ""}, to="/withdraw")
    assert empty.errors == ["Enter why the evidence is withdrawn"]
    page = lead.submit(empty, {"reason": "Minutes of another board"}, to="/withdraw")
    assert "The evidence is withdrawn. It stays on the record." in page.words
    assert "Minutes of another board" in visit("auditor").visit(address).words
    file = f"{address}/evidence/{world.evidence}"
    assert visit("auditor").get(file).response.data == FILE
    assert visit("board").get(file).status == 404
    assert "Minutes of another board" not in visit("board").visit(address).words
    assert lead.get(f"{file}/withdraw").status == 404


def test_a_file_is_added_as_evidence_and_one_that_is_refused_is_not_kept(
    visit: Visit, world: World, data_folder
) -> None:
    from io import BytesIO

    lead = visit("lead")
    before = set((data_folder / "evidence").iterdir())
    address = f"/milestones/{world.milestones['5']}/evidence"
    empty = lead.submit(lead.visit(address), to="/evidence")
    assert empty.errors == ["Enter a link to the evidence or upload a file"]
    wrong = lead.submit(lead.visit(address), {"evidence_file": (BytesIO(b"MZ"), "a.exe")}, to="/evidence")
    assert wrong.status == 422
    assert set((data_folder / "evidence").iterdir()) == before
    page = lead.submit(lead.visit(address), {"evidence_file": (BytesIO(FILE), "a.pdf")}, to="/evidence")
    assert "The evidence is added." in page.words
    assert len(set((data_folder / "evidence").iterdir()) - before) == 1


def test_a_sign_off_is_revoked_in_the_browser_with_a_reason(manager: Visitor, world: World) -> None:
    address = f"/milestones/{world.milestones['8']}"
    opened = manager.visit(manager.visit(address).link("Revoke the sign-off"))
    empty = manager.submit(opened, to="/revoke")
    assert empty.errors == ["Enter why the sign-off is taken back"]
    page = manager.submit(empty, {"reason": "Two schools were left out"}, to="/revoke")
    assert "The sign-off is taken back. The milestone is open again." in page.words
    assert "Red: " in page.words
    assert "the sign-off was revoked on 10 September 2025" in page.words


def test_a_completion_is_checked_and_found_embedded(manager: Visitor, world: World) -> None:
    address = f"/milestones/{world.milestones['8']}"
    assert "check due" in manager.visit(address).words
    opened = manager.visit(manager.visit("/sign-off").link("Check it"))
    page = manager.submit(opened, {"answer": "yes", "reason": "A visit to four schools"}, to="/check")
    assert "It is marked as embedded." in page.words
    assert "embedded" in page.words
    assert "on 10 September 2025 it was found still true" in page.words
    assert "to check again" in manager.visit("/sign-off").words


def test_a_completion_that_is_no_longer_true_is_opened_again(manager: Visitor, world: World) -> None:
    address = f"/milestones/{world.milestones['8']}"
    empty = manager.submit(manager.visit(f"{address}/check"), to="/check")
    assert empty.errors == ["Select whether it is still true", "Enter how you know"]
    page = manager.submit(empty, {"answer": "no", "reason": "It has stopped"}, to="/check")
    assert "The milestone is open again." in page.words


# ------------------------------------------------------------------ a meeting
def test_a_meeting_decides_a_list_after_a_preview_and_can_be_undone(
    manager: Visitor, world: World, watch: Engine
) -> None:
    opened = manager.visit(manager.visit("/plans/alpha/deadlines").link("Record a meeting’s decisions"))
    before = contents(watch)
    told = {**MEETING, "changes": [str(world.change)], "decision": "approve"}
    preview = manager.submit(opened, told, to="/deadlines/decide")
    assert preview.heading == "Check what the decision does"
    assert preview.rows("What each becomes")[0][1].startswith("Nov 2025 becomes Dec 2025, moved 1 time.")
    assert [row[0] for row in preview.rows("The plan as a whole")] == ["Now", "After"]
    assert contents(watch) == before
    page = manager.submit(preview, to="/deadlines/decide")
    assert "1 new date agreed, minute 5.2." in page.words
    assert "(board), minute 5.2 of 9 Sep 2025" in page.words
    undone = manager.submit(page, to="/undo/")
    assert "Undone: 1 request waits again." in undone.words
    history = manager.visit("/plans/alpha/history")
    assert "undid the decision on the new date" in history.words


def test_a_list_without_ticks_minute_or_meeting_says_what_is_missing(manager: Visitor, world: World) -> None:
    opened = manager.visit("/plans/alpha/deadlines/decide")
    page = manager.submit(opened, {"decision": "refuse"}, to="/deadlines/decide")
    assert page.status == 422
    assert set(page.errors) == {
        "Select at least one request",
        "Enter the minute of the decision",
        "Enter the day of the meeting",
        "Enter why the dates are refused",
    }
    future = {**MEETING, "meeting_on-year": "2030", "changes": [str(world.change)], "decision": "approve"}
    late = manager.submit(opened, future, to="/deadlines/decide")
    assert late.errors == ["Enter a day of the meeting that is today or earlier."]


def test_what_changed_since_the_preview_is_shown_again(
    manager: Visitor, visit: Visit, world: World, watch: Engine
) -> None:
    told = {**MEETING, "changes": [str(world.change)], "decision": "approve"}
    preview = manager.submit(manager.visit("/plans/alpha/deadlines/decide"), told, to="/deadlines/decide")
    lead = visit("lead")
    address = f"/milestones/{world.milestones['3']}/update"
    lead.submit(lead.visit(address), {"confidence": "on_track", "progress": "A start"}, to="/update")
    page = manager.submit(preview, to="/deadlines/decide")
    assert page.status == 422
    assert page.errors == ["1a.3 was changed while you looked. Look at the list again before you decide."]


def test_nobody_ticks_a_request_of_their_own(manager: Visitor, world: World, watch: Engine) -> None:
    key = world.milestones["5"]
    asked = {"proposed": "Mar 2026", "reason_code": "funding", "reason": "No money", "recovery": "A grant"}
    manager.submit(manager.visit(f"/milestones/{key}/new-date"), asked, to="/new-date")
    page = manager.visit("/plans/alpha/deadlines/decide")
    assert "Somebody else records the decision on these: 1a.5 to Mar 2026." in page.words
    ticks = page.find("//input[@name='changes']/@value")
    assert ticks == [str(world.change)]
    before = contents(watch)
    forged = {**MEETING, "changes": [str(world.change), str(world.change + 2)], "decision": "approve"}
    for step in ("preview", "record"):
        assert manager.send("/plans/alpha/deadlines/decide", {**forged, "step": step}).status == 422
    assert contents(watch) == before


def test_the_ledger_of_deadlines_is_narrowed_by_its_address(manager: Visitor) -> None:
    page = manager.visit("/plans/alpha/deadlines")
    assert page.rows("Milestones whose date was moved")[0][1:] == ["Nov 2025", "Dec 2025", "1 month later", "1"]
    assert "1 waiting for a decision; 1 approved; none refused" in page.words
    waiting = manager.visit("/plans/alpha/deadlines?state=requested")
    assert "1 waiting for a decision; none approved; none refused, of 2 in all." in waiting.words
    funding = manager.visit("/plans/alpha/deadlines?reason=funding&level=nonsense")
    assert "None waiting for a decision; none approved" in funding.words
    past = manager.visit("/plans/alpha/deadlines?as_at=2025-07-31")
    assert "No deadline has been moved" in past.words


def test_the_board_moves_the_end_of_a_plan(manager: Visitor) -> None:
    opened = manager.visit(manager.visit("/plans/alpha/deadlines").link("Move the end of the plan"))
    told = {**MEETING, "proposed": "Aug 2025", "reason_code": "scope", "reason": "A new inspection"}
    early = manager.submit(opened, told, to="/end")
    assert early.errors == ["Enter an end that is today or later."]
    page = manager.submit(early, {**told, "proposed": "Sep 2028"}, to="/end")
    assert "The end of the plan is moved." in page.words
    row = page.rows("Moves of the end of the plan")[0]
    assert row[1].startswith("Sep 2028")
    assert "minute 5.2" in row[3]


def test_a_new_date_says_how_far_it_slips_and_whose_decision_it_is(manager: Visitor, world: World) -> None:
    page = manager.visit(f"/milestones/{world.milestones['3']}/new-date/{world.change}")
    assert "Dec 2025 (1 month later than the current date)" in page.words
    assert "Procurement: The supplier is late" in page.words
    assert "It is a first, short move, so the improvement manager may decide it alone." in page.words


def test_the_settings_say_when_completions_are_checked_and_what_the_manager_may_agree(
    manager: Visitor, world: World
) -> None:
    opened = manager.visit("/plans/alpha/settings")
    wrong = manager.submit(opened, {"delegated_days": "1000", "reason": "Minute 2"}, to="/settings")
    assert wrong.errors == ["Enter a number of days from 0 to 366"]
    manager.submit(opened, {"delegated_days": "0", "check_months": "6", "reason": "Minute 2"}, to="/settings")
    again = manager.visit("/plans/alpha/settings")
    assert again.find("//input[@name='delegated_days']/@value") == ["0"]
    assert again.find("//select[@name='check_months']/option[@selected]/@value") == ["6"]
    decide = f"/milestones/{world.milestones['2']}/decide"
    manager.submit(manager.visit(decide), {"decision": "approve"}, to="/decide")
    done = manager.visit(f"/milestones/{world.milestones['2']}")
    assert "Stays Blue, for another reason from 10 March 2026" in done.words
    page = manager.visit(f"/milestones/{world.milestones['3']}/new-date/{world.change}")
    assert "more than the 0 days of the manager, so the board decides." in page.words
