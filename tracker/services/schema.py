"""The shape of the database: bring it to the newest, say whether it is."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from tracker import paths
from tracker.models import Base
from tracker.models.engine import writing
from tracker.services.schemes import seed_presets


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Apply the migrations that a database does not have yet, and store the rating schemes that ship; safe again."""
    with writing(), engine.begin() as connection:
        command.upgrade(_config(connection), revision)
        if revision == "head":
            with Session(connection, join_transaction_mode="rollback_only") as session:
                seed_presets(session)


def downgrade(engine: Engine, revision: str) -> None:
    """Take migrations back to a revision ("base" for an empty database). Data in dropped tables are lost."""
    with writing(), engine.begin() as connection:
        command.downgrade(_config(connection), revision)


def current(engine: Engine) -> str | None:
    """Return the revision that a database has, None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the newest revision that ships with this version."""
    return ScriptDirectory(str(paths.package("migrations"))).get_current_head()


def differences(engine: Engine) -> list[Any]:
    """Return what the models have and the database has not, or the other way round; empty when they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return list(compare_metadata(context, Base.metadata))


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(paths.package("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
