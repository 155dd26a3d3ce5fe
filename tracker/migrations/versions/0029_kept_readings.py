"""What was read of the file that a plan was last imported from is kept: the same file need not be read again."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_reading",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plan.id"], name=op.f("fk_plan_reading_plan_id_plan"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("plan_id", name=op.f("pk_plan_reading")),
    )
    op.create_index(op.f("ix_plan_reading_mark"), "plan_reading", ["mark"])
    # What waits to be applied is kept as the reading process answered it; a file that waits can be read again.
    op.execute(sa.text("DELETE FROM import_part WHERE name = 'read'"))


def downgrade() -> None:
    op.drop_index(op.f("ix_plan_reading_mark"), "plan_reading")
    op.drop_table("plan_reading")
