"""The plans that ship: as many lines as their READMEs say, dates that can be read, and no person in them."""

import hashlib
import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from tracker.paths import bundled
from tracker.rules.dates import Reading, read_period
from tracker.rules.document import PlanDocument
from tracker.services.seed_files import load_document, seed_path, seed_slugs

SLUGS = [
    "gloucestershire-inclusion-2022",
    "northumberland-inclusion",
    "somerset-wsoa",
    "wf-belonging-2026",
    "wf-send-2025",
]
ROWS = {
    "good_looks_like": "What good looks like",
    "criterion_quantitative": "Success criteria, quantitative",
    "criterion_qualitative": "Success criteria, qualitative",
    "interdependency": "Interdependencies",
    "impact": "Impacts",
    "practice_universal": "Universal practices",
    "practice_targeted": "Targeted practices",
    "practice_specialist": "Specialist practices",
    "definition": "Definitions",
    "governance": "Governance",
    "principle": "Principles",
}
# Names of the people in the source documents, as hashes: a test that named them would publish them itself.
PEOPLE = frozenset(
    re.findall(
        r"\w+",
        """
    023728ada1fc61a8 0c081477c9bcc99e 14bcfd959277cdb9 1b70d6adf707bdef 21abb4bd519369d6 26ae784d194a5760
    2c249473aa501c43 4151f71c176ed43c 4b25923a4f31b831 66dc3e49e4c3a2e9 7c8e53730980d657 8524a60053b01aea
    962314b7ef2f7000 984c6af0afbab0b5 a1a34636362a0a04 a1cf52f3879ca4ee b0d3518b1abfb591 b4a05e2078c85af2
    b5048af978744ada b5679ea7383b47df b918c3f9116ce3a6 c24762dad798ed1a cd879f74c6ffe6e4 d148bfa1bbe1ce46
    dd6b079f455bea52 e6cca3bbc33dd1b6 e8562e76515e8f8f e8e9689deac5bac9 f3fe5a51a2be8c6d ff21099ebf996c92
    08a411180ff1c88c 2b6176775c2482d4 62c47cd2232bf614 8aaaaa12e5da6258 dcd1a6b50612e6c0
    """,
    )
)
# Words that the sources print with a figure where they print no year.
UNDATED_READINGS = {"Year not printed", "Not dated", "Currently", "Each year", "Pre-pandemic"}


