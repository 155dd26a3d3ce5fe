"""An address that is told of plans."""

from __future__ import annotations

from wtforms import PasswordField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired

from tracker.forms.fields import LineField, WritingForm
from tracker.rules.webhook import EVENT_WORDS, FORM_WORDS, Form


class WebhookForm(WritingForm):
    """Where to, signed with what, of which plan, of what and how written."""

    address = LineField("Address", [DataRequired("Enter the address")])
    secret = PasswordField("Secret", [DataRequired("Enter a secret")])
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
