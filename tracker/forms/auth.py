"""Signing in."""

from __future__ import annotations

from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, InputRequired

from tracker.forms.fields import GovForm


class SignInForm(GovForm):
    """An email address and a password; pasting is allowed and a password manager can fill both in."""

    email = EmailField(
        "Email address",
        validators=[DataRequired("Enter your email address")],
        filters=[lambda value: (value or "").strip()],
    )
    password = PasswordField("Password", validators=[InputRequired("Enter your password")])
