"""Keep the file of an import, what was said and answered of it, the work on it, and profiles; a batch in parts."""

import json
import zlib

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_SHORT = sa.String(length=120)


def _added() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("said", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("profile", _SHORT, nullable=False, server_default=""),
        sa.Column("answers", sa.JSON(), nullable=False, server_default="{}"),
        sa.Column("plan_version", _SHORT, nullable=False, server_default=""),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    )


def upgrade() -> None:
    for column in _added():
        op.add_column("import_batch", column)
    op.create_table(
        "import_part",
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("name", _SHORT, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_part_batch_id_import_batch"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "name", name=op.f("pk_import_part")),
    )
    op.create_table(
        "import_job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("kind", _SHORT, nullable=False),
        sa.Column("state", _SHORT, nullable=False),
        sa.Column("stage", _SHORT, nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("cancel", sa.Boolean(), nullable=False),
        sa.Column("heard_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_import_job_batch_id_import_batch"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )
    op.create_index(op.f("ix_import_job_batch_id"), "import_job", ["batch_id"], unique=False)
    op.create_table(
        "import_profile",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", _SHORT, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_profile")),
        sa.UniqueConstraint("name", name=op.f("uq_import_profile_name")),
    )
    # Files that wait were read by an earlier version, and their bytes were not kept: a person reads them again. Of
    # those that were applied the account of their lines is their certificate.
    op.execute(sa.text("DELETE FROM import_batch WHERE applied_at IS NULL"))
    _move_accounts()
    op.drop_column("import_batch", "result")


def _move_accounts() -> None:
    """Keep the account of files that were applied, in the shape of `rules/certificate.py`."""
    connection = op.get_bind()
    part = sa.table("import_part", sa.column("batch_id"), sa.column("name"), sa.column("content", sa.LargeBinary()))
    for batch_id, result in connection.execute(sa.text("SELECT id, result FROM import_batch")).all():
        account = json.loads(result).get("result", {}).get("account", {})
        lines = [
            [f"{line['sheet']} {line['cell']}".strip(), line["text"], line["outcome"].replace("_", " "), line["reason"]]
            for line in account.get("lines", [])
        ]
        content = zlib.compress(json.dumps(lines, ensure_ascii=False).encode(), 3)
        connection.execute(sa.insert(part).values(batch_id=batch_id, name="account", content=content))


def downgrade() -> None:
    op.add_column("import_batch", sa.Column("result", sa.Text(), nullable=False, server_default="{}"))
    op.execute(sa.text("DELETE FROM import_part"))
    op.execute(sa.text("DELETE FROM import_batch WHERE applied_at IS NULL"))
    op.drop_table("import_profile")
    op.drop_index(op.f("ix_import_job_batch_id"), table_name="import_job")
    op.drop_table("import_job")
    op.drop_table("import_part")
    for column in reversed(_added()):
        op.drop_column("import_batch", column.name)
