"""The words of messages, from templates/email: text and page of the same content."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker import paths
from tracker.config import Settings
from tracker.queries.roster import Reader
from tracker.rules.digest import Digest, Item
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


def item_link(settings: Settings, _person_id: int, item: Item) -> str:
    """Return the link of one item in the message of one person: the page of the tracker that it is about."""
    return f"{settings.address}{item.path}"


def digest_letter(digest: Digest, person: Reader, settings: Settings) -> tuple[str, str]:
    """Return a digest as text and as a page."""
    values = {
        "subject": digest.subject,
        "council": settings.council_name,
        "digest": digest,
        "name": person.name,
        "rhythm": read_rhythm(person.digest or settings.digest).words(),
        "settings_link": f"{settings.address}/my-messages",
        "link": lambda item: item_link(settings, person.id, item),
    }
    found = templates()
    return (
        found.get_template("email/digest.txt").render(values),
        found.get_template("email/digest.html").render(values),
    )
