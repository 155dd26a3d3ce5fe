"""Give commitments a rule, and their occurrences a table. The rule's first day replaces a first date never used."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_DAYS = ("anchor", "ends", "confirmed", "accepted_as_usual")


def upgrade() -> None:
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("every", sa.String(length=120), nullable=False, server_default=""))
        for name in _DAYS:
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("accepted_minute", sa.Text(), nullable=False, server_default=""))
        batch_op.drop_column("first_due")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.alter_column("every", existing_type=sa.String(length=120), server_default=None)
        batch_op.alter_column("accepted_minute", existing_type=sa.Text(), server_default=None)
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Date(), nullable=False),
        sa.Column("scheduled", sa.Date(), nullable=False),
        sa.Column("outcome", sa.String(length=120), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("planned_for", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_occurrence_commitment_id_commitment")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_occurrence_plan_id_plan")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["person.id"], name=op.f("fk_occurrence_recorded_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint("commitment_id", "scheduled", name=op.f("uq_occurrence_commitment_id_scheduled")),
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occurrence_commitment_id"), ["commitment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_occurrence_plan_id"), ["plan_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occurrence_plan_id"))
        batch_op.drop_index(batch_op.f("ix_occurrence_commitment_id"))
    op.drop_table("occurrence")
    with op.batch_alter_table("commitment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("first_due", sa.Date(), nullable=True))
        batch_op.drop_column("accepted_minute")
        for name in reversed(_DAYS):
            batch_op.drop_column(name)
        batch_op.drop_column("every")
