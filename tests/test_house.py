"""The house: rooms, sizes, names and manners. What these tests forbid was tried elsewhere and went wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jinja2 import StrictUndefined

import tracker

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(__file__).resolve().parent.parent
TEXT = {".py", ".html", ".txt", ".md", ".toml", ".yaml", ".yml", ".scss", ".css", ".js", ".csv", ".json", ""}
NOT_OURS = {
    ".git", ".venv", "dist", "build", "node_modules", "__pycache__", "vendor",
    ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".import_linter_cache", ".mutants-cache",
}  # fmt: skip
TOP_LEVEL = {
    "pyproject.toml", "tracker", "templates", "seeds", "tests", "README.md",
    "docs", "benchmarks", "Makefile", "CHANGELOG.md", "LICENSE", "requirements.txt", "requirements-dev.txt",
    ".ci", ".gitignore",
}  # fmt: skip
LONGEST = 350
GENERATED = {"tracker/static/tracker.css"}


def files(*suffixes: str, under: str = "") -> Iterator[Path]:
    """Yield the project's own files with one of the suffixes, in order."""
    for path in sorted((ROOT / under).rglob("*")):
        inside = path.relative_to(ROOT)
        if path.is_file() and path.suffix in suffixes and not NOT_OURS & set(inside.parts):
            yield path


def name(path: Path) -> str:
    """Return a path as it is said in messages."""
    return path.relative_to(ROOT).as_posix()


def test_nothing_lies_at_the_top_that_has_no_place_there() -> None:
    ignored = {*NOT_OURS, ".coverage"}
    found = {path.name for path in ROOT.iterdir()} - ignored
    assert {entry for entry in found if not entry.endswith(".egg-info")} <= TOP_LEVEL


def test_no_file_is_so_long_that_it_must_be_two() -> None:
    long = {}
    for path in files(".py", ".html", ".scss"):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST and "migrations" not in path.parts:
            long[name(path)] = lines
    assert not long


def test_no_module_is_named_after_nothing_in_particular() -> None:
    vague = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "shared", "stuff"}
    assert not [name(path) for path in files(".py", ".html") if path.stem.strip("_") in vague]


def test_every_module_says_what_it_is() -> None:
    silent = []
    for path in files(".py"):
        text = path.read_text(encoding="utf-8")
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            silent.append(name(path))
    assert not silent


def test_everything_public_in_the_package_has_a_docstring() -> None:
    silent = []
    for path in files(".py", under="tracker"):
        if "migrations" in path.parts:
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if named and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{name(path)}: {node.name}")
    assert not silent


def test_the_rooms_are_those_of_the_architecture_page() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `tracker/([\w.]+)/?` \|", page, re.MULTILINE))
    there = {
        path.name
        for path in (ROOT / "tracker").iterdir()
        if path.name != "__init__.py" and path.name not in NOT_OURS and not path.name.startswith("_bundled")
    }
    assert described == there


def test_the_tests_mirror_the_rooms() -> None:
    rooms = {path.stem for path in (ROOT / "tracker").iterdir()} | {"browser", "seeds", "templates"}
    folders = [path for path in (ROOT / "tests").iterdir() if path.is_dir() and path.name not in NOT_OURS]
    assert not [name(path) for path in folders if path.name not in rooms]
    assert not [name(path) for path in folders if not (path / "__init__.py").exists()]


