"""Keep workbooks that leads sent back until they are applied."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "returned_workbook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("lead", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("act", sa.String(length=120), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_returned_workbook_plan_id_plan")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_returned_workbook_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_returned_workbook")),
    )
    for column in ("plan_id", "person_id"):
        op.create_index(op.f(f"ix_returned_workbook_{column}"), "returned_workbook", [column], unique=False)


def downgrade() -> None:
    for column in ("person_id", "plan_id"):
        op.drop_index(op.f(f"ix_returned_workbook_{column}"), "returned_workbook")
    op.drop_table("returned_workbook")
