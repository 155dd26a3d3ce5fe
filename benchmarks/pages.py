"""Pages against a bare Flask page with a table of the same rows; server time through WSGI, one client."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from benchmarks import bare_pages
from benchmarks.dataset import LEAD, MANAGER, SIZES, build
from benchmarks.measure import compare, line
from tracker.app import create_app
from tracker.config import Settings
from tracker.extensions import db
from tracker.models import Holding, Person
from tracker.rules.dates import london_day

AIM = 3.0
SLUG = "benchmark"
# Name, our address, who looks, and the bare page: the same query, a table of as many rows as ours shows.
PAGES = (
    ("Plan", f"/plans/{SLUG}", MANAGER, "/plan?"),
    ("List of 100 rows", f"/plans/{SLUG}/milestones", MANAGER, "/plan?"),
    ("Board view", f"/plans/{SLUG}/board", MANAGER, "/plan?"),
    ("Portfolio", "/", MANAGER, "/portfolio?"),
    ("My milestones", "/my-milestones", LEAD, "/mine?post={post}&"),
)


def application(folder: Path, path: Path) -> Flask:
    """Return the product on a database."""
    settings = Settings(data_dir=folder, database_url=f"sqlite:///{path}", secret_key="benchmark", testing=True)
    return create_app(settings)


def sign_in(app: Flask, session: Session, email: str) -> FlaskClient:
    """Return a client that is signed in as the person with this address."""
    person = session.scalars(select(Person).where(Person.email == email)).one()
    client = app.test_client()
    with client.session_transaction() as kept:
        kept.update(_user_id=f"{person.id}:{person.session_epoch}", _fresh=True)
    return client


@dataclass(frozen=True)
class Weight:
    """What a page is made of."""

    statements: int
    rows: int
    bytes: int


def weigh(app: Flask, client: FlaskClient, address: str) -> Weight:
    """Return how many SQL statements a page costs, how many rows and list items it shows, and its size."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", counted)
    try:
        answer = client.get(address)
    finally:
        event.remove(engine, "before_cursor_execute", counted)
    assert answer.status_code == 200, f"{address} answered {answer.status}"
    rows = html.fromstring(answer.data).xpath("count(//main//tbody/tr | //main//li)")
    return Weight(count, int(rows), len(answer.data))


def run(*, quick: bool = False) -> Iterator[str]:
    """Yield a line for each page and size."""
    today = london_day(datetime.now(UTC))
    for size in SIZES[:2] if quick else SIZES:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = folder / "benchmark.sqlite3"
            engine = build(path, size, today)
            app = application(folder, path)
            bare = bare_pages.create(path, today.isoformat()).test_client()
            with Session(engine) as session:
                post = session.scalars(select(Holding.post_id)).first()
                clients = {email: sign_in(app, session, email) for email in (MANAGER, LEAD)}
            runs = 30 if size <= 10_000 else 12
            for what, address, email, bare_address in PAGES:
                client = clients[email]
                weight = weigh(app, client, address)
                plain = f"{bare_address.format(post=post)}rows={weight.rows}"
                ours, theirs = compare(partial(client.get, address), partial(bare.get, plain), runs=runs)
                result = line(what, size, ours, theirs, AIM)
                yield f"{result}  {weight.statements} statements, {weight.rows} rows, {weight.bytes / 1024:.0f} KB"
            with app.app_context():
                db.engine.dispose()
            engine.dispose()