@pytest.mark.parametrize(
    ("word", "suffixes", "under", "why"),
    [
        (r"\b(TODO|FIXME|XXX|HACK)\b", (".py", ".html", ".md", ".scss", ".toml"), "", "say it in an issue, or do it"),
        (r"\braise NotImplementedError\b", (".py",), "tracker", "nothing half made"),
        (r"\b(breakpoint\(|pdb\b|ipdb\b)", (".py",), "", "left from looking for a fault"),
        (r"/(work|home|root|Users)/\w", (".py", ".html", ".md", ".toml", ".txt"), "", "a path of one machine"),
        (r"\.filter_by\(", (".py",), "tracker", "ambiguous after a join: use where()"),
        (r"\.cell\(\w+, \w+\)", (".py",), "tracker/exports", "rebuilds the grid at each call: clone rows"),
        (r"== 302\b", (".py",), "tests", "later Flask answers 303: use redirected()"),
        (r"\b(date\.today|datetime\.now|time\.time)\(", (".py",), "tracker/rules", "today is an argument"),
        (r"\b(date\.today|datetime\.now|time\.time)\(", (".py",), "tracker/queries", "today is an argument"),
        (r"\b(date\.today|datetime\.now|time\.time)\(", (".py",), "tracker/services", "now is an argument"),
        (r"\.commit\(\)", (".py",), "tracker/services", "services flush; the edge commits"),
        (
            r"\b(pickle|marshal|shelve)\b|yaml\.load\(|\beval\(|(?<!driver_sql)\bexec\(",
            (".py",),
            "tracker",
            "runs what it reads",
        ),
        (r"\|\s*safe\b", (".html",), "templates", "text is escaped, always"),
        (r"(?i)\bplease\b|click here", (".html", ".py"), "templates", "plain words"),
        (r"(?:src|href|action)=[\"'](?:https?:)?//", (".html",), "templates", "nothing from another host"),
        (r"\bstyle=", (".html",), "templates", "the content security policy refuses it"),
        (r"\bon(?:click|change|submit|load)=", (".html",), "templates", "the content security policy refuses it"),
        (r"https?://|git\+|--(?:extra-)?index-url|-f\b", (".txt",), "", "requirements name versions, not addresses"),
    ],
)
def test_what_must_not_stand_in_the_files(word: str, suffixes: tuple[str, ...], under: str, why: str) -> None:
    found = [
        f"{name(path)}:{number}: {line.strip()[:100]}"
        for path in files(*suffixes, under=under)
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if re.search(word, line)
    ]
    assert not found, why


def test_every_file_is_plain_text_with_an_end() -> None:
    bad = []
    for path in files(*TEXT - {""}):
        content = path.read_bytes()
        if name(path) in GENERATED or not content:
            continue
        if b"\r\n" in content and path.suffix != ".csv":
            bad.append(f"{name(path)}: Windows line ends")
        if not content.endswith(b"\n"):
            bad.append(f"{name(path)}: no line end at the end")
        content.decode("utf-8")
    assert not bad


def test_the_changelog_speaks_of_this_version() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"## {tracker.__version__}" in text


def test_migrations_are_numbered_in_their_order() -> None:
    versions = sorted(path.stem for path in (ROOT / "tracker" / "migrations" / "versions").glob("*.py"))
    assert versions
    assert [stem[:5] for stem in versions] == [f"{number:04}_" for number in range(1, len(versions) + 1)]


def test_every_template_compiles_and_an_unknown_name_is_an_error(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    ours = [path.relative_to(ROOT / "templates").as_posix() for path in files(".html", ".txt", under="templates")]
    assert ours
    for template in ours:
        app.jinja_env.get_template(template)


def test_every_template_that_is_referred_to_is_there_and_every_one_is_referred_to(app: Flask) -> None:
    ours = {path.relative_to(ROOT / "templates").as_posix() for path in files(".html", ".txt", under="templates")}
    code = [
        path.read_text(encoding="utf-8")
        for path in (*files(".html", under="templates"), *files(".py", under="tracker"))
    ]
    named = {found for text in code for found in re.findall(r"[\"']([\w/]+\.(?:html|txt))[\"']", text)}
    assert not {template for template in named - ours if not template.startswith("govuk_frontend_jinja/")}
    by_status = {template for template in ours if re.fullmatch(r"errors/\d{3}\.html", template)}
    assert not ours - named - by_status


def test_every_route_states_who_it_answers(app: Flask) -> None:
    from tracker.views.guards import policy_of

    silent = [rule.rule for rule in app.url_map.iter_rules() if policy_of(app, rule.endpoint) is None]
    assert not silent
