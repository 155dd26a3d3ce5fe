"""Keep what was signed, checks after a sign-off, withdrawn evidence, reason codes, meetings and moved ends of plans."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_SHORT = sa.String(length=120)


def _added() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """Return the new columns: added in place, for to make a table again SQLite drops it, and others point at it."""
    return (
        ("plan", sa.Column("check_months", sa.Integer(), nullable=False, server_default="0")),
        ("milestone", sa.Column("signed_content", sa.JSON(), nullable=True)),
        ("milestone", sa.Column("check_due", sa.Date(), nullable=True)),
        ("milestone", sa.Column("embedded", sa.Date(), nullable=True)),
        ("evidence", sa.Column("withdrawn_on", sa.Date(), nullable=True)),
        ("evidence", sa.Column("withdrawn_by", sa.Text(), nullable=False, server_default="")),
        ("evidence", sa.Column("withdrawn_reason", sa.Text(), nullable=False, server_default="")),
        ("deadline_change", sa.Column("reason_code", _SHORT, nullable=False, server_default="")),
        ("deadline_change", sa.Column("meeting_on", sa.Date(), nullable=True)),
        ("deadline_change", sa.Column("decision_act", _SHORT, nullable=False, server_default="")),
    )


def upgrade() -> None:
    for table, column in _added():
        op.add_column(table, column)
    op.create_index(op.f("ix_milestone_check_due"), "milestone", ["check_due"], unique=False)
    op.create_table(
        "plan_end_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("from_text", sa.Text(), nullable=False),
        sa.Column("to_text", sa.Text(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=True),
        sa.Column("to_day", sa.Date(), nullable=True),
        sa.Column("to_precision", _SHORT, nullable=False),
        sa.Column("reason_code", _SHORT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("minute", sa.Text(), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_end_change_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_end_change")),
    )
    op.create_index(op.f("ix_plan_end_change_plan_id"), "plan_end_change", ["plan_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_plan_end_change_plan_id"), "plan_end_change")
    op.drop_table("plan_end_change")
    op.drop_index(op.f("ix_milestone_check_due"), "milestone")
    for table, column in reversed(_added()):
        op.drop_column(table, column.name)
