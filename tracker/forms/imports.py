"""Bringing a plan in from a document: the file, what its columns hold, what its questions are answered with."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import ValidationError

from tracker.forms.fields import ActForm, GovDateField, LineField, WordsField, WritingForm
from tracker.imports.mapping import MANY, MEANINGS
from tracker.imports.understood import SheetPicture
from tracker.rules.dates import Precision, read_period, show_day
from tracker.rules.windows import EVERY_WORDS

_SUFFIXES = (".xlsx", ".xlsm", ".docx", ".csv", ".tsv", ".txt", ".html", ".htm", ".ods", ".xls", ".xlsb")
_FORMATS = "The file must be a Word document (.docx), a workbook (.xlsx), a CSV or a text file, or a web page"
AUTO = "*"  # of profiles: the one that fits, offered once the file is read
_FEW = 6  # choices that are shown as a list of radio buttons


class UploadForm(WritingForm):
    """A file to read, or text pasted from one. `plan_id` and `profile` choices are set by the view."""

    plan_id = SelectField("Which plan is it for?", coerce=str)
    file = FileField("Choose a file")
    pasted = WordsField("Or paste the plan as text")
    as_at = GovDateField("Which day does it speak of?", noun="the day that the file speaks of")
    profile = SelectField("How should it be read?", coerce=str, default=AUTO)

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one source, in a format that can be read."""
        good = bool(super().validate(extra_validators))
        if self.file.data:
            if not str(self.file.data.filename).casefold().endswith(_SUFFIXES):
                self.refuse("file", _FORMATS)
                good = False
        elif not self.pasted.data:
            self.refuse("file", "Choose a file, or paste the plan as text")
            good = False
        return good

    def speaks_of_later(self, today: date) -> bool:
        """Refuse a file that speaks of a day to come; returns whether it does."""
        if self.as_at.data is None or self.as_at.data <= today:
            return False
        self.refuse("as_at", "The day that the file speaks of must be today or earlier")
        return True


class ApplyForm(ActForm):
    """The decision to apply what a dry run showed."""


class ProfileForm(WritingForm):
    """The name of a profile."""

    name = LineField("Name of the profile")

    def validate_name(self, field: Any) -> None:
        """Ask for a name that fits a list."""
        if not field.data:
            raise ValidationError("Enter a name, for example the team or the tool that the file comes from")
        if len(field.data) > 80:
            raise ValidationError("The name must be 80 characters or fewer")


