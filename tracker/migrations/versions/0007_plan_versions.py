"""Keep later versions of a plan with the baseline of each; version 1 is the plan's own label and adoption day."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_SHORT = sa.String(length=120)


def _added() -> tuple[sa.Column[Any], ...]:
    """Return the new columns of a milestone: added in place, for to make a table again SQLite drops it."""
    return (
        sa.Column("baseline_due", sa.Date(), nullable=True),
        sa.Column("baseline_due_text", sa.Text(), nullable=False, server_default=""),
        sa.Column("baseline_version", sa.Text(), nullable=False, server_default=""),
        sa.Column("baseline_number", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("baseline_moves", sa.Integer(), nullable=False, server_default="0"),
    )


def upgrade() -> None:
    for column in _added():
        op.add_column("milestone", column)
    op.create_table(
        "plan_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("adopted", sa.Date(), nullable=False),
        sa.Column("board", sa.Text(), nullable=False),
        sa.Column("meeting_on", sa.Date(), nullable=False),
        sa.Column("minute", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("adoption_act", _SHORT, nullable=False),
        sa.Column("undone_on", sa.Date(), nullable=True),
        sa.Column("undone_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_version_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_version")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_plan_version_plan_id_number")),
    )
    op.create_index(op.f("ix_plan_version_plan_id"), "plan_version", ["plan_id"], unique=False)
    op.create_table(
        "plan_baseline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("due_text", sa.Text(), nullable=False),
        sa.Column("moves", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_baseline_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["plan_version.id"], name=op.f("fk_plan_baseline_version_id_plan_version")
        ),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestone.id"], name=op.f("fk_plan_baseline_milestone_id_milestone")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_baseline")),
        sa.UniqueConstraint("version_id", "milestone_id", name=op.f("uq_plan_baseline_version_id_milestone_id")),
    )
    op.create_index(op.f("ix_plan_baseline_plan_id"), "plan_baseline", ["plan_id"], unique=False)
    op.create_index(op.f("ix_plan_baseline_milestone_id"), "plan_baseline", ["milestone_id"], unique=False)


def downgrade() -> None:
    for table in ("plan_baseline", "plan_version"):
        op.drop_table(table)
    for column in reversed(_added()):
        op.drop_column("milestone", column.name)
