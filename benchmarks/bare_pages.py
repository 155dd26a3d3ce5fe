"""The same tables from a bare Flask application: one statement with sqlite3, one loop in Jinja, nothing else."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask, g, request

PAGE = """<!doctype html><html lang="en"><head><title>Bare</title></head><body><h1>Bare</h1><table>
<thead><tr>{% for name in names %}<th scope="col">{{ name }}</th>{% endfor %}</tr></thead><tbody>
{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}</tbody></table></body></html>"""

LIST = """SELECT w.ref || '.' || m.ref AS ref, m.text, w.title, m.due_text, s.colour, s.reason, m.updated_by
FROM milestone m JOIN colour_span s ON s.milestone_id = m.id AND s.from_day <= :day AND s.to_day >= :day
JOIN workstream w ON w.id = m.workstream_id WHERE m.plan_id = :plan ORDER BY m.id LIMIT :rows"""

OVERVIEW = """SELECT p.title, s.colour, count(*), sum(m.due <= :day) FROM plan p JOIN milestone m ON m.plan_id = p.id
JOIN colour_span s ON s.milestone_id = m.id AND s.from_day <= :day AND s.to_day >= :day
GROUP BY p.id, s.colour ORDER BY p.title"""

MINE = """SELECT w.ref || '.' || m.ref AS ref, m.text, w.title, m.due_text, s.colour, s.reason, m.updated_by
FROM lead_assignment a JOIN milestone m ON m.workstream_id = a.workstream_id
JOIN colour_span s ON s.milestone_id = m.id AND s.from_day <= :day AND s.to_day >= :day
JOIN workstream w ON w.id = m.workstream_id WHERE a.post_id = :post ORDER BY m.due"""


def create(path: Path, day: str) -> Flask:
    """Return the bare application on the same database."""
    app = Flask(__name__)

    def rows(statement: str, **values: Any) -> tuple[list[str], list[tuple[Any, ...]]]:
        if "connection" not in g:
            g.connection = sqlite3.connect(path)
        cursor = g.connection.execute(statement, values | {"day": day})
        return [column[0] for column in cursor.description], cursor.fetchall()

    @app.teardown_appcontext
    def close(_: BaseException | None) -> None:
        if "connection" in g:
            g.connection.close()

    template = app.jinja_env.from_string(PAGE)

    def page(statement: str, **values: Any) -> str:
        names, found = rows(statement, **values)
        return template.render(names=names, rows=found)

    @app.get("/list")
    def listing() -> str:
        return page(LIST, plan=request.args.get("plan", 1, type=int), rows=request.args.get("rows", 100, type=int))

    @app.get("/overview")
    def overview() -> str:
        return page(OVERVIEW)

    @app.get("/mine")
    def mine() -> str:
        return page(MINE, post=request.args.get("post", 1, type=int))

    @app.post("/update/<int:key>")
    def update(key: int) -> str:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("BEGIN IMMEDIATE")
        version = int(request.form["version"])
        text = request.form["progress"]
        changed = connection.execute(
            "UPDATE milestone SET progress = ?, version = version + 1 WHERE id = ? AND version = ?",
            (text, key, version),
        )
        connection.execute(
            "INSERT INTO form_token (token, person_id, used_at) VALUES (?, NULL, ?)", (secrets.token_hex(), day)
        )
        connection.execute("COMMIT")
        connection.close()
        return str(changed.rowcount)

    return app
