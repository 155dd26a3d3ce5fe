"""The key: what each colour means here and in the plan's own words, the rules in order, and the marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tracker.exports.facts import ReportFacts
from tracker.exports.report import (
    Block,
    Cell,
    Column,
    Group,
    Heading,
    Kind,
    Paragraph,
    Part,
    Section,
    StatusValue,
    Table,
)
from tracker.rules.colour import NAMES, Colour
from tracker.rules.rating import Rating
from tracker.rules.scheme import Scheme
from tracker.rules.vocabulary import PERCENT, Term, Vocabulary

_MARKS = (
    ("late", "Complete, after the original date, or after the baseline of a later version."),
    ("check due", "Complete, and the day has come to ask whether it is still true."),
    ("embedded", "Complete, and found still true some months later."),
    ("completed late", "Completion claimed for a day after the deadline; not signed off yet."),
    ("awaiting sign-off", "Completion is claimed with evidence and not yet decided."),
    ("sign-off overdue", "The approver has had longer than allowed."),
    ("new date required", "The deadline has passed and no new date has been asked for."),
    ("new date proposed", "A new date has been asked for and is not decided; the colour stays what it is."),
    ("due before adoption", "The deadline lies before the day on which the plan was adopted."),
    ("moved x1", "The deadline has been moved by that many approved decisions."),
    ("override", "A person has set the colour, with a reason and an end; the computed colour is kept."),
)


def key(facts: ReportFacts) -> Section:
    """Return the key and the rule table of the plan's rating scheme."""
    rating = facts.snapshot.plan.ratings.on(facts.day)
    status = Column("Status", Kind.STATUS, 26)
    return Section(
        "key",
        "",
        "Key and rules",
        (
            Heading("Key to the colours"),
            Paragraph(f"Rating scheme: {rating.name}. {rating.summary}"),
            colours_table(rating, facts.snapshot.plan.key),
            *_second_rating(rating),
            Heading("Rules"),
            Paragraph("The first rule that matches gives the colour. No colour is typed."),
            Table(
                "key.rules",
                "Rules in order",
                (Column("Rule", width=8), status, Column("When", width=110)),
                rules(facts.scheme, facts.vocabulary),
                "Rules",
                (
                    Group("Rule", 16, (Part(0, bold=True),)),
                    Group("Status", 36, (Part(1),)),
                    Group("When", 122, (Part(2),)),
                ),
            ),
            Paragraph(_roll_up(facts.scheme)),
            *_percent_note(rating),
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


def colours_table(rating: Rating, document_key: Sequence[tuple[str, str]] = ()) -> Table:
    """Return every term with what was computed and what it means; the document's own words stand beside."""
    words = {name.casefold(): text for name, text in document_key}
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            StatusValue(term.colours[0], (), term),
            " or ".join(NAMES[colour] for colour in term.colours),
            term.meaning,
            "; ".join(_quoted(term, colour, words) for colour in term.colours if NAMES[colour].casefold() in words),
        )
        for term in rating.vocabulary.terms
    )
    return Table(
        "key.colours",
        f"What each colour means: {rating.name}",
        (
            Column("Status", Kind.STATUS, 26),
            Column("Computed colour", width=18),
            Column("Meaning", width=70),
            Column("In the plan's own document", width=70),
        ),
        rows,
        "Key",
        (
            Group("Status", 40, (Part(0),)),
            Group("Computed colour", 24, (Part(1),)),
            Group("Meaning", 64, (Part(2),)),
            Group("In the plan's own document", 46, (Part(3),)),
        ),
    )


def _quoted(term: Term, colour: Colour, words: Mapping[str, str]) -> str:
    """Return the document's words for a computed colour, with its name where the plan calls it something else."""
    text = words[NAMES[colour].casefold()]
    return text if term.name == NAMES[colour] else f"{NAMES[colour]}: {text}"


