"""The wish to stop work on an import stands beside the database, which that work may hold."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("import_job") as table:
        table.drop_column("cancel")


def downgrade() -> None:
    with op.batch_alter_table("import_job") as table:
        table.add_column(sa.Column("cancel", sa.Boolean(), nullable=False, server_default=sa.false()))
