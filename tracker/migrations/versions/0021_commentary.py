"""Keep the commentary of a pack and whether somebody accepted it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pack_commentary",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("plan_id", sa.Integer(), sa.ForeignKey("plan.id"), nullable=False, index=True),
        sa.Column("pack_id", sa.Integer(), sa.ForeignKey("pack.id"), nullable=False),
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("pack_id", "part"),
    )


def downgrade() -> None:
    op.drop_table("pack_commentary")
