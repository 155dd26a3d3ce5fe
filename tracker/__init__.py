"""The improvement-plan action tracker: plans, computed colours, explained reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from tracker.config import Settings

__version__ = "0.1.0"


def create_app(settings: Settings | None = None) -> Flask:
    """Build the web application; imported late so that rules and tools load without Flask."""
    from tracker.app import create_app as build

    return build(settings)
