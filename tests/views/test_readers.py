"""What those come for who read: board members, auditors, administrators, and whoever signs in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from tests.factories import NOW, person
from tests.pages import Page
from tests.views.visitor import Visitor, target
from tests.views.world import PASSWORD, World

Visit = Callable[[str], Visitor]


# ------------------------------------------------------------------ the board
def test_the_board_view_says_where_the_plan_stands_and_what_is_asked(visit: Visit) -> None:
    page = visit("board").visit("/plans/alpha/board")
    assert "The alpha plan" in page.text
    assert "10 September 2025" in page.words
    assert "1a.3" in page.words
    assert not page.find("//main//form[@method='post']")


def test_the_board_view_as_at_a_day_shows_that_day_and_says_so(visit: Visit) -> None:
    page = visit("board").visit("/plans/alpha/board?as_at=2025-07-31&since=2025-06-15")
    assert "31 July 2025" in page.words
    assert "15 June 2025" in page.words
    assert "The board is worried" not in page.words
    assert "The board is worried" in visit("board").visit("/plans/alpha/board?since=2025-08-01").text


def test_links_on_a_page_of_the_past_stay_in_the_past(visit: Visit) -> None:
    page = visit("board").visit("/plans/alpha?as_at=2025-07-31")
    inside = [link for link in page.find("//main//a/@href") if link.startswith("/plans/alpha/")]
    assert inside
    assert all("as_at=2025-07-31" in link for link in inside)


def test_what_waits_for_a_decision_was_not_yet_asked_in_july(visit: Visit) -> None:
    board = visit("board")
    assert "1a.3" in board.visit("/plans/alpha/decisions").words
    assert "1a.3" not in board.visit("/plans/alpha/decisions?as_at=2025-07-31").words


def test_a_board_member_is_offered_no_act(visit: Visit, world: World) -> None:
    for key in world.milestones.values():
        page = visit("board").visit(f"/milestones/{key}")
        assert not page.find("//main//form[@method='post']")
        assert not page.find("//main//a[contains(@class, 'govuk-button')]")


def test_history_is_for_those_who_answer_for_the_whole_plan(visit: Visit) -> None:
    assert "The manager" in visit("auditor").visit("/plans/alpha/history").words
    assert not visit("lead").visit("/plans/alpha").find("//a[contains(@href, '/history')]")


# ------------------------------------------------------------------ people
def test_a_disabled_person_is_signed_out_at_the_next_request(visit: Visit) -> None:
    administrator, board = visit("administrator"), visit("board")
    board.visit("/plans/alpha")
    page = administrator.submit(
        administrator.visit(f"/accounts/{board.world.people['board']}"),
        to=f"/accounts/{board.world.people['board']}/disable",
    )
    assert "The board is disabled and signed out everywhere. You can enable the account again." in page.words
    answer = board.get("/plans/alpha")
    assert answer.status == 303
    assert target(answer).startswith("/sign-in?")
    enabled = administrator.submit(page, to=f"/accounts/{board.world.people['board']}/enable")
    assert "The board can sign in again." in enabled.words
    assert board.get("/plans/alpha").status == 303, "The old session stays ended"


def test_an_administrator_does_not_disable_the_own_account(visit: Visit) -> None:
    administrator = visit("administrator")
    page = administrator.send(f"/accounts/{administrator.world.people['administrator']}/disable")
    assert page.status == 400
    assert "You cannot disable your own account." in page.words
    assert administrator.send("/accounts/9999/disable").status == 404


def test_a_post_shows_who_holds_it_and_what_it_leads(visit: Visit, world: World) -> None:
    page = visit("auditor").visit(f"/people/posts/{world.post}")
    assert "The lead" in page.words
    assert "Timely assessment" in page.words
    assert visit("auditor").get("/people/posts/9999").status == 404


# ------------------------------------------------------------------ signing in and out
def sign_in(visitor: Visitor, email: str, password: str, next: str = "") -> Page:
    """Fill in the sign-in page; does not follow the answer."""
    opened = visitor.visit(f"/sign-in?next={next}" if next else "/sign-in")
    return visitor.submit(opened, {"email": email, "password": password}, to="/sign-in", follow=False)


def test_signing_in_leads_back_to_where_one_wanted_to_go(visit: Visit) -> None:
    visitor = visit("anonymous")
    wanted = visitor.get("/plans/alpha/board?as_at=2025-07-31")
    assert wanted.status == 303
    opened = visitor.visit(target(wanted))
    told = {"email": " Manager@Testshire.example ", "password": PASSWORD}
    page = visitor.submit(opened, told, to="/sign-in", follow=False)
    assert target(page) == "/plans/alpha/board?as_at=2025-07-31"
    assert visitor.get("/plans/alpha").status == 200


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
        "%09//evil.example",
        "/%0d%0aLocation:%20https://evil.example",
        "javascript:alert(1)",
        "http://[",
        "/%09/[",
        "https:evil.example",
        "/%5Cevil.example",
        "%00//evil.example",
        "evil.example",
    ],
)
def test_signing_in_never_leads_to_another_site(visit: Visit, elsewhere: str) -> None:
    page = sign_in(visit("anonymous"), "manager@testshire.example", PASSWORD, elsewhere)
    assert page.status == 303
    assert target(page) == "/"
    assert target(visit("manager").get(f"/sign-in?next={elsewhere}")) == "/"


def test_signing_out_ends_the_session(visit: Visit) -> None:
    manager = visit("manager")
    page = manager.submit(manager.visit("/"), to="/sign-out")
    assert page.heading == "Sign in"
    assert "You have signed out." in page.words
    assert manager.get("/").status == 303


def test_a_session_of_another_time_is_worth_nothing(visit: Visit) -> None:
    manager = visit("manager")
    with time_machine.travel(NOW + timedelta(hours=13)):
        assert manager.get("/").status == 303


def test_an_unknown_address_and_a_wrong_password_get_the_same_answer(visit: Visit) -> None:
    answers = []
    for email in ("nobody@testshire.example", "manager@testshire.example", "disabled@testshire.example"):
        page = sign_in(visit("anonymous"), email, "not the password")
        assert page.status == 422
        assert "password" in page.errors[0]
        field = page.find("//input[@name='email']")[0]
        assert field.get("value") == email
        assert not page.find("//input[@name='password']")[0].get("value")
        answers.append([page.errors, page.words, page.find("//title")[0].text])
    assert answers[0] == answers[1] == answers[2]


def test_after_ten_wrong_passwords_the_right_one_waits_a_quarter_of_an_hour(visit: Visit) -> None:
    visitor = visit("anonymous")
    email = "manager@testshire.example"
    wrong = [sign_in(visitor, email, f"guess {number}").errors for number in range(10)]
    locked = sign_in(visitor, email, PASSWORD)
    assert locked.status == 422
    assert locked.errors == wrong[0]
    with time_machine.travel(NOW + timedelta(minutes=16)):
        assert sign_in(visitor, email, PASSWORD).status == 303


def test_guesses_at_an_address_that_nobody_has_end_in_the_same_way(visit: Visit) -> None:
    answers = {tuple(sign_in(visit("anonymous"), "nobody@testshire.example", "guess").errors) for _ in range(12)}
    assert len(answers) == 1


def test_a_session_that_was_there_before_signing_in_does_not_go_on(visit: Visit) -> None:
    visitor = visit("anonymous")
    with visitor.http.session_transaction() as kept:
        kept["planted"] = "by somebody else"
    sign_in(visitor, "manager@testshire.example", PASSWORD)
    with visitor.http.session_transaction() as kept:
        assert "planted" not in kept


def test_whoever_loses_a_role_loses_it_at_the_next_request(visit: Visit, watch: Engine, world: World) -> None:
    from tracker.models import Membership

    manager = visit("manager")
    manager.visit("/plans/alpha/settings")
    with watch.begin() as connection:
        mine = Membership.person_id == world.people["manager"]
        connection.execute(update(Membership).where(mine).values(role="board"))
    assert manager.get("/plans/alpha/settings").status == 403
    with watch.begin() as connection:
        connection.execute(update(Membership).where(mine).values(plan_id=world.beta))
    assert manager.get("/plans/alpha").status == 404


def test_the_demonstrations_way_in_is_not_there_outside_the_demonstration(visit: Visit) -> None:
    for role in ("manager", "lead", "administrator", "nobody"):
        assert visit("anonymous").send(f"/demo/{role}").status == 404
    assert "demonstration" not in visit("anonymous").visit("/sign-in").words.casefold()


def test_people_and_posts_say_nothing_of_plans_that_one_may_not_see(visit: Visit, world: World) -> None:
    visitor = visit("other manager")
    for address in ("/people", f"/people/posts/{world.post}"):
        page = visitor.visit(address)
        for secret in ("alpha plan", "Timely assessment", "/plans/alpha"):
            assert secret not in page.text
            assert secret.partition(" ")[0] in visit("administrator").visit(f"/people/posts/{world.post}").text
    assert "The alpha plan" in visit("auditor").visit("/people").words


# ------------------------------------------------------------------ the menu
@pytest.mark.parametrize(
    ("persona", "rooms"),
    [
        ("lead", "Plans, My milestones, Boards"),
        ("manager", "Plans, Sign-off, Boards, Import, People and posts, Worker"),
        ("board", "Plans, Boards"),
        ("auditor", "Plans, Boards, People and posts"),
        ("administrator", "Plans, Boards, People and posts, Rating schemes, Worker"),
    ],
)
def test_the_menu_leads_to_the_rooms_of_ones_own_role_and_to_no_other(visit: Visit, persona: str, rooms: str) -> None:
    page = visit(persona).visit("/")
    texts = [text.strip() for text in page.find("//nav[@aria-label='Menu']//li//a//text()")]
    assert ", ".join(text for text in texts if text and not text.isdigit()) == rooms  # a number says what waits there


def test_who_changed_a_board_is_shown_to_those_who_may_change_it_and_to_auditors(visit: Visit, world: World) -> None:
    address = f"/boards/{world.boards['board']}"
    for persona, told in {
        "manager": True,
        "auditor": True,
        "administrator": True,
        "board": False,
        "lead": False,
    }.items():
        assert ("changes of the board and its meetings" in visit(persona).visit(address).words) == told, persona


def test_the_menu_leads_a_person_without_any_role_to_the_plans_alone(visit: Visit, watch: Engine) -> None:
    with Session(watch) as session:
        nobody = person(session, "Nobody in particular").id
        session.commit()
    visitor = visit("anonymous")
    visitor.sign_in(nobody)
    page = visitor.visit("/")
    assert page.find("//nav[@aria-label='Menu']//li//a/@href") == ["/"]
    assert not page.find("//main//a[starts-with(@href, '/import')]")


def test_a_session_begins_with_nothing_of_the_one_before(visit: Visit) -> None:
    visitor = visit("anonymous")
    with visitor.http.session_transaction() as kept:
        kept["left"] = "by a stranger"
    visitor.send("/sign-in", {"email": "board@testshire.example", "password": PASSWORD})
    with visitor.http.session_transaction() as kept:
        assert "left" not in kept
        assert "_user_id" in kept
