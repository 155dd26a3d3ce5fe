"""A client that reads pages as a person does, and refuses any page that breaks the house style."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.test import TestResponse

UNLABELLED_TYPES = ("hidden", "submit", "button", "reset", "image")
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
FORBIDDEN = {
    "A table without a caption": "//table[not(caption)]",
    "A heading cell without scope": "//th[not(@scope)]",
    "An image without a text": "//img[not(@alt)]",
    "A style attribute": "//*[@style]",
    "A script in an attribute": "//*[@onclick or @onchange or @onsubmit or @onload]",
    "A form that posts without a token": "//form[@method='post' or @method='POST'][not(.//input[@name='csrf_token'])]",
    "A link or button that says nothing": (
        "//*[self::a or self::button][not(normalize-space() or @aria-label or .//*[@alt!='' or @aria-label])]"
    ),
}


def words(element: HtmlElement) -> str:
    """Return the text of an element with white space made single."""
    return " ".join(element.text_content().split())


def house_faults(document: HtmlElement) -> list[str]:
    """Return every way in which a page breaks the house style, in words."""
    faults = []
    headings = [_without_caption(heading) for heading in document.xpath("//h1")]
    if len(headings) != 1:
        faults.append(f"{len(headings)} h1 headings, not one: {headings}")
    title = " ".join(words(element) for element in document.xpath("//head/title"))
    if headings and not title.removeprefix("Error: ").startswith(headings[0]):
        faults.append(f"The title {title!r} does not start with the heading {headings[0]!r}")
    if not (document.get("lang") or "").startswith("en"):
        faults.append("The page does not say that it is in English")
    ids = Counter(document.xpath("//@id"))
    faults += [f"The id {name!r} stands {count} times" for name, count in ids.items() if count > 1]
    faults += [f"Something refers to {name!r}, which is not there" for name in _references(document) if name not in ids]
    faults += [f"The field {_name(field)!r} has no label" for field in _fields(document) if not _labelled(field)]
    for fault, path in FORBIDDEN.items():
        faults += [f"{fault}: {html.tostring(element, encoding='unicode')[:100]}" for element in document.xpath(path)]
    return faults


def _without_caption(heading: HtmlElement) -> str:
    """Return the words of a heading without the small caption that GOV.UK sets above it."""
    parts = heading.xpath(".//text()[not(ancestor::*[contains(@class, 'govuk-caption')])]")
    return " ".join("".join(parts).split())


def _references(document: HtmlElement) -> Iterator[str]:
    for attribute in REFERENCES:
        for value in document.xpath(f"//@{attribute}"):
            yield from value.split()
    for link in document.xpath("//a/@href[starts-with(., '#')]"):
        if link != "#":
            yield link[1:]


def _fields(document: HtmlElement) -> list[HtmlElement]:
    fields = document.xpath("//input|//select|//textarea")
    return [field for field in fields if (field.get("type") or "") not in UNLABELLED_TYPES]


def _name(field: HtmlElement) -> str:
    return field.get("name") or field.get("id") or "?"


def _labelled(field: HtmlElement) -> bool:
    if field.get("aria-label") or field.get("aria-labelledby") or field.xpath("ancestor::label"):
        return True
    return any(words(label) for label in field.xpath("//label[@for=$id]", id=field.get("id") or ""))


class Page:
    """One answer to one request."""

    def __init__(self, response: TestResponse) -> None:
        self.response = response
        self.status = response.status_code
        self.text = response.get_data(as_text=True) if response.mimetype.startswith("text/") else ""
        self.document = html.document_fromstring(self.text) if response.mimetype == "text/html" and self.text else None

    @property
    def heading(self) -> str:
        """Return the words of the h1."""
        return _without_caption(self.find("//h1")[0])

    @property
    def words(self) -> str:
        """Return what a reader sees in the main part of the page."""
        return words((self.find("//main") or self.find("//body"))[0])

    def find(self, path: str, **names: str) -> list[Any]:
        """Return what an XPath finds."""
        assert self.document is not None, f"Not a page: {self.response.mimetype}"
        return self.document.xpath(path, **names)  # type: ignore[no-any-return]

    def rows(self, caption: str) -> list[list[str]]:
        """Return the body of the table whose caption contains the words, as texts."""
        for table in self.find("//table[contains(normalize-space(caption), $caption)]", caption=caption):
            return [[words(cell) for cell in row.xpath("./th|./td")] for row in table.xpath(".//tbody/tr")]
        raise AssertionError(f"No table is called {caption!r}")

    def link(self, text: str) -> str:
        """Return where the first link that says text leads to."""
        for link in self.find("//a[@href]"):
            if text in words(link):
                return str(link.get("href"))
        raise AssertionError(f"No link says {text!r}")

    def form(self, action_part: str = "") -> Any:
        """Return the first posting form whose address contains action_part."""
        assert self.document is not None
        for form in self.document.forms:
            if form.method == "POST" and action_part in (form.get("action") or ""):
                return form
        raise AssertionError(f"No form posts to {action_part!r}")

    @property
    def errors(self) -> list[str]:
        """Return the messages of the error summary."""
        return [words(item) for item in self.find("//*[contains(@class, 'govuk-error-summary__list')]/li")]


class HouseClient:
    """A visitor: opens pages, fills in forms, follows where it is sent."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http: FlaskClient = app.test_client()

    def sign_in(self, person_id: int, epoch: int = 0) -> HouseClient:
        """Become a person without going through the sign-in page; returns the client itself."""
        with self.http.session_transaction() as kept:
            kept.clear()
            kept.update(_user_id=f"{person_id}:{epoch}", _fresh=True)
        return self

    def get(self, path: str, **kwargs: Any) -> Page:
        """Open a page without following a redirect."""
        return self._checked(self.http.get(path, **kwargs))

    def visit(self, path: str, **kwargs: Any) -> Page:
        """Open a page as a browser would, following redirects; must end well."""
        page = self._checked(self.http.get(path, follow_redirects=True, **kwargs))
        assert page.status == 200, f"{path} answered {page.status}"
        return page

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> Page:
        """Send a form as it is, without following a redirect."""
        return self._checked(self.http.post(path, data=data, **kwargs))

    def submit(self, page: Page, fields: dict[str, Any] | None = None, *, to: str = "", follow: bool = True) -> Page:
        """Fill in the form of a page, its hidden fields included, and send it to where it says."""
        form = page.form(to)
        data: dict[str, Any] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        data.update(fields or {})
        target = form.get("action") or page.response.request.path
        return self._checked(self.http.post(target, data=data, follow_redirects=follow))

    def _checked(self, response: TestResponse) -> Page:
        page = Page(response)
        if page.document is not None:
            faults = house_faults(page.document)
            assert not faults, f"{response.request.path}: " + "; ".join(faults)
        return page


def redirected(page: Page) -> bool:
    """Tell whether the answer sends the visitor elsewhere after a form (302 now, 303 with later Flask)."""
    return page.status in (302, 303)
