"""Keep what becomes of each message."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TEXTS = ("html", "path", "detail")
_MOMENTS = ("next_try_at", "sending_at", "sent_at")


def upgrade() -> None:
    table = "outbox_message"
    op.add_column(table, sa.Column("period", sa.String(length=120), nullable=False, server_default=""))
    for name in _TEXTS:
        op.add_column(table, sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column(table, sa.Column("sensitive", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(table, sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
    for name in _MOMENTS:
        op.add_column(table, sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_outbox_message_state", table, ["state", "next_try_at"])
    # What was left before anything could be sent is old news: it is kept, and a person can have it sent.
    op.execute(
        "UPDATE outbox_message SET state = 'given up', detail = 'Left before messages could be sent' "
        "WHERE state = 'pending'"
    )


def downgrade() -> None:
    table = "outbox_message"
    op.drop_index("ix_outbox_message_state", table)
    for name in ("period", *_TEXTS, "sensitive", "attempts", *_MOMENTS):
        op.drop_column(table, name)
    op.execute("UPDATE outbox_message SET state = 'pending' WHERE state = 'given up'")