@pytest.fixture(params=SLUGS)
def slug(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def plan(slug: str) -> PlanDocument:
    return load_document(seed_path(slug))


def every_workstream(plan):
    return [workstream for priority in plan.priorities for workstream in priority.workstreams]


def every_milestone(plan):
    placed = [milestone for workstream in every_workstream(plan) for milestone in workstream.milestones]
    return placed + [milestone for priority in plan.priorities for milestone in priority.unplaced]


def every_measure(plan):
    return [measure for part in (plan, *plan.priorities) for measure in part.measures]


def counted(plan):
    workstreams = every_workstream(plan)
    placed = [milestone for workstream in workstreams for milestone in workstream.milestones]
    counts = Counter(
        {
            "Priorities": len(plan.priorities),
            "Workstreams": len(workstreams),
            "Actions": sum(len(workstream.actions) for workstream in workstreams),
            "Milestones in workstreams": len(placed),
            "Of which dated": sum(1 for milestone in placed if milestone.date),
            "Of which implicit": sum(1 for milestone in placed if milestone.implicit),
            "Unplaced milestones": sum(len(priority.unplaced) for priority in plan.priorities),
            "Recurring commitments": sum(len(workstream.commitments) for workstream in workstreams),
            "Period states": sum(len(workstream.period_states) for workstream in workstreams),
            "Questions for a person": sum(1 for milestone in every_milestone(plan) if milestone.needs_decision),
            "Measures": len(every_measure(plan)),
            "Readings": sum(len(measure.readings) for measure in every_measure(plan)),
        }
    )
    counts.update(ROWS[record.kind] for part in (plan, *plan.priorities) for record in part.records)
    return {name: count for name, count in counts.items() if count}


def promised(slug):
    readme = seed_path(slug).with_name("README.md").read_text(encoding="utf-8")
    table = readme.split("| What | Count |")[1].split("\n\n")[0]
    return {name: int(count) for name, count in re.findall(r"^\| (.+?) \| (\d+) \|$", table, re.MULTILINE)}


def test_the_five_plans_ship():
    assert seed_slugs() == SLUGS


def test_a_plan_holds_what_its_readme_promises(slug, plan):
    assert counted(plan) == promised(slug)
    assert plan.slug == slug


def test_refs_are_unique_within_their_parent(plan):
    groups = [plan.priorities]
    groups += [priority.workstreams for priority in plan.priorities]
    for workstream in every_workstream(plan):
        groups += [workstream.actions, workstream.milestones, workstream.commitments]
    for group in groups:
        refs = [line.ref for line in group]
        assert len(refs) == len(set(refs)), refs


def test_milestones_and_states_point_at_lines_that_exist(plan):
    for workstream in every_workstream(plan):
        actions = {action.ref: action.text for action in workstream.actions}
        milestones = {milestone.ref for milestone in workstream.milestones}
        assert {state.milestone for state in workstream.period_states} <= milestones
        for milestone in workstream.milestones:
            assert set(milestone.actions) <= set(actions)
            if milestone.implicit:
                assert [actions[ref] for ref in milestone.actions] == [milestone.text]


def test_the_date_of_every_milestone_can_be_read_without_a_question(plan):
    for milestone in every_milestone(plan):
        period = read_period(milestone.date, year_kind=plan.year_kind)
        wanted = Reading.DATED if milestone.date else Reading.UNDATED
        assert (period.reading, period.question) == (wanted, ""), milestone


def test_the_words_for_the_plan_its_tails_and_its_commitments_can_be_read(plan):
    for words in filter(None, (plan.starts, plan.ends, plan.original_end)):
        assert read_period(words).reading is Reading.DATED
    if plan.adopted:
        date.fromisoformat(plan.adopted)
    frequencies = [
        commitment.frequency for workstream in every_workstream(plan) for commitment in workstream.commitments
    ]
    frequencies += [milestone.tail for milestone in every_milestone(plan) if milestone.tail]
    frequencies += [measure.frequency for measure in every_measure(plan) if measure.frequency]
    for words in frequencies:
        assert read_period(words).reading is Reading.RECURRING, words


def test_every_reading_has_a_period_or_says_that_none_is_printed(plan):
    for measure in every_measure(plan):
        assert measure.polarity in ("", "up", "down")
        for reading in measure.readings:
            period = read_period(reading.period, year_kind=plan.year_kind)
            assert period.end is not None or reading.period in UNDATED_READINGS, reading
            assert re.search(r"\d", reading.value), reading


def test_texts_are_folded_plain_text(slug):
    text = seed_path(slug).read_text(encoding="utf-8")
    assert "\t" not in text
    assert "\r" not in text
    assert not re.search(r"<[a-z/]", text)
    assert "  - " in text


def test_no_file_names_a_person_or_gives_an_address():
    paths = [path for path in bundled("seeds").rglob("*") if path.is_file()]
    assert len(paths) >= 2 * len(SLUGS)
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"[\w.+-]+@[\w-]+", text), path
        assert not re.search(r"\b0\d{2,4} \d{3} ?\d{3,4}\b", text), path
        words = re.findall(r"[a-z]+", text.lower())
        said = {*words, *(" ".join(pair) for pair in pairwise(words))}
        hashes = {hashlib.sha256(name.encode()).hexdigest()[:16] for name in said}
        assert not hashes & PEOPLE, path


def test_the_send_plan_has_the_actions_and_milestones_of_each_workstream():
    plan = load_document(seed_path("wf-send-2025"))
    found = {line.ref: (len(line.actions), len(line.milestones)) for line in every_workstream(plan)}
    assert found == {
        "1a": (3, 5), "1b": (2, 3), "1c": (4, 7),
        "2a": (4, 4), "2b": (2, 9), "2c": (1, 4), "2d": (1, 3), "2e": (2, 3),
        "3a": (1, 3), "3b": (1, 3), "3c": (1, 2), "3d": (1, 4), "3e": (1, 9),
        "4a": (4, 7), "4b": (1, 2), "4c": (1, 0), "4d": (4, 3), "4e": (5, 5), "4f": (2, 3),
    }  # fmt: skip
    assert (plan.adopted, plan.priority_label) == ("2025-05-28", "Section")
    assert list(plan.key) == ["Grey", "Blue", "Green", "Amber", "Red"]
    assert not any(milestone.actions for milestone in every_milestone(plan))
    assert all(workstream.leads for workstream in every_workstream(plan))