def _second_rating(rating: Rating) -> tuple[Block, ...]:
    if not rating.vocabulary.outcome:
        return ()
    return (
        Heading("Confidence in the outcome"),
        Paragraph("The lead's own rating, given with a reason. No colour depends on it."),
        Table(
            "key.outcome",
            "What each confidence means",
            (Column("Confidence", Kind.STATUS, 26), Column("Meaning", width=90)),
            tuple((StatusValue(Colour.NONE, (), term), term.meaning) for term in rating.vocabulary.outcome),
            "Outcome key",
            (Group("Confidence", 44, (Part(0),)), Group("Meaning", 130, (Part(1),))),
        ),
    )


def _percent_note(rating: Rating) -> tuple[Block, ...]:
    if not rating.vocabulary.has(PERCENT):
        return ()
    return (
        Paragraph(
            "Percent complete of a milestone is the lead's own figure, and 100 only once it is signed off; of anything "
            "larger it is the share of its milestones that are signed off. No colour depends on it."
        ),
    )


def rules(scheme: Scheme, vocabulary: Vocabulary) -> tuple[tuple[Cell, ...], ...]:
    """Return the rules of colour in the order in which they are tried, with the scheme's thresholds."""

    def shown(colour: Colour, rule: str) -> StatusValue:
        return StatusValue(colour, (), vocabulary.term(colour, rule))

    red, amber = vocabulary.term(Colour.RED).name, vocabulary.term(Colour.AMBER).name
    return (
        ("0", shown(Colour.NONE, "0"), "Suspended, withdrawn or superseded by a recorded decision."),
        (
            "1",
            shown(Colour.BLUE, "1"),
            "Completed, and the sign-off is approved, not revoked, and still of the same evidence.",
        ),
        (
            "2",
            shown(Colour.GREEN, "2"),
            f"Completion claimed in time and undecided, for up to {scheme.signoff_days} days; after that, or if "
            f"claimed late, {amber}. A returned claim clears the completion.",
        ),
        (
            "3",
            shown(Colour.RED, "3"),
            "The current deadline has passed. Neither a request for a new date nor a forecast clears it.",
        ),
        ("4a", shown(Colour.AMBER, "4a"), "The forecast is after the deadline."),
        ("4b", shown(Colour.AMBER, "4b"), "The lead says that it is at risk or will miss, with the reason."),
        (
            "4c",
            shown(Colour.AMBER, "4c"),
            f"Blocked, or an unfinished predecessor is {red} or expected after this deadline.",
        ),
        (
            "4d",
            shown(Colour.AMBER, "4d"),
            f"Not started after its planned start, or within {scheme.not_started_days} days of the deadline.",
        ),
        ("4e", shown(Colour.AMBER, "4e"), "The sign-off was returned."),
        (
            "4f",
            shown(Colour.AMBER, "4f"),
            f"Moved {scheme.cap_moves} times or more, or more than {scheme.cap_months} months past the original date.",
        ),
        ("4g", shown(Colour.AMBER, "4g"), "A new date was approved and the lead has not confirmed it since."),
        ("5", shown(Colour.GREY, "5"), "Not started."),
        ("6", shown(Colour.GREEN, "6"), "Otherwise."),
    )


def _roll_up(scheme: Scheme) -> str:
    red, amber = scheme.name(Colour.RED), scheme.name(Colour.AMBER)
    if scheme.strict:
        return "A priority and the plan take the worst colour among their milestones. Counts always stand beside it."
    return (
        f"A priority and the plan are {red} if a critical milestone is {red}, or if at least "
        f"{scheme.share:.0%} of those due to date (and at least {scheme.minimum}) are; {amber} if any milestone is "
        f"{red}, a critical one is {amber}, or at least {scheme.share:.0%} of the unfinished (and at least "
        f"{scheme.minimum}) are {amber}. A workstream takes the worst colour among its milestones. Nothing is averaged."
    )
