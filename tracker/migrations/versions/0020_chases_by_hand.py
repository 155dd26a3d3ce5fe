"""Let the record of chases hold what a manager sends by hand."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("chase", schema=None) as batch_op:
        batch_op.add_column(sa.Column("asked_by", sa.Text(), nullable=False, server_default=""))
        batch_op.alter_column("milestone_id", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column("due", existing_type=sa.Date(), nullable=True)
    with op.batch_alter_table("chase", schema=None) as batch_op:
        batch_op.alter_column("asked_by", existing_type=sa.Text(), server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM chase WHERE milestone_id IS NULL OR due IS NULL")
    with op.batch_alter_table("chase", schema=None) as batch_op:
        batch_op.alter_column("due", existing_type=sa.Date(), nullable=False)
        batch_op.alter_column("milestone_id", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_column("asked_by")
