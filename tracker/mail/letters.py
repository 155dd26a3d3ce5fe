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


def plain_page(subject: str, body: str, link: str, council: str) -> str:
    """Return a message of paragraphs as a page; `link` is the address of what it is about, "" for none."""
    paragraphs = [part for part in body.strip().split("\n\n") if part]
    page = templates().get_template("email/plain.html")
    return page.render(subject=subject, paragraphs=paragraphs, link=link, council=council)


def item_link(settings: Settings, token: str, item: Item) -> str:
    """Return the link of one item: the page of the tracker that it is about.

    With what a link of the person ends with, a milestone of their own has its one-minute form instead.
    """
    if token and item.milestone_id is not None and item.part in LEADS_UPDATE:
        return f"{settings.address}/u/{token}/{item.milestone_id}"
    return f"{settings.address}{item.path}"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the items of a message: a sentence before them and one after."""

    intro: str
    foot: str
    token: str = ""
    """What the person's own link ends with, "" where there is none."""
    until: date | None = None
    """The last day of that link."""


def digest_letter(
    digest: Digest, person: Reader, settings: Settings, token: str = "", until: date | None = None
) -> tuple[str, str]:
    """Return a digest as text and as a page; `token` is what the person's own link ends with, `until` its last day."""
    rhythm = read_rhythm(person.digest or settings.digest).words()
    intro = f"This is what waits for you in the improvement plans of {settings.council_name}."
    return listed_letter(
        digest, person, settings, Frame(intro, f"You get this {rhythm}, and only when something waits.", token, until)
    )


def listed_letter(digest: Digest, person: Reader, settings: Settings, frame: Frame) -> tuple[str, str]:
    """Return a message that lists items in parts, as text and as a page."""
    values = {
        "subject": digest.subject,
        "council": settings.council_name,
        "digest": digest,
        "name": person.name,
        "until": show_day(frame.until) if frame.token and frame.until else "",
        "frame": frame,
        "settings_link": f"{settings.address}/my-messages",
        "link": lambda item: item_link(settings, frame.token, item),
    }
    found = templates()
    return (
        found.get_template("email/digest.txt").render(values),
        found.get_template("email/digest.html").render(values),
    )
