"""The notation in which the layouts of the corpus are written.

A file begins with `=== name.xlsx`; its lines follow, and after `---` the truth about it.

Lines of a workbook: `[sheet] Name`, `[hidden sheet] Name`, `[hide] C` (a column), `| a | b` (a row), `h| a | b` (a
hidden row). Lines of a document: `# heading`, `## heading`, `* bold paragraph`, `- bullet`, `+ numbered`, `| a | b` (a
row of a table), or text. Lines of text and web pages stand as they are; of .csv as rows, with `[delimiter] ;` and
`[encoding] cp1252` above.

In a cell: `^` merged with the one above, `<` with the one to the left, `#1.1` a number, `#2026-03-31` a date,
`#2026-03-01;mmm-yy` with a number format, `{fill:FF0000}` a colour, `{b}` bold, `{s:old}` struck through, `{ins:new}`
and `{del:old}` tracked, `{sdt:text}` a content control, `{foot}` a footnote's mark, `{box:text}` a text box,
`{nest:a;b/c;d}` a table in the cell, `\\n` a new line, `\\s` a space, `\\_` one that does not break, `\\-` a soft
hyphen.

Truth: `T title`; `W ref | title | leads` (`W?` where it may as well be none); `A ref | text | leads | status | due`;
`M text | due | leads` below an action, `MW` below a workstream; or `NOT` where the file is no plan. A due date is
`2026-03-31`, several that may be taken `2026-03-31/2026-04-30`, `none` where there are words that give none, or empty
where there are not even words. Texts may be the beginning of what the file says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Milestone:
    """A milestone as a careful reader finds it; without words of its own it is the date of the action above."""

    text: str
    due: frozenset[str | None]
    leads: str = ""


@dataclass
class Action:
    """An action as a careful reader finds it."""

    ref: str
    text: str
    leads: str = ""
    status: str = ""
    milestones: list[Milestone] = field(default_factory=list)


@dataclass
class Workstream:
    """A workstream, which may have neither ref nor title where the file has none."""

    ref: str = ""
    title: str = ""
    leads: str = ""
    optional: bool = False  # what groups each action alone may as well be read as its reason
    actions: list[Action] = field(default_factory=list)
    milestones: list[Milestone] = field(default_factory=list)


@dataclass
class Specimen:
    """One file: its name, its lines as written, and what it holds; `plan` is false where it is no plan."""

    group: str
    name: str
    lines: list[str] = field(default_factory=list)
    plan: bool = True
    title: str = ""
    workstreams: list[Workstream] = field(default_factory=list)


def specimens(group: str, text: str) -> Iterator[Specimen]:
    """Yield the files that a text of layouts holds."""
    for part in ("\n" + text).split("\n=== ")[1:]:
        name, _, rest = part.partition("\n")
        layout, _, truth = rest.partition("\n---\n")
        made = Specimen(group, name.strip(), layout.split("\n"))
        for line in filter(None, map(str.strip, truth.split("\n"))):
            _told(made, line)
        yield made


def _told(made: Specimen, line: str) -> None:
    """Take one line of the truth."""
    kind, _, rest = line.partition(" ")
    parts = [part.strip() for part in rest.split("|")] + [""] * 5
    if kind == "NOT":
        made.plan = False
    elif kind == "T":
        made.title = rest
    elif kind in ("W", "W?"):
        made.workstreams.append(Workstream(*parts[:3], optional=kind == "W?"))
    elif kind == "A":
        action = Action(*parts[:4])
        made.workstreams[-1].actions.append(action)
        if parts[4]:
            action.milestones.append(Milestone("", _due(parts[4])))
    elif kind in ("M", "MW"):
        workstream = made.workstreams[-1]
        above = workstream if kind == "MW" or not workstream.actions else workstream.actions[-1]
        above.milestones.append(Milestone(parts[0], _due(parts[1]), parts[2]))
    else:
        raise ValueError(f"{made.name}: {line!r} is no line of a truth")


def _due(text: str) -> frozenset[str | None]:
    return frozenset(None if each in ("", "none") else each for each in text.split("/"))
