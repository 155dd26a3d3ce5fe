"""Let decisions take priorities, workstreams, actions, records and commitments out; guard each by a version."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TABLES = ("priority", "workstream", "action", "record", "commitment")


def _added() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """Return the new columns: added in place, for to make a table again SQLite drops it, and others point at it."""
    found: list[tuple[str, sa.Column[Any]]] = []
    for table in _TABLES:
        found += [
            (table, sa.Column("standing", sa.String(length=120), nullable=False, server_default="open")),
            (table, sa.Column("standing_reference", sa.Text(), nullable=False, server_default="")),
            (table, sa.Column("version", sa.Integer(), nullable=False, server_default="1")),
        ]
    return (*found, ("milestone", sa.Column("origin", sa.Text(), nullable=False, server_default="")))


def upgrade() -> None:
    for table, column in _added():
        op.add_column(table, column)


def downgrade() -> None:
    for table, column in reversed(_added()):
        op.drop_column(table, column.name)
