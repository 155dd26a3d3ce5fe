"""Let people update their own milestones by a link."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "update_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_update_link_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_update_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_update_link_token_hash")),
    )
    op.create_index(op.f("ix_update_link_person_id"), "update_link", ["person_id"])


def downgrade() -> None:
    op.drop_table("update_link")
