"""Make the tables of boards, meetings and packs; what is frozen can be neither changed nor deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_SHORT = sa.String(length=120)
_CONTENT = "The content of a pack is never changed or deleted"
_ISSUED = "An issued pack is never changed, and a frozen one never deleted"


def _instant() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "board",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.Text(), nullable=False, unique=True),
        *(_text(name) for name in ("about", "terms", "terms_url")),
        sa.Column("cycle", _SHORT, nullable=False),
        sa.Column("anchor", sa.Date()),
        *(sa.Column(f"{name}_days", sa.Integer(), nullable=False) for name in ("opens", "closes", "cut_off", "papers")),
        sa.Column("starts_at", _SHORT, nullable=False),
        *(_text(name) for name in ("place", "link")),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_table(
        "board_plan",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("plan_id", sa.Integer(), sa.ForeignKey("plan.id"), nullable=False, index=True),
        sa.Column("board_id", sa.Integer(), sa.ForeignKey("board.id"), nullable=False),
        sa.Column("ended", sa.Date()),
        sa.UniqueConstraint("board_id", "plan_id"),
    )
    op.create_table(
        "board_member",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("board_id", sa.Integer(), sa.ForeignKey("board.id"), nullable=False, index=True),
        sa.Column("part", _SHORT, nullable=False),
        sa.Column("post_id", sa.Integer(), sa.ForeignKey("post.id")),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("person.id")),
        _text("represents"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date()),
    )
    op.create_table(
        "closure_day",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("day", sa.Date(), nullable=False, unique=True),
        _text("name"),
    )
    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("board_id", sa.Integer(), sa.ForeignKey("board.id"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, index=True),
        sa.Column("starts_at", _SHORT, nullable=False),
        *(_text(name) for name in ("place", "link")),
        sa.Column("state", _SHORT, nullable=False),
        *(sa.Column(name, sa.Date()) for name in ("opens", "closes", "cut_off", "papers")),
        _text("note"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("board_id", "day"),
    )
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("plan_id", sa.Integer(), sa.ForeignKey("plan.id"), nullable=False),
        sa.Column("board_id", sa.Integer(), sa.ForeignKey("board.id")),
        sa.Column("meeting_id", sa.Integer(), sa.ForeignKey("meeting.id"), index=True),
        sa.Column("state", _SHORT, nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("purpose", _SHORT, nullable=False),
        sa.Column("recommendations", sa.JSON(), nullable=False),
        *(_text(name) for name in ("author", "senior_officer", "assurance")),
        sa.Column("considered_by", sa.JSON(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), sa.ForeignKey("pack.id")),
        _text("correction"),
        sa.Column("fingerprint", sa.Text(), nullable=False, index=True),
        _text("previous"),
        sa.Column("made_on", sa.Date(), nullable=False),
        _text("made_by"),
        sa.Column("frozen_at", _instant()),
        _text("frozen_by"),
        sa.Column("issued_at", _instant()),
        _text("issued_by"),
        sa.Column("version", sa.Integer(), nullable=False),
    )
    op.create_index("ix_pack_plan_state", "pack", ["plan_id", "state", "as_at"])
    op.create_table(
        "pack_content",
        sa.Column("pack_id", sa.Integer(), sa.ForeignKey("pack.id"), primary_key=True, autoincrement=False),
        _text("canonical"),
    )
    op.create_table(
        "pack_waiver",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("plan_id", sa.Integer(), sa.ForeignKey("plan.id"), nullable=False, index=True),
        sa.Column("pack_id", sa.Integer(), sa.ForeignKey("pack.id"), nullable=False, index=True),
        sa.Column("check_key", _SHORT, nullable=False),
        sa.Column("subject", _SHORT, nullable=False),
        *(_text(name) for name in ("about", "reason")),
        sa.Column("made_on", sa.Date(), nullable=False),
        _text("made_by"),
        sa.Column("withdrawn_on", sa.Date()),
    )
    op.create_table(
        "pack_chase",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("pack_id", sa.Integer(), sa.ForeignKey("pack.id"), nullable=False, index=True),
        sa.Column("check_key", _SHORT, nullable=False),
        sa.Column("subject", _SHORT, nullable=False),
        _text("told"),
        sa.Column("chased_at", _instant(), nullable=False),
        _text("chased_by"),
    )
    _refuse_changes()


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION pack_content_is_for_good() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_CONTENT}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER pack_content_for_good BEFORE UPDATE OR DELETE ON pack_content "
            "FOR EACH ROW EXECUTE FUNCTION pack_content_is_for_good()"
        )
        op.execute(
            "CREATE FUNCTION pack_is_for_good() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_ISSUED}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER pack_issued_for_good BEFORE UPDATE ON pack "
            "FOR EACH ROW WHEN (OLD.state = 'issued') EXECUTE FUNCTION pack_is_for_good()"
        )
        op.execute(
            "CREATE TRIGGER pack_frozen_for_good BEFORE DELETE ON pack "
            "FOR EACH ROW WHEN (OLD.fingerprint <> '') EXECUTE FUNCTION pack_is_for_good()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER pack_content_no_{verb.lower()} BEFORE {verb} ON pack_content "
            f"BEGIN SELECT RAISE(ABORT, '{_CONTENT}'); END"
        )
    op.execute(
        "CREATE TRIGGER pack_issued_for_good BEFORE UPDATE ON pack WHEN OLD.state = 'issued' "
        f"BEGIN SELECT RAISE(ABORT, '{_ISSUED}'); END"
    )
    op.execute(
        "CREATE TRIGGER pack_frozen_for_good BEFORE DELETE ON pack WHEN OLD.fingerprint <> '' "
        f"BEGIN SELECT RAISE(ABORT, '{_ISSUED}'); END"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for trigger, table in (
            ("pack_content_for_good", "pack_content"),
            ("pack_issued_for_good", "pack"),
            ("pack_frozen_for_good", "pack"),
        ):
            op.execute(f"DROP TRIGGER {trigger} ON {table}")
        for function in ("pack_content_is_for_good", "pack_is_for_good"):
            op.execute(f"DROP FUNCTION {function}()")
    else:
        for trigger in (
            "pack_content_no_update",
            "pack_content_no_delete",
            "pack_issued_for_good",
            "pack_frozen_for_good",
        ):
            op.execute(f"DROP TRIGGER {trigger}")
    for table in ("pack_chase", "pack_waiver", "pack_content", "pack", "meeting", "closure_day", "board_member"):
        op.drop_table(table)
    op.drop_table("board_plan")
    op.drop_table("board")
