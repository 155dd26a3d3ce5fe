"""Keep what a meeting decided on a pack and the actions that it agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_SHORT = sa.String(length=120)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _keys() -> list[sa.Column[int]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("plan_id", sa.Integer(), sa.ForeignKey("plan.id"), nullable=False, index=True),
        sa.Column("pack_id", sa.Integer(), sa.ForeignKey("pack.id"), nullable=False, index=True),
    ]


def upgrade() -> None:
    op.create_table(
        "pack_minute",
        *_keys(),
        sa.Column("subject", _SHORT, nullable=False),
        _text("about"),
        sa.Column("outcome", _SHORT, nullable=False),
        *(_text(name) for name in ("minute", "note")),
        sa.Column("made_on", sa.Date(), nullable=False),
        _text("made_by"),
    )
    op.create_table(
        "pack_action",
        *_keys(),
        sa.Column("number", _SHORT, nullable=False),
        *(_text(name) for name in ("text", "owner")),
        sa.Column("due", sa.Date(), nullable=False),
        _text("minute"),
        sa.Column("state", _SHORT, nullable=False),
        _text("outcome"),
        sa.Column("closed_on", sa.Date()),
        sa.Column("made_on", sa.Date(), nullable=False),
        _text("made_by"),
        sa.Column("version", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("pack_action")
    op.drop_table("pack_minute")
