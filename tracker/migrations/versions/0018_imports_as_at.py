"""Let a file that is brought in speak of an earlier day."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("import_batch", sa.Column("as_at", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("import_batch", "as_at")
