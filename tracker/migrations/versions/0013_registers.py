"""Give plans registers of risks, issues and decisions, and figures of measures a day, a source and a way back."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_SHORT = sa.String(length=120)


def _added() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("taken_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False, server_default=""),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
    )


def upgrade() -> None:
    for added in _added():
        op.add_column("reading", added)
    op.create_table(
        "raid_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", _SHORT, nullable=False),
        sa.Column("ref", _SHORT, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("likelihood", sa.Integer(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("owner_post_id", sa.Integer(), nullable=True),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("minute", sa.Text(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_raid_item_plan_id_plan")),
        sa.ForeignKeyConstraint(["owner_post_id"], ["post.id"], name=op.f("fk_raid_item_owner_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raid_item")),
        sa.UniqueConstraint("plan_id", "ref", name=op.f("uq_raid_item_plan_id_ref")),
    )
    op.create_table(
        "raid_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("raid_item_id", sa.Integer(), nullable=False),
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("unlinked_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_raid_link_plan_id_plan")),
        sa.ForeignKeyConstraint(["raid_item_id"], ["raid_item.id"], name=op.f("fk_raid_link_raid_item_id_raid_item")),
        sa.ForeignKeyConstraint(["milestone_id"], ["milestone.id"], name=op.f("fk_raid_link_milestone_id_milestone")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raid_link")),
        sa.UniqueConstraint("raid_item_id", "milestone_id", name=op.f("uq_raid_link_raid_item_id_milestone_id")),
    )
    for table, columns in _INDEXES:
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


_INDEXES = (("raid_item", ("plan_id", "owner_post_id")), ("raid_link", ("plan_id", "raid_item_id", "milestone_id")))


def downgrade() -> None:
    op.drop_table("raid_link")
    op.drop_table("raid_item")
    for added in reversed(_added()):
        op.drop_column("reading", added.name)
