"""The reading process: the same answer as in this process, limits, and silence about its own errors."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.imports.workbooks import HEAD, rezipped, workbook
from tracker.imports import Limits, preview, read_plan, read_plan_in_child, worker
from tracker.imports import child as child_module
from tracker.imports.codec import decoded, encoded
from tracker.rules.errors import Refusal

PLAN = workbook(("Plan", [HEAD, ("1", "Recruit a chair", "Director", "Mar 2026", "Green", "Begun.")]))


def test_the_child_gives_what_reading_in_this_process_gives() -> None:
    assert read_plan_in_child(PLAN, "plan.xlsx") == read_plan(PLAN, "plan.xlsx")


def test_a_refusal_crosses_with_its_sentence() -> None:
    with pytest.raises(Refusal, match="a PDF"):
        read_plan_in_child(b"%PDF-1.7", "plan.xlsx")


def test_a_file_over_the_size_limit_never_reaches_the_child() -> None:
    with pytest.raises(Refusal, match="at most 0 MB"):
        read_plan_in_child(PLAN, "plan.xlsx", limits=Limits(file_size=10))


def test_a_child_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(Refusal, match="too long"):
        read_plan_in_child(PLAN, "plan.xlsx", limits=Limits(wall_seconds=0))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limits on a process")
def test_a_child_that_needs_too_much_memory_is_stopped() -> None:
    huge = rezipped(PLAN, {"xl/worksheets/sheet1.xml": lambda xml: xml + b" " * 59_000_000})
    limits = Limits(memory=60 * 1024 * 1024, ratio=2_000)
    with pytest.raises(Refusal, match="needs too much memory"):
        read_plan_in_child(huge, "plan.xlsx", limits=limits)


def test_no_secret_of_the_server_reaches_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", "secret")
    assert not [name for name in child_module._environment() if name.startswith("TRACKER")]


@pytest.mark.parametrize("output", [b"", b"no json", b"{}", b'{"result": {}}', b'{"failure": "KeyError"}'])
def test_an_answer_that_makes_no_sense_is_a_refusal_without_details(output: bytes) -> None:
    with pytest.raises(Refusal, match="could not be read") as caught:
        child_module.answered(output)
    assert "KeyError" not in caught.value.sentence


def test_a_child_that_ran_out_of_memory_says_so() -> None:
    with pytest.raises(Refusal, match="too much memory"):
        child_module.answered(b'{"failure": "memory"}')


def request(data: bytes, name: str = "plan.xlsx") -> io.BytesIO:
    head = {"filename": name, "length": len(data), "limits": {}}
    return io.BytesIO(json.dumps(head).encode() + b"\n" + data)


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the worker from limiting the process of the tests."""
    monkeypatch.setattr(worker, "restrict", lambda limits: None)


@pytest.mark.usefixtures("unlimited")
def test_the_worker_answers_with_a_result_a_refusal_or_the_kind_of_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    answer: Any = worker.answer(request(PLAN))
    assert decoded(answer["result"]) == read_plan(PLAN, "plan.xlsx")
    assert "PDF" in str(worker.answer(request(b"%PDF-1.7"))["refusal"])

    def out_of_memory(*_: object, **__: object) -> None:
        raise MemoryError

    def broken(*_: object, **__: object) -> None:
        raise KeyError("a name of a cell")

    monkeypatch.setattr("tracker.imports.plans.read_plan", out_of_memory)
    assert worker.answer(request(PLAN)) == {"failure": "memory"}
    monkeypatch.setattr("tracker.imports.plans.read_plan", broken)
    assert worker.answer(request(PLAN)) == {"failure": "KeyError"}


def test_results_cross_as_plain_data_and_come_back_equal() -> None:
    result = read_plan(PLAN, "plan.xlsx")
    assert decoded(json.loads(json.dumps(encoded(result)))) == result
    with pytest.raises(ValueError, match="not an import result"):
        decoded({"filename": "x"})


def test_the_preview_prints_one_object_for_a_plan_and_for_a_refusal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "plan.xlsx", tmp_path / "plan.pdf"
    good.write_bytes(PLAN)
    bad.write_bytes(b"%PDF-1.7")
    assert preview.main([str(good)]) == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "plan"
    assert preview.main([str(bad)]) == 2
    assert "PDF" in json.loads(capsys.readouterr().out)["problems"][0]["what"]
    assert preview.main([]) == 1


def test_the_worker_loads_neither_the_web_nor_the_database_nor_office_libraries() -> None:
    code = (
        "import sys, tracker.imports.plans, tracker.imports.codec, tracker.imports.worker;"
        "print([name for name in ('flask', 'sqlalchemy', 'openpyxl', 'docx', 'lxml') if name in sys.modules])"
    )
    root = Path(worker.__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
