"""The documentation tells the truth: what it names exists, and what exists is named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tracker.rules import findings
from tracker.rules.colour import LETTERS, NAMES, WORDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
TEST_SETTINGS = {"TRACKER_TEST_DATABASE_URL", "TRACKER_CI"}


def read(*parts: str) -> str:
    """Return a documentation page."""
    return DOCS.joinpath(*parts).read_text(encoding="utf-8")


def settings_in_code() -> set[str]:
    """Return every environment variable that the package reads."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tracker").rglob("*.py"))
    return set(re.findall(r"\"(TRACKER_[A-Z_]+)\"", source))


def commands(group: click.Group, prefix: str = "tracker") -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name."""
    for key, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {key}")
        else:
            yield f"{prefix} {key}", command


def all_commands() -> dict[str, click.Command]:
    """Return every command of `tracker` by its full name."""
    from tracker.cli import cli

    return dict(commands(cli))


def command_section(full_name: str) -> str:
    """Return what docs/commands.md says of one command."""
    match = re.search(rf"^## `{re.escape(full_name)}\b[^\n]*\n(.*?)(?=^## |\Z)", read("commands.md"), re.M | re.S)
    assert match, f"docs/commands.md says nothing of {full_name}"
    return match.group(0)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    lost = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert not lost


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    documented = set(re.findall(r"^\| `(TRACKER_[A-Z_]+)` \|", read("settings.md"), re.MULTILINE))
    assert documented - TEST_SETTINGS == settings_in_code()


def test_no_page_names_a_setting_that_is_not_there() -> None:
    for page in PAGES:
        named = set(re.findall(r"\bTRACKER_[A-Z_]+\b", page.read_text(encoding="utf-8")))
        assert named <= settings_in_code() | TEST_SETTINGS, page


def test_every_command_is_documented_and_every_documented_command_is_there() -> None:
    documented = set(re.findall(r"^## `(tracker(?: [a-z][a-z-]*)+)", read("commands.md"), re.MULTILINE))
    assert documented == set(all_commands())


def test_every_option_and_argument_is_documented_with_its_command() -> None:
    for full_name, command in all_commands().items():
        section = command_section(full_name)
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                longest = max(parameter.opts, key=len)
                assert longest in section, f"{full_name}: {longest} is not described"
            else:
                assert parameter.make_metavar(click.Context(command)).strip("[].") in section, (
                    f"{full_name}: {parameter.name}"
                )


def test_no_option_is_documented_that_is_not_there() -> None:
    for full_name, command in all_commands().items():
        known = {word for parameter in command.params for word in (*parameter.opts, *parameter.secondary_opts)} | {
            "--help"
        }
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", command_section(full_name))) <= known, full_name


def test_every_command_that_a_page_shows_exists() -> None:
    known = set(all_commands())
    groups = {name.rpartition(" ")[0] for name in known} - {"tracker"}
    for page in PAGES:
        for shown, more in re.findall(
            r"(?:^ {4}|`|\\)(tracker [a-z][a-z-]*)( [a-z][a-z-]*)?", page.read_text(encoding="utf-8"), re.MULTILINE
        ):
            assert (shown + more if shown in groups else shown) in known, f"{page.name}: {shown}{more}"


def test_every_make_target_that_a_page_shows_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in PAGES:
        assert set(re.findall(r"(?:^ {4}|`)make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)) <= targets


def test_the_colours_page_has_every_rule_in_its_order_with_its_title() -> None:
    shown = re.findall(r"^\| (\d[a-g]?) \| ([^|]+) \|", read("colours.md"), re.MULTILINE)
    assert shown == [(rule.number, rule.title) for rule in findings.RULES]


def test_the_colours_page_has_every_rule_of_the_roll_up_with_its_title_and_colour() -> None:
    from tracker.rules.rollup_rules import SHARES, STRICT, WORST

    page = read("colours.md")
    for rule in (*SHARES, *WORST):
        assert f"| {rule.number} | {rule.title} | {NAMES[rule.colour]} |" in page
    assert all(rule.number in page for rule in STRICT)


def test_the_colours_page_has_every_colour_letter_word_and_mark() -> None:
    page = read("colours.md")
    for colour, said in NAMES.items():
        assert f"| {said} | {LETTERS[colour]} | {WORDS[colour]} |" in page
    marks = (
        findings.LATE, findings.AWAITING, findings.OVERDUE, findings.COMPLETED_LATE, findings.REQUIRED,
        findings.PROPOSED, findings.BEFORE_ADOPTION, findings.CHECK, findings.EMBEDDED, findings.OVERRIDE,
        findings.moved(1),
    )  # fmt: skip
    for mark in marks:
        assert f"*{mark}*" in page.replace("*Sign", "*sign").replace("*New", "*new").replace("\n", " "), mark


def test_the_colours_page_has_every_outcome_and_rule_of_what_recurs() -> None:
    from tracker.rules.recurrence import rules_for
    from tracker.views.strips import LOOKS

    page = read("colours.md")
    for _, letter, word in LOOKS.values():
        assert f"| {word} | {letter} |" in page
    for number, colour, _ in rules_for(None):
        assert f"| {number} | {NAMES[colour]} |" in page


def test_every_decision_is_listed_and_every_listed_decision_is_there() -> None:
    files = {path.name for path in (DOCS / "decisions").glob("0*.md")}
    assert set(re.findall(r"\((0[\w-]+\.md)\)", read("decisions", "README.md"))) == files
    numbers = [name[:4] for name in files]
    assert len(numbers) == len(set(numbers)), "Two decisions have one number"
