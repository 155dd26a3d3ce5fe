"""Let a link between a milestone and an action be taken away, and let milestones wait for each other."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("milestone_action", sa.Column("unlinked_on", sa.Date(), nullable=True))
    op.create_table(
        "milestone_predecessor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("unlinked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_milestone_predecessor_plan_id_plan")),
        sa.ForeignKeyConstraint(
            ["milestone_id"], ["milestone.id"], name=op.f("fk_milestone_predecessor_milestone_id_milestone")
        ),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["milestone.id"], name=op.f("fk_milestone_predecessor_predecessor_id_milestone")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_predecessor")),
        sa.UniqueConstraint(
            "milestone_id", "predecessor_id", name=op.f("uq_milestone_predecessor_milestone_id_predecessor_id")
        ),
    )
    for column in ("plan_id", "milestone_id", "predecessor_id"):
        op.create_index(op.f(f"ix_milestone_predecessor_{column}"), "milestone_predecessor", [column], unique=False)


def downgrade() -> None:
    for column in ("predecessor_id", "milestone_id", "plan_id"):
        op.drop_index(op.f(f"ix_milestone_predecessor_{column}"), "milestone_predecessor")
    op.drop_table("milestone_predecessor")
    op.drop_column("milestone_action", "unlinked_on")
