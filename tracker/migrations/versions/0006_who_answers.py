"""Say who is accountable and who answers when: one accountable lead, dated posts, and a security log that only grows.

Attempts to sign in move into the security log. Where a plan names one lead, that one is accountable, by a ledger
entry that takes effect when the lead was named; where it names several, nobody is chosen for it.
"""

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from tracker.models.base import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SHORT = sa.String(length=120)
_SUBJECTS = ("workstream", "action", "milestone")
_LEADS = "accountable AND ended IS NULL"
_CHANGED = "Security events are never changed"
_DELETED = "Security events are never deleted before their time"
_FORGOTTEN = "(SELECT max(forget_before) FROM security_retention)"
_FIXED = ("id", "at", "kind", "actor", "person_id", "email", "subject_id", "plan_id", "detail", "device")


def _added() -> tuple[tuple[str, sa.Column[Any]], ...]:
    """Return the new columns: added in place, for to make a table again SQLite drops it, and others point at it."""
    return (
        ("organisation", sa.Column("kind", _SHORT, nullable=False, server_default="")),
        ("organisation", sa.Column("outside", sa.Boolean(), nullable=True)),
        ("post", sa.Column("closed_on", sa.Date(), nullable=True)),
        ("holding", sa.Column("note", sa.Text(), nullable=False, server_default="")),
        ("lead_assignment", sa.Column("ended", sa.Date(), nullable=True)),
    )


def upgrade() -> None:
    for table, column in _added():
        op.add_column(table, column)
    _name_the_accountable()
    for subject in _SUBJECTS:
        op.create_index(
            f"uq_lead_assignment_accountable_{subject}",
            "lead_assignment",
            [f"{subject}_id"],
            unique=True,
            sqlite_where=sa.text(_LEADS),
            postgresql_where=sa.text(_LEADS),
        )
    op.create_table(
        "security_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("kind", _SHORT, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("plan_id", sa.Integer(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("device", _SHORT, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_security_event_person_id_person")),
        sa.ForeignKeyConstraint(["subject_id"], ["person.id"], name=op.f("fk_security_event_subject_id_person")),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_security_event_plan_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_event")),
    )
    op.create_index(op.f("ix_security_event_at"), "security_event", ["at"])
    op.create_index("ix_security_event_kind_at", "security_event", ["kind", "at"])
    op.create_index("ix_security_event_email_at", "security_event", ["email", "at"])
    op.create_table(
        "security_retention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("forget_before", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_security_retention")),
    )
    op.execute(
        "INSERT INTO security_event (at, last_at, times, kind, actor, email, detail, device) SELECT at, at, 1, "
        "CASE WHEN succeeded THEN 'signed in' ELSE 'sign-in failed' END, '', email, '', '' FROM sign_in_attempt "
        "ORDER BY id"
    )
    op.drop_table("sign_in_attempt")
    _guard()


def _guard() -> None:
    """Let the database refuse what would rewrite the log."""
    if op.get_bind().dialect.name == "postgresql":
        same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in _FIXED)
        op.execute(
            "CREATE FUNCTION security_event_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF TG_OP = 'DELETE' THEN "
            f"IF OLD.at < {_FORGOTTEN} THEN RETURN OLD; END IF; "
            f"RAISE EXCEPTION '{_DELETED}'; END IF; "
            f"IF NEW.times > OLD.times AND NEW.last_at >= OLD.last_at AND {same} THEN RETURN NEW; END IF; "
            f"RAISE EXCEPTION '{_CHANGED}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER security_event_append_only BEFORE UPDATE OR DELETE ON security_event "
            "FOR EACH ROW EXECUTE FUNCTION security_event_only_grows()"
        )
        return
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in _FIXED)
    op.execute(
        "CREATE TRIGGER security_event_no_update BEFORE UPDATE ON security_event "
        f"WHEN NOT (NEW.times > OLD.times AND NEW.last_at >= OLD.last_at AND {same}) "
        f"BEGIN SELECT RAISE(ABORT, '{_CHANGED}'); END"
    )
    op.execute(
        "CREATE TRIGGER security_event_no_delete BEFORE DELETE ON security_event "
        f"WHEN NOT coalesce(OLD.at < {_FORGOTTEN}, 0) "
        f"BEGIN SELECT RAISE(ABORT, '{_DELETED}'); END"
    )


