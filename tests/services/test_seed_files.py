"""Plan files: strict reading that names the place, and one way of writing."""

from pathlib import Path

import pytest

from tracker.rules.document import PlanDocument, Source
from tracker.rules.errors import NotFound, Refusal
from tracker.services.seed_files import dump_document, load_document, seed_path, seed_slugs


@pytest.mark.parametrize("slug", seed_slugs())
def test_reading_and_writing_a_plan_gives_the_same_text(slug):
    path = seed_path(slug)
    assert dump_document(load_document(path)) == path.read_text(encoding="utf-8")


def write(folder: Path, text: str) -> Path:
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title: A\nsluq: b\n", "plan.yaml has an unknown key 'sluq'. It may have: title, slug,"),
        ("slug: a\n", "plan.yaml lacks 'title'."),
        ("title: 2025\n", "plan.yaml, title has to be text, not the number 2025. Put it in quotes."),
        ("title: A\nadopted: 2025-05-28\n", "adopted has to be text, not the date 2025-05-28. Put it in quotes."),
        ("title: A\nversion: null\n", "plan.yaml, version has to be text, not nothing."),
        ("title: A\npriorities: B\n", "plan.yaml, priorities has to be a list, not text."),
        ("title: A\nreports_to:\n- [B]\n", "plan.yaml, reports_to, line 1 has to be text, not a list."),
        ("title: A\nkey:\n  Red: 1\n", "plan.yaml, key, Red has to be text, not the number 1. Put it in quotes."),
        ("title: A\nkey: Red\n", "plan.yaml, key has to be a set of named words, not text."),
        ("- title: A\n", "plan.yaml has to be a set of named fields, not a list."),
        ("", "plan.yaml has to be a set of named fields, not nothing."),
        ("title: A\nrecords:\n- {kind: rule, text: B}\n", "records, line 1 has an unknown kind 'rule'. It may be:"),
        ("title: A\nsource: B\n", "plan.yaml has an unknown key 'source'."),
        ("title: [A\n", "plan.yaml is not valid YAML: "),
        (
            "title: A\npriorities:\n- ref: '1'\n  title: B\n  unplaced:\n  - {ref: '1', text: C, implicit: 'yes'}\n",
            "plan.yaml, priorities, line 1, unplaced, line 1, implicit has to be true or false, not text.",
        ),
    ],
)
def test_a_file_that_is_not_a_plan_is_refused_with_the_place(tmp_path, text, sentence):
    with pytest.raises(Refusal) as refused:
        load_document(write(tmp_path, text))
    assert sentence in refused.value.sentence


def test_a_file_that_is_not_text_is_refused(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"title: \xff\n")
    with pytest.raises(Refusal, match="not text in UTF-8"):
        load_document(path)


@pytest.mark.parametrize("name", ["nothing", "../seeds/wf-send-2025", ""])
def test_a_plan_that_does_not_ship_is_not_found(name):
    with pytest.raises(NotFound, match="There is no shipped plan"):
        seed_path(name)


def test_a_file_that_is_not_there_is_not_found(tmp_path):
    with pytest.raises(NotFound, match="There is no file"):
        load_document(tmp_path / "plan.yaml")


def test_what_is_empty_or_assumed_or_provenance_is_not_written():
    plan = load_document(seed_path("northumberland-inclusion"))
    plan.priorities[0].source = Source("slides.pptx")
    text = dump_document(plan)
    assert "slides.pptx" not in text
    assert "workstream_label" not in text
    assert "''" not in text


def test_a_label_that_was_emptied_stays_empty(tmp_path):
    plan = PlanDocument("A plan", priority_label="")
    assert load_document(write(tmp_path, dump_document(plan))) == plan
