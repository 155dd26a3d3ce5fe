"""The words of messages, from templates/email: text and page of the same content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker import paths
from tracker.config import Settings
from tracker.queries.roster import Reader
from tracker.rules.dates import show_day
from tracker.rules.delivery import LINK_MARK
from tracker.rules.digest import LEADS_UPDATE, Digest, Item
from tracker.rules.rhythm import read_rhythm


@cache
def templates() -> Environment:
    """Return the templates of messages. Pages are escaped, texts are not."""
    return Environment(
        loader=FileSystemLoader(str(paths.bundled("templates"))),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def plain_page(subject: str, body: str, link: tuple[str, str], council: str) -> str:
    """Return a message of paragraphs as a page; `link` is an address ("" for none) and its words."""
    paragraphs = [part for part in body.strip().split("\n\n") if part]
    page = templates().get_template("email/plain.html")
    return page.render(subject=subject, paragraphs=paragraphs, link=link[0], opens=link[1], council=council)


def item_link(settings: Settings, item: Item, *, linked: bool) -> str:
    """Return the link of one item: the page of the tracker that it is about.

    Where the message carries a link of the person, a milestone of their own has its one-minute form instead.
    """
    if linked and item.milestone_id is not None and item.part in LEADS_UPDATE:
        return f"{settings.address}{LINK_MARK}/{item.milestone_id}"
    return f"{settings.address}{item.path}"


@dataclass(frozen=True, slots=True)
class Workbooks:
    """What a message says of the workbooks of its reader: how many go with it or do not, where they go back to."""

    attached: int
    left_out: int
    sensitive: bool
    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the items of a message: a sentence before them and one after."""

    intro: str
    foot: str
    until: date | None = None
    """The last day of the person's own link; None where the message carries none."""
    workbooks: Workbooks | None = None


def workbook_words(found: Workbooks) -> str:
    """Say what goes with a message and what is to be done with it; the addresses follow."""
    said = []
    if found.attached:
        one = found.attached == 1
        said.append(
            f"Your workbook{' is' if one else 's are'} attached. Fill in the white cells, save "
            f"{'it' if one else 'them'} and upload {'it' if one else 'them'} here."
        )
        if found.left_out:
            said.append(f"{found.left_out} more did not fit in this message: download them there.")
    elif found.left_out:
        one = found.left_out == 1
        said.append(
            f"Download your workbook{'' if one else 's'} here, fill {'it' if one else 'them'} in and upload "
            f"{'it' if one else 'them'} on the same page."
        )
    if found.sensitive:
        said.append("Of a plan marked as sensitive no workbook is sent by message.")
    return " ".join(said)


def digest_letter(
    digest: Digest, person: Reader, settings: Settings, until: date | None = None, workbooks: Workbooks | None = None
) -> tuple[str, str]:
    """Return a digest as text and as a page; `until` is the last day of the person's own link, None for no link."""
    rhythm = read_rhythm(person.digest or settings.digest).words()
    intro = f"This is what waits for you in the improvement plans of {settings.council_name}."
    foot = f"You get this {rhythm}, and only when something waits."
    return listed_letter(digest, person, settings, Frame(intro, foot, until, workbooks))


def listed_letter(digest: Digest, person: Reader, settings: Settings, frame: Frame) -> tuple[str, str]:
    """Return a message that lists items in parts, as text and as a page."""
    values = {
        "subject": digest.subject,
        "council": settings.council_name,
        "digest": digest,
        "name": person.name,
        "until": show_day(frame.until) if frame.until else "",
        "frame": frame,
        "settings_link": f"{settings.address}/my-messages",
        "workbook_words": workbook_words,
        "link": lambda item: item_link(settings, item, linked=frame.until is not None),
    }
    found = templates()
    return (
        found.get_template("email/digest.txt").render(values),
        found.get_template("email/digest.html").render(values),
    )
