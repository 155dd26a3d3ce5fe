"""What people enter about who answers: organisations, posts, holdings, accounts, roles, leads."""

from __future__ import annotations

from wtforms import BooleanField, EmailField, PasswordField, RadioField, SelectChoice, SelectField, SelectMultipleField
from wtforms.validators import DataRequired, InputRequired

from tracker.forms.fields import GovDateField, LineField, WordsField, WritingForm, trimmed
from tracker.rules.posts import ORGANISATION_KINDS

_WHO = "Select a person"


class OrganisationForm(WritingForm):
    """An organisation: its name, its kind, and whether it is outside the council."""

    name = LineField("Name", [DataRequired("Enter the name of the organisation")])
    kind = RadioField(
        "What kind of organisation is it?",
        choices=[SelectChoice(key, words) for key, words in ORGANISATION_KINDS.items()],
        validators=[InputRequired("Select what kind of organisation it is")],
    )
    outside = RadioField(
        "Is it outside the council?",
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
        validators=[InputRequired("Select whether it is outside the council")],
    )


class PostForm(WritingForm):
    """A post: its title and the organisation that it belongs to."""

    title = LineField("Title of the post", [DataRequired("Enter the title of the post")])
    organisation = SelectField("Organisation", coerce=str, validate_choice=False)


class ClosePostForm(WritingForm):
    """The last day of a post."""

    last_day = GovDateField("What is the last day of the post?", noun="the last day", required=True)


class AppointForm(WritingForm):
    """Who holds a post, and from when."""

    person = SelectField("Who holds it?", coerce=str, validate_choice=False, validators=[DataRequired(_WHO)])
    from_day = GovDateField("From which day?", noun="the first day", required=True)
    to_day = GovDateField("Until which day, if that is known?", noun="the last day")
    shared = BooleanField("They share the post with who holds it now")


class HandOverForm(WritingForm):
    """Who takes a post over, from when, and what the one before leaves in writing. `holding` is who hands over."""

    person = SelectField("Who takes it over?", coerce=str, validate_choice=False, validators=[DataRequired(_WHO)])
    from_day = GovDateField("From which day?", noun="the first day", required=True)
    note = WordsField("Note for the person who takes over")


class DeputyForm(WritingForm):
    """Who acts for a post between two days."""

    person = SelectField("Who deputises?", coerce=str, validate_choice=False, validators=[DataRequired(_WHO)])
    from_day = GovDateField("From which day?", noun="the first day", required=True)
    to_day = GovDateField("Until which day?", noun="the last day", required=True)


class EndHoldingForm(WritingForm):
    """The last day on which somebody holds a post or deputises for it."""

    to_day = GovDateField("What is the last day?", noun="the last day", required=True)


class AccountForm(WritingForm):
    """A new account; without a password nobody can sign in with it yet."""

    name = LineField("Name", [DataRequired("Enter a name")])
    email = EmailField("Email address", [DataRequired("Enter an email address")], filters=[trimmed])
    password = PasswordField("First password")


class EmailForm(WritingForm):
    """Where the messages of a person go."""

    email = EmailField("Email address", [DataRequired("Enter an email address")], filters=[trimmed])


class PasswordForm(WritingForm):
    """A new password for somebody else."""

    password = PasswordField("New password", [InputRequired("Enter a new password")])


class OwnPasswordForm(WritingForm):
    """One's own password: the one there is and a new one."""

    old = PasswordField("Password that you use now", [InputRequired("Enter the password that you sign in with now")])
    new = PasswordField("New password", [InputRequired("Enter a new password")])


class RoleForm(WritingForm):
    """A role on a plan."""

    plan = SelectField("Plan", coerce=str, validate_choice=False, validators=[DataRequired("Select a plan")])
    role = SelectField("Role", coerce=str, validate_choice=False, validators=[DataRequired("Select a role")])


class LeadsForm(WritingForm):
    """Who leads: those who stay, one more if wanted, and which of them is accountable."""

    posts = SelectMultipleField("Who leads now", coerce=str, validate_choice=False)
    add = SelectField("Add a post", coerce=str, validate_choice=False)
    accountable = RadioField("Who is accountable?", coerce=str, validate_choice=False)
    reason = LineField("Why is it changed? (optional)")
