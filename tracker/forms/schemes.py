"""What people enter about rating schemes: a copy's name, thresholds and words, and the scheme of a plan."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, Field, RadioField, SelectChoice, SelectField, StringField

from tracker.forms.fields import LineField, WordsField, WritingForm, trimmed
from tracker.rules.rating import Rating
from tracker.rules.scheme_edit import LIMITS, Typed, allowed_paints, shown
from tracker.rules.vocabulary import COLUMNS

BOXES = ("word", "name", "letter", "paint", "meaning")
_LABELS = {"word": "Word", "name": "In sentences", "letter": "Letter", "paint": "Paint", "meaning": "Meaning"}


class CopyForm(WritingForm):
    """The name of a copy."""

    title = LineField("What is the copy called?")


class SchemeChoiceForm(WritingForm):
    """The rating scheme of a plan; the view sets the choices. `version` is the number of the present one."""

    scheme = RadioField("Which rating scheme should the plan use?", choices=[], coerce=int, validate_choice=False)
    reason = WordsField("Why?")


class SchemeForm(WritingForm):
    """Thresholds and words of a copy. The boxes of its terms are added by `scheme_form`."""

    plan = SelectField("Preview on", choices=[], validate_choice=False)
    strict = BooleanField("A headline takes the worst colour below it, whatever the shares")
    outcome = BooleanField("Leads also give their confidence in the outcome")

    def box(self, name: str, key: str) -> Field:
        """Return a box of a term."""
        return self[f"{name}.{key}"]

    @property
    def typed(self) -> Typed:
        """Return everything as typed."""
        keys = [name.partition(".")[2] for name in self._fields if name.startswith("word.")]
        return Typed(
            thresholds={name: self[name].data or "" for name in LIMITS},
            strict=bool(self.strict.data),
            terms={key: {name: self.box(name, key).data or "" for name in BOXES} for key in keys},
            columns=tuple(name for name in COLUMNS if self[f"column.{name}"].data),
            outcome=bool(self.outcome.data),
        )


def scheme_form(rating: Rating, **given: Any) -> SchemeForm:
    """Return the form of a scheme: filled with what stands where nothing was sent."""
    fields: dict[str, Any] = {}
    for name, limit in LIMITS.items():
        label = f"{limit.label} ({'per cent' if limit.percent else limit.unit})"
        fields[name] = StringField(label, filters=[trimmed], default=shown(rating.scheme, name))
    for column, label in COLUMNS.items():
        fields[f"column.{column}"] = BooleanField(f"Column: {label.lower()}", default=rating.vocabulary.has(column))
    for term in rating.vocabulary.terms:
        for name in BOXES:
            label = f"{_LABELS[name]} for {term.word}"
            value = term.paint_name if name == "paint" else getattr(term, name)
            if name == "paint":
                choices = [SelectChoice(paint.name, paint.label) for paint in allowed_paints(term)]
                fields[f"paint.{term.key}"] = SelectField(label, choices=choices, default=value, validate_choice=False)
            else:
                fields[f"{name}.{term.key}"] = StringField(label, filters=[trimmed], default=value)
    # The names of boxes have a dot, which no attribute in a class body can have.
    with_boxes: type[SchemeForm] = type("SchemeForm", (SchemeForm,), fields)
    given.setdefault("strict", rating.scheme.strict)
    given.setdefault("outcome", bool(rating.vocabulary.outcome))
    return with_boxes(**given)