# ------------------------------------------------------------------ columns
class ColumnsForm(WritingForm):
    """What the columns of a file hold; the boxes are made for the file by `columns_form`."""

    pictures: Sequence[SheetPicture] = ()
    names: Sequence[str] = ()  # of the columns, in the order of the boxes
    shown: Sequence[int] = ()  # the sheets, by their place in `pictures`

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse two columns of one table for a thing that a row can have only once."""
        good = bool(super().validate(extra_validators))
        at = {name: number for number, name in enumerate(self.names)}
        for sheet in self.pictures:
            for table in sheet.tables:
                seen: dict[str, str] = {}
                for column in table.columns:
                    field = self[f"column_{at[column.name]}"]
                    meaning = str(field.data)
                    if meaning in seen and meaning not in MANY and not field.errors:
                        said = f"“{column.heading}” and “{seen[meaning]}” stand in one table: only one of them can be"
                        self.refuse(field.name, f"{said} {MEANINGS[meaning][0].lower()}{MEANINGS[meaning][1:]}")
                        good = False
                    seen.setdefault(meaning, column.heading)
        for number in self.shown:
            box = self[f"header_{number}"]
            if box.data and not re.fullmatch(r"\d{1,7}", box.data):
                self.refuse(box.name, "Enter the number of a row, for example 6, or leave it empty")
                good = False
        return good

    def said(self) -> dict[str, Any]:
        """Return what was said, as plain data of a `FileMapping`."""
        columns = {name: str(self[f"column_{at}"].data) for at, name in enumerate(self.names)}
        return {
            "columns": columns,
            "periods": {
                name: self[f"period_{at}"].data
                for at, name in enumerate(self.names)
                if columns[name] == "period" and f"period_{at}" in self and self[f"period_{at}"].data
            },
            "headers": {
                self.pictures[at].name: int(self[f"header_{at}"].data) for at in self.shown if self[f"header_{at}"].data
            },
            "left_out": [self.pictures[at].name for at in self.shown if self[f"left_{at}"].data],
        }


def columns_form(pictures: Sequence[SheetPicture], said: dict[str, Any]) -> ColumnsForm:
    """Return the form for the columns and sheets of one file, filled with how it was read."""
    first: dict[str, Any] = {}
    for sheet in pictures:
        for table in sheet.tables:
            for column in table.columns:
                first.setdefault(column.name, column)
    fields: dict[str, Any] = {"pictures": pictures, "names": list(first), "shown": range(len(pictures))}
    choices = [SelectChoice(value, label) for value, label in MEANINGS.items()]
    for at, column in enumerate(first.values()):
        meaning = column.meaning if column.meaning in MEANINGS else ""
        fields[f"column_{at}"] = SelectField(
            column.heading or f"Column {column.letters}", choices=choices, default=meaning
        )
        if meaning == "period":
            fields[f"period_{at}"] = LineField(
                f"Period of {column.heading or column.letters}", default=said.get("periods", {}).get(column.name, "")
            )
    for at, sheet in enumerate(pictures):
        row = said.get("headers", {}).get(sheet.name, "")
        fields[f"left_{at}"] = BooleanField(f"Leave out {sheet.name}", default=sheet.state == "left out")
        fields[f"header_{at}"] = LineField(f"Row with the headings of {sheet.name}", default=str(row))
    made: ColumnsForm = type("FileColumnsForm", (ColumnsForm,), fields)()
    return made


# ------------------------------------------------------------------ questions
LATER, TYPED = "later", "typed"
_TYPED = {"date": "Another date", "ref": "A new reference", "rule": "It recurs by this rule"}


_NEEDED = {
    "minute": "the minute of the meeting",
    "meeting_on": "a day of the meeting",
    "reference": "what decided it",
    "decided_on": "a day of the decision",
}
_DAYS = ("meeting_on", "decided_on")


class QuestionsForm(WritingForm):
    """One page of questions; the boxes are made for it by `questions_form`."""

    asked: Sequence[dict[str, Any]] = ()
    today: date = date.max

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for what a chosen answer needs."""
        good = bool(super().validate(extra_validators))
        for at, question in enumerate(self.asked):
            if self[f"answer_{at}"].data == TYPED:
                good = self._typed(at, question["types"]) and good
            for name in self._needed(at, question):
                good = self._said(f"ask_{at}_{name}", name) and good
        return good

    def _said(self, box: str, name: str) -> bool:
        """Ask for what a decision needs: words, or a day that has been."""
        given = self[box].data
        what = _NEEDED.get(name, "what it asks for")
        if not given:
            self.refuse(box, f"Enter {what}, or decide later")
            return False
        if name not in _DAYS:
            return True
        day = _day(given)
        if day is None:
            read = read_period(given)
            day = read.end if read.precision is Precision.DAY else None
        if day is None:
            self.refuse(box, f"Enter {what} like 14 October 2025 instead of “{given}”")
        elif day > self.today:
            self.refuse(box, f"Enter {what} that is today or earlier; {show_day(day)} is to come")
        return day is not None and day <= self.today

    def _typed(self, at: int, types: str) -> bool:
        if types == "rule":
            good = True
            if not self[f"every_{at}"].data:
                self.refuse(f"every_{at}", "Choose how often it is held")
                good = False
            if self[f"from_{at}"].data is None and not self[f"from_{at}"].errors:
                self.refuse(f"from_{at}", "Enter the day from which it counts")
                good = False
            return good and not self[f"from_{at}"].errors
        typed = self[f"typed_{at}"].data
        if types == "ref" and not typed:
            self.refuse(f"typed_{at}", "Enter a new reference")
            return False
        if types == "date" and read_period(typed).end is None:
            said = f" instead of “{typed}”" if typed else ""
            self.refuse(f"typed_{at}", f"Enter a date with its year, such as Nov 2027 or 30 November 2027{said}")
            return False
        return True

    def _needed(self, at: int, question: dict[str, Any]) -> list[str]:
        chosen = self[f"answer_{at}"].data
        return [name for value, names in question.get("asks", {}).items() if value == chosen for name in names]

    def answers(self) -> dict[str, str]:
        """Return the answers by key; "" for what is decided later. One that was given itself is not overwritten."""
        found: dict[str, str] = {}
        alike: dict[str, str] = {}
        for at, question in enumerate(self.asked):
            given = {question["key"]: self._answer(at, question)}
            given |= {f"{question['key']}:{name}": self[f"ask_{at}_{name}"].data for name in self._needed(at, question)}
            same = question["others"] if f"all_{at}" in self and self[f"all_{at}"].data else ()
            for key in same:
                alike |= {f"{key}{name.removeprefix(question['key'])}": value for name, value in given.items()}
            found |= given
        return found | {key: value for key, value in alike.items() if not found.get(key)}

    def _answer(self, at: int, question: dict[str, Any]) -> str:
        chosen = str(self[f"answer_{at}"].data or LATER)
        if chosen != TYPED:
            return "" if chosen == LATER else chosen
        if question["types"] == "rule":
            return f"{self[f'every_{at}'].data} from {self[f'from_{at}'].data.isoformat()}"
        word = "on" if question["types"] == "date" else "ref"
        return f"{word} {self[f'typed_{at}'].data}"


