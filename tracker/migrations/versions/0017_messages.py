"""Let people say how they are told, and keep who was chased when."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("digest", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("person", sa.Column("at_once", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("plan", sa.Column("sensitive", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("plan", sa.Column("senior_post_id", sa.Integer(), nullable=True))
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_person_id"), "absence", ["person_id"])
    op.create_table(
        "chase",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("rung", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("message_key", sa.Text(), nullable=False),
        sa.Column("chased_on", sa.Date(), nullable=False),
        sa.Column("chased_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_chase_plan_id_plan")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"], name=op.f("fk_chase_milestone_id_milestone")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_chase_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chase")),
    )
    op.create_index("ix_chase_milestone", "chase", ["milestone_id", "chased_on"])
    for column in ("plan_id", "person_id", "message_key"):
        op.create_index(op.f(f"ix_chase_{column}"), "chase", [column])


def downgrade() -> None:
    op.drop_table("chase")
    op.drop_table("absence")
    op.drop_column("plan", "senior_post_id")
    op.drop_column("plan", "sensitive")
    op.drop_column("person", "at_once")
    op.drop_column("person", "digest")
