"""The key: what each colour means here and in the plan's own words, the rules in order, and the marks."""

from __future__ import annotations

from tracker.exports.facts import ReportFacts
from tracker.exports.report import Cell, Column, Group, Heading, Kind, Paragraph, Part, Section, StatusValue, Table
from tracker.rules.colour import BAR_ORDER, NAMES, Colour
from tracker.rules.scheme import Scheme

_MEANING = {
    Colour.RED: "The current deadline has passed and the milestone is not complete.",
    Colour.AMBER: "Not yet late, and something recorded says that it is likely to be.",
    Colour.GREEN: "Under way, with nothing recorded against meeting the deadline.",
    Colour.GREY: "Not started, and not yet near its deadline.",
    Colour.BLUE: "Complete, with evidence, and signed off by a second person.",
    Colour.NONE: "Suspended, withdrawn or superseded by a recorded decision; left out of every percentage.",
}
_MARKS = (
    ("late", "Complete, after the original date, or after the baseline of a later version."),
    ("check due", "Complete, and the day has come to ask whether it is still true."),
    ("embedded", "Complete, and found still true some months later."),
    ("completed late", "Completion claimed for a day after the deadline; not signed off yet."),
    ("awaiting sign-off", "Completion is claimed with evidence and not yet decided."),
    ("sign-off overdue", "The approver has had longer than allowed."),
    ("new date required", "The deadline has passed and no new date has been asked for."),
    ("new date proposed", "A new date has been asked for and is not decided; the colour stays Red."),
    ("due before adoption", "The deadline lies before the day on which the plan was adopted."),
    ("moved x1", "The deadline has been moved by that many approved decisions."),
    ("override", "A person has set the colour, with a reason and an end; the computed colour is kept."),
)


def key(facts: ReportFacts) -> Section:
    """Return the key and the rule table of the plan's rating scheme."""
    words = {name.casefold(): text for name, text in facts.snapshot.plan.key}
    colours: tuple[tuple[Cell, ...], ...] = tuple(
        (StatusValue(colour), NAMES[colour], _MEANING[colour], words.get(NAMES[colour].casefold(), ""))
        for colour in (*BAR_ORDER, Colour.NONE)
    )
    status = Column("Status", Kind.STATUS, 20)
    return Section(
        "key",
        "",
        "Key and rules",
        (
            Heading("Key to the colours"),
            Table(
                "key.colours",
                "What each colour means",
                (
                    status,
                    Column("Colour", width=14),
                    Column("Meaning", width=70),
                    Column("In the plan's words", width=70),
                ),
                colours,
                "Key",
                (
                    Group("Status", 34, (Part(0),)),
                    Group("Colour", 22, (Part(1, bold=True),)),
                    Group("Meaning", 68, (Part(2),)),
                    Group("In the plan's words", 50, (Part(3),)),
                ),
            ),
            Heading("Rules"),
            Paragraph("The first rule that matches gives the colour. No colour is typed."),
            Table(
                "key.rules",
                "Rules in order",
                (Column("Rule", width=8), status, Column("When", width=110)),
                rules(facts.scheme),
                "Rules",
                (
                    Group("Rule", 16, (Part(0, bold=True),)),
                    Group("Status", 36, (Part(1),)),
                    Group("When", 122, (Part(2),)),
                ),
            ),
            Paragraph(_roll_up(facts.scheme)),
            Heading("Marks"),
            Table(
                "key.marks",
                "Marks that stand beside a colour",
                (Column("Mark", width=24), Column("Meaning", width=90)),
                _MARKS,
                "Marks",
                (Group("Mark", 44, (Part(0, bold=True),)), Group("Meaning", 130, (Part(1),))),
            ),
        ),
        annex=True,
    )


def rules(scheme: Scheme) -> tuple[tuple[Cell, ...], ...]:
    """Return the rules of colour in the order in which they are tried, with the scheme's thresholds."""
    red, amber, green = StatusValue(Colour.RED), StatusValue(Colour.AMBER), StatusValue(Colour.GREEN)
    return (
        ("0", StatusValue(Colour.NONE), "Suspended, withdrawn or superseded by a recorded decision."),
        (
            "1",
            StatusValue(Colour.BLUE),
            "Completed, and the sign-off is approved, not revoked, and still of the same evidence.",
        ),
        (
            "2",
            green,
            f"Completion claimed in time and undecided, for up to {scheme.signoff_days} days; after that, or if "
            "claimed late, Amber. A returned claim clears the completion.",
        ),
        ("3", red, "The current deadline has passed. Neither a request for a new date nor a forecast clears it."),
        ("4a", amber, "The forecast is after the deadline."),
        ("4b", amber, "The lead says that it is at risk or will miss, with the reason."),
        ("4c", amber, "Blocked, or an unfinished predecessor is Red or expected after this deadline."),
        (
            "4d",
            amber,
            f"Not started after its planned start, or within {scheme.not_started_days} days of the deadline.",
        ),
        ("4e", amber, "The sign-off was returned."),
        (
            "4f",
            amber,
            f"Moved {scheme.cap_moves} times or more, or more than {scheme.cap_months} months past the original date.",
        ),
        ("4g", amber, "A new date was approved and the lead has not confirmed it since."),
        ("5", StatusValue(Colour.GREY), "Not started."),
        ("6", green, "Otherwise."),
    )


def _roll_up(scheme: Scheme) -> str:
    if scheme.strict:
        return "A priority and the plan take the worst colour among their milestones. Counts always stand beside it."
    return (
        "A priority and the plan are Red if a critical milestone is Red, or if Reds are at least "
        f"{scheme.share:.0%} of those due to date (and at least {scheme.minimum}); Amber if any milestone is Red, a "
        f"critical one is Amber, or Ambers are at least {scheme.share:.0%} of the unfinished (and at least "
        f"{scheme.minimum}). A workstream takes the worst colour among its milestones. Nothing is averaged."
    )