def test_the_send_plan_keeps_its_orphan_its_tail_and_its_commitments():
    plan = load_document(seed_path("wf-send-2025"))
    (orphan,) = plan.priorities[0].unplaced
    assert (orphan.ref, orphan.date) == ("11", "Jun 2026")
    assert "missing" in orphan.needs_decision
    fifth = plan.priorities[0].workstreams[0].milestones[4]
    assert (fifth.date, fifth.tail) == ("Jun 2026", "quarterly reviews following this")
    commitments = [line for workstream in every_workstream(plan) for line in workstream.commitments]
    assert Counter(line.frequency for line in commitments) == {"Weekly": 1, "6 Monthly": 2, "Annual": 2}
    dates = Counter(milestone.date for milestone in every_milestone(plan))
    assert (dates["Sep 2025"], dates["Jan 2026"], dates["Sep 2026"], dates["Sept 2026"]) == (17, 14, 2, 1)


def test_the_extended_strategy_says_when_it_was_to_end_and_why_it_goes_on():
    plan = load_document(seed_path("gloucestershire-inclusion-2022"))
    assert (plan.starts, plan.original_end, plan.ends) == ("2022", "2025", "Sept 2026")
    assert "12 months" in plan.end_moved_reason
    impacts = [sum(record.kind == "impact" for record in priority.records) for priority in plan.priorities]
    actions = [sum(len(line.actions) for line in priority.workstreams) for priority in plan.priorities]
    assert (actions, impacts) == ([8, 5, 7, 5, 4, 7], [4, 4, 5, 5, 5, 6])


def test_the_period_grid_is_read_as_states_of_its_five_milestones():
    plan = load_document(seed_path("somerset-wsoa"))
    (grid,) = plan.priorities[0].workstreams
    assert [(state.period, state.state) for state in grid.period_states] == [
        ("Sep - Dec 21", "COMPLETED"),
        ("Sep - Dec 21", "COMPLETED"),
        ("Sep - Dec 21", "COMPLETED"),
        ("Sep - Dec 21", "EMBEDDING"),
        ("after Dec 21", "IN PROGRESS"),
    ]
    assert not any(milestone.date for milestone in grid.milestones)
    assert grid.milestones[4].needs_decision


@pytest.mark.parametrize(
    ("monthly", "yearly", "over"),
    [
        ("Exclusions (formerly permanent exclusion), by month", "Exclusions (formerly permanent exclusion), total", 0),
        (
            "Suspensions (formerly fixed term exclusion), by month",
            "Suspensions (formerly fixed term exclusion), total",
            3,
        ),
    ],
)
def test_monthly_figures_add_up_to_the_printed_totals_but_for_the_one_that_does_not(monthly, yearly, over):
    plan = load_document(seed_path("somerset-wsoa"))
    months = next(measure for measure in every_measure(plan) if measure.name == monthly)
    totals = next(measure for measure in every_measure(plan) if measure.name.startswith(yearly))
    sums = Counter()
    for reading in months.readings:
        month, year = reading.period.split()
        first = int(year) - (month not in ("Sep", "Oct", "Nov", "Dec"))
        sums[f"{first}/{(first + 1) % 100}"] += int(reading.value)
    printed = {reading.period: int(reading.value) for reading in totals.readings}
    differences = {year: printed[year] - total for year, total in sums.items()}
    assert differences == {"2019/20": 0, "2020/21": 0, "2021/22": over}


def test_attendance_of_vulnerable_groups_is_as_printed():
    plan = load_document(seed_path("wf-belonging-2026"))
    figures = {
        (measure.name, reading.group): reading.value for measure in every_measure(plan) for reading in measure.readings
    }
    assert figures["Attendance", "EHCP, Westmorland and Furness"] == "86.4%"
    assert figures["Attendance", "FSM, national"] == "89.4%"
    assert figures["Persistent absence", "CP, Westmorland and Furness"] == "51.5%"
    assert ("Attendance", "CiN, national") not in figures
