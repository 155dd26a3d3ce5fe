"""Flask extensions, unbound."""

from __future__ import annotations

from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy.orm import Session

from tracker.models import Base

db = SQLAlchemy(metadata=Base.metadata)
csrf = CSRFProtect()
login = LoginManager()


def database() -> Session:
    """Return the database session of the request."""
    return db.session()
