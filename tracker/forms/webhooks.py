"""An address that is told of plans."""

from __future__ import annotations

from wtforms import PasswordField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired

from tracker.forms.fields import LineField, WritingForm
from tracker.rules.webhook import EVENT_WORDS, FORM_WORDS, Form


class ChangeForm(WritingForm):
    """Where to, of which plan, of what and how written."""

    address = LineField("Address", [DataRequired("Enter the address")])
    plan = SelectField("Plan", coerce=str, validate_choice=False)
    kinds = SelectMultipleField(
        "What is told",
        choices=[SelectChoice(key.value, text) for key, text in EVENT_WORDS.items()],
        validate_choice=False,
    )
    form = SelectField(
        "How it is written",
        choices=[SelectChoice(key.value, text) for key, text in FORM_WORDS.items()],
        default=Form.JSON.value,
        validate_choice=False,
    )


class WebhookForm(ChangeForm):
    """The same of a new address, and signed with what."""

    secret = PasswordField("Secret")
