"""Keep what a board is told and asked beside dates: impact if not mitigated, what is put to it, what people say."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_SHORT = sa.String(length=120)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _keys(owner: str) -> list[sa.Column[int]]:
    return [
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("plan_id", sa.Integer(), sa.ForeignKey("plan.id"), nullable=False, index=True),
        sa.Column(f"{owner}_id", sa.Integer(), sa.ForeignKey(f"{owner}.id"), nullable=False, index=True),
    ]


def upgrade() -> None:
    op.add_column("milestone", sa.Column("consequence", sa.Text(), nullable=False, server_default=""))
    op.add_column("pack_minute", sa.Column("withdrawn_on", sa.Date()))
    op.create_table(
        "matter",
        *_keys("milestone"),
        sa.Column("kind", _SHORT, nullable=False),
        _text("text"),
        sa.Column("put_on", sa.Date(), nullable=False),
        _text("put_by"),
        sa.Column("state", _SHORT, nullable=False),
        sa.Column("settled_on", sa.Date()),
        _text("outcome"),
    )
    op.create_table(
        "voice",
        *_keys("measure"),
        *(_text(name) for name in ("who", "text", "source")),
        sa.Column("heard_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date()),
    )


def downgrade() -> None:
    op.drop_table("voice")
    op.drop_table("matter")
    op.drop_column("pack_minute", "withdrawn_on")
    op.drop_column("milestone", "consequence")
