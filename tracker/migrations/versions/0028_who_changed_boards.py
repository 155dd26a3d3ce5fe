"""Say in the security log of which board something was changed, and let a closure day be put back."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_FIXED = ("id", "at", "kind", "actor", "person_id", "email", "subject_id", "plan_id", "detail", "device")
_CHANGED = "Security events are never changed"
_DELETED = "Security events are never deleted before their time"
_FORGOTTEN = "(SELECT max(forget_before) FROM security_retention)"


def upgrade() -> None:
    op.add_column("security_event", sa.Column("board_id", sa.Integer()))
    op.create_index(op.f("ix_security_event_board_id"), "security_event", ["board_id"])
    op.add_column("closure_day", sa.Column("removed_on", sa.Date()))
    _hold((*_FIXED, "board_id"))


def downgrade() -> None:
    _hold(_FIXED)
    op.execute("DELETE FROM closure_day WHERE removed_on IS NOT NULL")
    op.drop_column("closure_day", "removed_on")
    op.drop_index(op.f("ix_security_event_board_id"), "security_event")
    op.drop_column("security_event", "board_id")


def _hold(fixed: tuple[str, ...]) -> None:
    """Let the database refuse a change of any of these columns."""
    if op.get_bind().dialect.name == "postgresql":
        same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in fixed)
        op.execute(
            "CREATE OR REPLACE FUNCTION security_event_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF TG_OP = 'DELETE' THEN "
            f"IF OLD.at < {_FORGOTTEN} THEN RETURN OLD; END IF; "
            f"RAISE EXCEPTION '{_DELETED}'; END IF; "
            f"IF NEW.times > OLD.times AND NEW.last_at >= OLD.last_at AND {same} THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{_CHANGED}'; END $$"
        )
        return
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in fixed)
    op.execute("DROP TRIGGER security_event_no_update")
    op.execute(
        "CREATE TRIGGER security_event_no_update BEFORE UPDATE ON security_event "
        f"WHEN NOT (NEW.times > OLD.times AND NEW.last_at >= OLD.last_at AND {same}) "
        f"BEGIN SELECT RAISE(ABORT, '{_CHANGED}'); END"
    )
