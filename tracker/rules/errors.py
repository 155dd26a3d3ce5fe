"""Refusals: what a rule or a service will not do, in the sentence that a person reads."""

from __future__ import annotations

from dataclasses import dataclass


class Refusal(Exception):
    """A request that a rule does not allow; `sentence` says why and what to do next.

    `field` names the form field that the sentence belongs to, or is empty.
    """

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class NotPermitted(Refusal):
    """The actor may not do this to this object (shown as a 403 page)."""


class NotFound(Refusal):
    """There is no such object, or the actor may not know that there is (a 404 page)."""


@dataclass(frozen=True, slots=True)
class FieldConflict:
    """One field that two people changed, in words: what is there now, what was typed.

    `name` is what the form calls it, and `value` what is there now as the form would send it.
    """

    field: str
    theirs: str
    yours: str
    name: str = ""
    value: str = ""


class Conflict(Refusal):
    """Somebody else changed the object after the form was opened (a 409 page with both texts)."""

    def __init__(self, sentence: str, fields: tuple[FieldConflict, ...], current_version: int) -> None:
        super().__init__(sentence)
        self.fields = fields
        self.current_version = current_version


class AlreadyDone(Refusal):
    """The same form was sent twice; the first one counted and nothing more was changed."""