def _name_the_accountable() -> None:
    """Make the only lead of a thing accountable, and of several that are accountable only the first."""
    connection = op.get_bind()
    meta = sa.MetaData()
    leads = sa.Table("lead_assignment", meta, autoload_with=connection)
    rows = connection.execute(sa.select(leads).order_by(leads.c.position, leads.c.id)).mappings().all()
    led: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        led.setdefault((row["plan_id"], *(row[f"{name}_id"] for name in _SUBJECTS)), []).append(row)
    for (plan_id, *_), found in led.items():
        accountable = [row for row in found if row["accountable"]]
        if len(found) == 1 and not accountable:
            _record(plan_id, found[0]["id"], True, "The only lead that the plan names")
        for row in accountable[1:]:
            _record(plan_id, row["id"], False, "Only one lead can be accountable: the first that the plan names")


def _record(plan_id: int, lead_id: int, accountable: bool, reason: str) -> None:
    """Write one entry as the ledger wrote them when this migration was made, and change the row."""
    connection = op.get_bind()
    plan = connection.execute(sa.text("SELECT ledger_seq, ledger_head FROM plan WHERE id = :id"), {"id": plan_id}).one()
    columns: dict[str, Any] = {
        **dict.fromkeys(("plan_id", "seq", "actor_id", "subject_id"), sa.Integer()),
        **dict.fromkeys(("act", "actor", "verb", "subject_type", "reason", "previous_hash", "hash"), sa.Text()),
        **dict.fromkeys(("recorded_at", "effective_at"), UtcDateTime()),
        "effective_day": sa.Date(),
        "back_filled": sa.Boolean(),
        "changes": sa.JSON(),
    }
    entries = sa.table("ledger_entry", *(sa.column(name, kind) for name, kind in columns.items()))
    named = connection.execute(
        sa.select(entries.c.effective_at, entries.c.effective_day)
        .where(entries.c.subject_type == "lead_assignment", entries.c.subject_id == lead_id)
        .order_by(entries.c.seq)
        .limit(1)
    ).first()
    if named is None:
        return  # a row that its ledger does not know of: the proof says so, and nothing is added to it
    entry: dict[str, Any] = {
        "plan_id": plan_id,
        "seq": plan.ledger_seq + 1,
        "act": secrets.token_hex(8),
        "recorded_at": datetime.now(UTC),
        "effective_at": named.effective_at,
        "effective_day": named.effective_day,
        "back_filled": True,
        "actor_id": None,
        "actor": "The tracker",
        "verb": "made it accountable" if accountable else "made it not accountable",
        "subject_type": "lead_assignment",
        "subject_id": lead_id,
        "changes": {"accountable": [not accountable, accountable]},
        "reason": reason,
        "previous_hash": plan.ledger_head,
    }
    body = {
        name: entry[name] for name in ("seq", "act", "back_filled", "actor_id", "actor", "verb", "changes", "reason")
    }
    body |= {name: entry[name].astimezone(UTC).isoformat() for name in ("recorded_at", "effective_at")}
    body |= {"subject": ["lead_assignment", lead_id], "previous": entry["previous_hash"]}
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    entry["hash"] = hashlib.sha256(text.encode()).hexdigest()
    connection.execute(sa.insert(entries).values(**entry))
    connection.execute(
        sa.text("UPDATE plan SET ledger_seq = :seq, ledger_head = :hash WHERE id = :id"),
        {"seq": entry["seq"], "hash": entry["hash"], "id": plan_id},
    )
    connection.execute(
        sa.text("UPDATE lead_assignment SET accountable = :accountable WHERE id = :id"),
        {"accountable": accountable, "id": lead_id},
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER security_event_append_only ON security_event")
        op.execute("DROP FUNCTION security_event_only_grows()")
    else:
        op.execute("DROP TRIGGER security_event_no_update")
        op.execute("DROP TRIGGER security_event_no_delete")
    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    op.create_index(op.f("ix_sign_in_attempt_at"), "sign_in_attempt", ["at"])
    op.create_index(op.f("ix_sign_in_attempt_email"), "sign_in_attempt", ["email"])
    op.execute(
        "INSERT INTO sign_in_attempt (email, at, succeeded) SELECT email, at, kind = 'signed in' FROM security_event "
        "WHERE kind IN ('signed in', 'sign-in failed') ORDER BY id"
    )
    op.drop_table("security_retention")
    op.drop_table("security_event")
    for subject in _SUBJECTS:
        op.drop_index(f"uq_lead_assignment_accountable_{subject}", "lead_assignment")
    for table, column in reversed(_added()):
        op.drop_column(table, column.name)