def questions_form(
    asked: Sequence[dict[str, Any]], answers: dict[str, str], words: Mapping[str, str], today: date
) -> QuestionsForm:
    """Return the form for some questions, filled with the answers that were given. `words` names what is asked for."""
    fields: dict[str, Any] = {"asked": asked, "today": today}
    for at, question in enumerate(asked):
        given = answers.get(question["key"], "")
        options = [(value, label) for value, label in question["options"]]
        known = given in dict(options)
        chosen = given if known else TYPED if given and question["types"] else LATER
        if question["types"]:
            options.append((TYPED, _TYPED[question["types"]]))
        choices = [SelectChoice(value, label) for value, label in [*options, (LATER, "Decide later")]]
        kind = RadioField if len(options) <= _FEW else SelectField
        fields[f"answer_{at}"] = kind("Your answer", choices=choices, default=chosen, coerce=str)
        typed = "" if known else given
        if question["types"] == "rule":
            every, _, day = typed.partition(" from ")
            rules = [SelectChoice("", "Choose"), *(SelectChoice(one.value, said) for one, said in EVERY_WORDS.items())]
            fields[f"every_{at}"] = SelectField(
                "How often", choices=rules, default=every or question["proposed"], coerce=str
            )
            fields[f"from_{at}"] = GovDateField(
                "From which day", noun="the day from which it counts", default=_day(day)
            )
        elif question["types"] == "date":
            fields[f"typed_{at}"] = LineField("Another date", default=typed.removeprefix("on "))
        elif question["types"] == "ref":
            fields[f"typed_{at}"] = LineField("A new reference", default=typed.removeprefix("ref "))
        for name in sorted({name for names in question.get("asks", {}).values() for name in names}):
            given = answers.get(f"{question['key']}:{name}", "")
            fields[f"ask_{at}_{name}"] = LineField(words.get(name, name), default=given)
        if question["others"]:
            count = len(question["others"])
            label = (
                f"The same answer for {count} more lines like it" if count > 1 else "The same for one more line like it"
            )
            fields[f"all_{at}"] = BooleanField(label)
    made: QuestionsForm = type("FileQuestionsForm", (QuestionsForm,), fields)()
    return made


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
