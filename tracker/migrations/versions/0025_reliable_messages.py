"""Keep links out of stored messages; workbooks with them, settings of the council, addresses that fail."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_SHORT = sa.String(length=120)
_LINK = re.compile(r"/u/([\w-]+)\.[\w-]+")
_MARK = "/u/…"
_OUTBOX = sa.table("outbox_message", *(sa.column(name) for name in ("id", "body", "html", "link")))


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("link", sa.Text(), nullable=False, server_default=""))
    _take_links_out()
    op.create_table(
        "outbox_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_key"],
            ["outbox_message.dedupe_key"],
            name=op.f("fk_outbox_attachment_message_key_outbox_message"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_attachment")),
    )
    op.create_index(op.f("ix_outbox_attachment_message_key"), "outbox_attachment", ["message_key"])
    op.create_table(
        "message_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", _SHORT, nullable=False),
        sa.Column("grace_manager", sa.Integer(), nullable=False),
        sa.Column("grace_senior", sa.Integer(), nullable=False),
        sa.Column("link_days", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_settings")),
    )
    op.add_column("person", sa.Column("workbook", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("person", sa.Column("mail_failed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("mail_fault", sa.Text(), nullable=False, server_default=""))
    op.add_column("returned_workbook", sa.Column("by_link", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("chase", sa.Column("about", _SHORT, nullable=False, server_default="deadline"))
    if op.get_bind().dialect.name == "sqlite":
        op.execute("ALTER TABLE plan RENAME COLUMN senior_post_id TO senior_post_was")
        op.execute(
            "ALTER TABLE plan ADD COLUMN senior_post_id INTEGER "
            "CONSTRAINT fk_plan_senior_post_id_post REFERENCES post (id)"
        )
        op.execute("UPDATE plan SET senior_post_id = senior_post_was")
        op.drop_column("plan", "senior_post_was")
    else:
        op.create_foreign_key(op.f("fk_plan_senior_post_id_post"), "plan", "post", ["senior_post_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.add_column("plan", sa.Column("senior_post_was", sa.Integer(), nullable=True))
        op.execute("UPDATE plan SET senior_post_was = senior_post_id")
        op.drop_column("plan", "senior_post_id")
        op.execute("ALTER TABLE plan RENAME COLUMN senior_post_was TO senior_post_id")
    else:
        op.drop_constraint(op.f("fk_plan_senior_post_id_post"), "plan", type_="foreignkey")
    op.drop_column("chase", "about")
    op.drop_column("returned_workbook", "by_link")
    op.drop_column("person", "mail_fault")
    op.drop_column("person", "mail_failed_at")
    op.drop_column("person", "workbook")
    op.drop_table("message_settings")
    op.drop_table("outbox_attachment")
    op.drop_column("outbox_message", "link")


def _take_links_out() -> None:
    """Replace the links in messages by their mark; what a message needs to be sent is kept without its signature."""
    connection = op.get_bind()
    query = sa.select(_OUTBOX.c.id, _OUTBOX.c.body, _OUTBOX.c.html).where(_OUTBOX.c.body.like("%/u/%"))
    for key, body, html in connection.execute(query).all():
        found = _LINK.search(body)
        if found is None:
            continue
        values = {"link": found[1], "body": _LINK.sub(_MARK, body), "html": _LINK.sub(_MARK, html)}
        connection.execute(_OUTBOX.update().where(_OUTBOX.c.id == key).values(**values))
