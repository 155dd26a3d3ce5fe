"""Give rating schemes a title, a version and a maker, plans the schemes they chose, milestones a second rating."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SHORT = sa.String(length=120)


def _added() -> tuple[tuple[str, sa.Column[object]], ...]:
    # Added in place: a table that is made anew for it loses the triggers and the rows that point at it.
    return (
        ("rating_scheme", sa.Column("title", sa.Text(), nullable=False, server_default="")),
        ("rating_scheme", sa.Column("number", sa.Integer(), nullable=False, server_default="1")),
        ("rating_scheme", sa.Column("preset", _SHORT, nullable=False, server_default="")),
        ("rating_scheme", sa.Column("summary", sa.Text(), nullable=False, server_default="")),
        ("rating_scheme", sa.Column("made_on", sa.Date(), nullable=True)),
        ("rating_scheme", sa.Column("made_by", sa.Text(), nullable=False, server_default="")),
        ("rating_scheme", sa.Column("version", sa.Integer(), nullable=False, server_default="1")),
        ("plan", sa.Column("ratings", sa.JSON(), nullable=True)),
        ("milestone", sa.Column("percent", sa.Integer(), nullable=True)),
        ("milestone", sa.Column("outcome_confidence", _SHORT, nullable=False, server_default="")),
        ("milestone", sa.Column("outcome_reason", sa.Text(), nullable=False, server_default="")),
    )


def upgrade() -> None:
    for table, column in _added():
        op.add_column(table, column)


def downgrade() -> None:
    for table, column in reversed(_added()):
        op.drop_column(table, column.name)
