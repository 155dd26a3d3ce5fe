"""What a manager enters into the registers of a plan: risks, issues and decisions; and figures of measures."""

from __future__ import annotations

from wtforms import BooleanField, RadioField, SelectChoice, SelectField
from wtforms.validators import DataRequired

from tracker.forms.fields import GovDateField, LineField, WordsField, WritingForm
from tracker.rules.raid import IMPACTS, LIKELIHOODS


def _scale(words: tuple[str, ...]) -> list[SelectChoice]:
    return [SelectChoice(str(number), f"{number} {word}") for number, word in enumerate(words, 1)]


class RaidForm(WritingForm):
    """An entry. Which boxes are shown depends on what it is; the view sets the posts."""

    title = WordsField("What is it?", [DataRequired("Enter what it is")])
    description = WordsField("More about it")
    likelihood = RadioField("How likely is it?", choices=_scale(LIKELIHOODS), validate_choice=False)
    severity = RadioField("How bad would it be?", choices=_scale(IMPACTS), validate_choice=False)
    response = WordsField("What is being done about it?")
    owner = SelectField("Which post answers for it?", validate_choice=False)
    raised_on = GovDateField("When was it raised?", noun="the day it was raised")
    review_by = GovDateField("When is it to be looked at again?", noun="the day of the review")
    minute = LineField("Where is it minuted?")
    milestones = LineField("Which milestones does it bear on?")
    closed = BooleanField("It is closed")
    outcome = WordsField("How did it end?")


class ReadingForm(WritingForm):
    """One figure of a measure."""

    period = LineField("Which period is it of?", [DataRequired("Enter the period that the figure is of")])
    value = LineField("Figure", [DataRequired("Enter the figure")])
    group = LineField("For whom?")
    taken_on = GovDateField("On which day was it taken?", noun="the day it was taken")
    source = LineField("Where is it from?")


class VoiceForm(WritingForm):
    """What people say about what a measure counts."""

    who = LineField("Who says it?", [DataRequired("Enter whose voice it is, as a group")])
    text = WordsField("What do they say?", [DataRequired("Enter what they say")])
    source = LineField("Where is it from?", [DataRequired("Enter where it is from")])
    heard_on = GovDateField("On which day was it heard?", noun="the day on which it was heard", required=True)


class TakeBackForm(WritingForm):
    """Something that is taken back and stays in the history: a figure, a voice, what was put to a board, a minute."""

    reason = WordsField("Why is it taken back?", [DataRequired("Enter why it is taken back")])
