"""Keep the editions of a plan's document, and the rating that a document gives beside the computed colour."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=120), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("back_filled", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_edition_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )
    op.create_index(op.f("ix_edition_plan_id"), "edition", ["plan_id"], unique=False)
    op.add_column("milestone", sa.Column("rating", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("milestone", sa.Column("rating_file", sa.Text(), nullable=False, server_default=""))
    op.add_column("milestone", sa.Column("rating_as_at", sa.Date(), nullable=True))


def downgrade() -> None:
    for column in ("rating_as_at", "rating_file", "rating"):
        op.drop_column("milestone", column)
    op.drop_index(op.f("ix_edition_plan_id"), "edition")
    op.drop_table("edition")
