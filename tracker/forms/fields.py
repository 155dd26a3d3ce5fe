"""Fields that GOV.UK pages need and WTForms does not have, and the form that all of ours are."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import ValidationError
from wtforms.widgets import HiddenInput

from tracker.rules.dates import Period, read_period, show_day
from tracker.rules.text import clean, too_long

_MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_STALE = "This page was open for too long. Check what you entered and send it again"


def trimmed(value: str | None) -> str:
    """Return text as it may be stored."""
    return clean(value)


class GovForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A form that can say each of its mistakes as a link to the box it is in."""

    @property
    def error_links(self) -> list[tuple[str, str]]:
        """Return (address within the page, sentence) for each mistake, in the order of the page."""
        links = [("#main-content", str(sentence)) for sentence in self.form_errors]
        for field in self:
            target = getattr(field, "first_wrong_id", field.id)
            if field.name == "csrf_token" and field.errors:
                links.append(("#main-content", _STALE))
            else:
                links.extend((f"#{target}", str(sentence)) for sentence in field.errors)
        return links

    def refuse(self, field: str, sentence: str) -> None:
        """Add a refusal that a rule gave, beside the field it names or above the form if it names none."""
        if field and field in self:
            self[field].errors = [*self[field].errors, sentence]
        else:
            self.form_errors.append(sentence)


class WritingForm(GovForm):
    """A form that changes something: sent twice it counts once, and it never overwrites a change it has not seen."""

    form_token = HiddenField(default=lambda: secrets.token_urlsafe(24), filters=[trimmed])
    version = IntegerField(widget=HiddenInput(), default=0)

    @property
    def stamp(self) -> tuple[int, str]:
        """Return what a service asks of a form beside what was typed: the version it was drawn from, and its token."""
        return self.version.data or 0, self.form_token.data or ""


class ActForm(WritingForm):
    """A button without boxes: nothing but the protection that every writing form has."""


class LineField(StringField):  # type: ignore[misc]  # WTForms has no types
    """One line of text, cleaned."""

    def __init__(self, label: str = "", validators: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(label, [*validators, _fits], filters=[trimmed], **more)


class WordsField(TextAreaField):  # type: ignore[misc]  # WTForms has no types
    """Several lines of text, cleaned; long text is refused and never cut."""

    def __init__(self, label: str = "", validators: Sequence[Any] = (), **more: Any) -> None:
        super().__init__(label, [*validators, _fits], filters=[trimmed], **more)


def _fits(form: GovForm, field: Any) -> None:
    """Refuse what would not fit a cell of a spreadsheet."""
    if too_long(field.data or ""):
        raise ValidationError(f"{field.label.text} must be 32,767 characters or fewer")


class GovDateField(Field):  # type: ignore[misc]  # WTForms has no types
    """A day in three boxes. Month names are accepted; what was typed is kept as it was typed.

    `noun` names the date within sentences ("the day you started"). `data` is a date or None.
    """

    parts: ClassVar[tuple[str, ...]] = ("day", "month", "year")

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Any] = (),
        *,
        noun: str = "date",
        required: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(label, validators, **more)
        self.noun = noun
        self.required = required
        self.typed: dict[str, str] = dict.fromkeys(self.parts, "")
        self.wrong: tuple[str, ...] = ()

    @property
    def first_wrong_id(self) -> str:
        """Return the id of the first box with a mistake in it."""
        return f"{self.id}-{(self.wrong or self.parts)[0]}"

    def process(self, formdata: Any, data: Any = None, **more: Any) -> None:
        """Read the three boxes, or show a stored date in them."""
        self.process_errors: list[str] = []
        self.errors = ()
        self.wrong = ()
        stored = data if isinstance(data, date) else self.default if isinstance(self.default, date) else None
        self.object_data = self.data = stored
        if stored is not None:
            self.typed = {"day": str(stored.day), "month": str(stored.month), "year": str(stored.year)}
        if formdata is not None and any(f"{self.name}-{part}" in formdata for part in self.parts):
            self.raw_data = [formdata.get(f"{self.name}-{part}", "") for part in self.parts]
            self.typed = dict(zip(self.parts, (clean(value) for value in self.raw_data), strict=True))
            self.data = None

    def pre_validate(self, form: GovForm) -> None:
        """Turn the boxes into a day, or say which of them is wrong."""
        if not any(self.typed.values()):
            self.data = None
            if self.required:
                self.wrong = self.parts
                raise ValidationError(f"Enter {self.noun}")
            return
        missing = tuple(part for part in self.parts if not self.typed[part])
        if missing:
            self.wrong = missing
            raise ValidationError(f"{self._begin} must include a {' and '.join(missing)}")
        if not re.fullmatch(r"[0-9]{4}", self.typed["year"]):
            self.wrong = ("year",)
            raise ValidationError("Year must include 4 numbers")
        month = _month(self.typed["month"])
        if month is None:
            self.wrong = ("month",)
            raise ValidationError("Month must be a number from 1 to 12 or a name such as March")
        try:
            self.data = date(int(self.typed["year"]), month, int(self.typed["day"]))
        except ValueError as error:
            self.wrong = ("day",)
            raise ValidationError(f"{self._begin} must be a real date") from error

    @property
    def _begin(self) -> str:
        return self.noun[:1].upper() + self.noun[1:]


def _month(text: str) -> int | None:
    """Return the number of a month that was typed as a number or as its name, full or cut to three letters or more."""
    if re.fullmatch(r"[0-9]{1,2}", text):
        return int(text) if 1 <= int(text) <= 12 else None
    name = text.casefold().rstrip(".")
    found = [number for number, month in enumerate(_MONTHS, 1) if len(name) >= 3 and month.startswith(name)]
    return found[0] if found else 9 if name == "sept" else None


class PeriodField(StringField):  # type: ignore[misc]  # WTForms has no types
    """A date in the words that people use: "Nov 2025", "30 November 2025", "Autumn term 2025".

    `data` is the text; `period` is what it says, None where the box is empty.
    """

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Any] = (),
        *,
        noun: str = "a date",
        required: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(label, validators, filters=[trimmed], **more)
        self.noun = noun
        self.required = required
        self.period: Period | None = None

    def process_data(self, value: Any) -> None:
        """Show a stored date in words."""
        self.data = show_day(value) if isinstance(value, date) else value

    def pre_validate(self, form: GovForm) -> None:
        """Read the words; a phrase that leaves a question is refused with the question."""
        self.period = None
        if not self.data:
            if self.required:
                raise ValidationError(f"Enter {self.noun}, such as Nov 2027 or 30 November 2027")
            return
        period = read_period(self.data)
        if period.dated is None:
            raise ValidationError(
                f"Enter {self.noun} with its year, such as Nov 2027 or 30 November 2027, instead of “{self.data}”"
            )
        self.period = period
