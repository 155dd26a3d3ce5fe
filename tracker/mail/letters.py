"""The words of messages, from templates/email: text and page of the same content."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from tracker import paths


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
