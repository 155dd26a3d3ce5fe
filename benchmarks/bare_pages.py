"""The same tables from a bare Flask application: one statement with sqlite3, one loop in Jinja, nothing else."""

from __future__ import annotations

import secrets
import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask, g, request

from tracker.rules import colour as colours

PAGE = """<!doctype html><html lang="en"><head><title>Bare</title></head><body><h1>Bare</h1>
{% for name, number in counts %}<p>{{ name }}: {{ number }}</p>{% endfor %}<table><thead><tr>
{% for name in ("Ref", "Milestone", "Workstream", "Lead", "Due", "Colour", "Why", "Updated") %}
<th scope="col">{{ name }}</th>{% endfor %}
</tr></thead><tbody>{% for row in rows %}<tr>
<td><a href="{{ url_for('show', key=row[0]) }}">{{ row[1] }}</a></td><td>{{ row[2] }}</td>
<td>{{ row[3] }}</td><td>{{ row[4] }}</td><td>{{ row[5] }}</td>
<td><span class="chip chip--{{ row[6] }}">{{ words[row[6]] }}</span></td><td>{{ row[7] }}</td><td>{{ row[8] }}</td>
</tr>{% endfor %}</tbody></table></body></html>"""
WORDS = {str(colour): word for colour, word in colours.WORDS.items()}

ON = "s.milestone_id = m.id AND s.from_day <= :day AND s.to_day >= :day"
COLUMNS = """m.id, w.ref || '.' || m.ref, m.text, w.title, o.title, m.due_text, s.colour, s.reason, m.updated_by
FROM milestone m JOIN workstream w ON w.id = m.workstream_id JOIN lead_assignment a ON a.workstream_id = w.id
JOIN post o ON o.id = a.post_id"""
LIST = f"SELECT {COLUMNS} JOIN colour_span s ON {ON} WHERE m.plan_id = :plan ORDER BY m.id LIMIT :rows"
MINE = f"SELECT {COLUMNS} JOIN colour_span s ON {ON} WHERE a.post_id = :post ORDER BY m.due LIMIT :rows"
COUNTS = (
    f"SELECT s.colour, count(*) FROM milestone m JOIN colour_span s ON {ON} WHERE m.plan_id = :plan GROUP BY s.colour"
)
OVERVIEW = f"""
SELECT p.id, p.slug, p.title, p.organisation, p.version, sum(m.due <= :day), s.colour, count(*), p.adopted
FROM plan p JOIN milestone m ON m.plan_id = p.id JOIN colour_span s ON {ON} GROUP BY p.id, s.colour ORDER BY p.title"""


def create(path: Path, day: str) -> Flask:
    """Return the bare application on the same database."""
    app = Flask(__name__)
    template = app.jinja_env.from_string(PAGE)

    def read(statement: str, **values: Any) -> list[tuple[Any, ...]]:
        if "connection" not in g:
            g.connection = sqlite3.connect(path)
        found: list[tuple[Any, ...]] = g.connection.execute(statement, values | {"day": day}).fetchall()
        return found

    @app.teardown_appcontext
    def close(_: BaseException | None) -> None:
        if "connection" in g:
            g.connection.close()

    def page(rows: list[tuple[Any, ...]], counts: list[tuple[Any, ...]]) -> str:
        return template.render(rows=rows, counts=counts, words=WORDS)

    @app.get("/plan")
    def plan() -> str:
        rows = read(LIST, plan=1, rows=request.args.get("rows", 100, type=int))
        return page(rows, read(COUNTS, plan=1))

    @app.get("/portfolio")
    def portfolio() -> str:
        return page(read(OVERVIEW)[: request.args.get("rows", 100, type=int)], [])

    @app.get("/mine")
    def mine() -> str:
        rows = request.args.get("rows", 100, type=int)
        return page(read(MINE, post=request.args.get("post", 1, type=int), rows=rows), [])

    @app.get("/show/<int:key>")
    def show(key: int) -> str:
        return str(key)

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
