"""Packs as files: canonical bytes, fingerprints, and the chain that anybody can prove."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from tracker.rules.pack_file import (
    FORMAT,
    VERSION,
    NotAPack,
    PackFile,
    canonical,
    chains,
    envelope,
    faults,
    open_ends,
    read_file,
)


def pack(number: int = 1, previous: str = "", version: int = 1, **more: Any) -> dict[str, Any]:
    """Return a pack as small as one can be."""
    meta = {"plan": {"slug": "send", "title": "SEND"}, "board": {"name": "The board"}, "number": number}
    return {"format": FORMAT, "version": VERSION, "meta": {**meta, "version": version, "previous": previous}, **more}


def file(name: str, what: dict[str, Any]) -> PackFile:
    """Return a pack as it comes back from its file."""
    return read_file(name, envelope(canonical(what)))


def test_canonical_bytes_do_not_depend_on_order_and_keep_every_letter() -> None:
    assert canonical({"b": ["é–“", 1, None, True], "a": {}}) == '{"a":{},"b":["é–“",1,null,true]}'.encode()


@pytest.mark.parametrize("bad", [1.5, float("nan"), {"a": [0.0]}, {1: "a"}, object()])
def test_what_canonical_json_does_not_have_is_refused(bad: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical({"value": bad})


def test_a_file_says_its_fingerprint_and_any_program_can_check_it() -> None:
    made = envelope(canonical(pack()))
    read = json.loads(made)
    again = json.dumps(read["pack"], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    assert hashlib.sha256(again).hexdigest() == read["fingerprint"]
    assert faults([read_file("one.json", made)]) == []


def test_a_file_that_was_laid_out_anew_is_the_same_pack() -> None:
    read = json.loads(envelope(canonical(pack())))
    assert faults([read_file("one.json", json.dumps(read, indent=4).encode())]) == []


def test_a_changed_word_is_found() -> None:
    changed = envelope(canonical(pack(content="Red"))).replace(b"Red", b"Amber")
    (fault,) = faults([read_file("one.json", changed)])
    assert fault.startswith("one.json: the content was changed.")


def test_a_chain_holds_in_whatever_order_the_files_come() -> None:
    first = file("1.json", pack(1))
    second = file("2.json", pack(2, first.fingerprint))
    third = file("3.json", pack(2, second.fingerprint, version=2))
    assert faults([third, first, second]) == []


def test_a_chain_with_a_gap_a_fork_or_a_second_beginning_does_not_hold() -> None:
    first = file("1.json", pack(1))
    second = file("2.json", pack(2, first.fingerprint))
    third = file("3.json", pack(3, second.fingerprint))
    assert "which is not among the files" in faults([first, third])[0]
    fork = file("fork.json", pack(2, first.fingerprint, version=2))
    assert "both say that they follow" in faults([first, second, fork])[0]
    assert "says that no pack was before it, and 1.json was" in faults([first, file("x.json", pack(2))])[0]


def test_one_file_alone_may_follow_a_pack_that_is_not_there() -> None:
    assert faults([file("7.json", pack(7, "a" * 64))]) == []


def test_packs_of_other_boards_are_chains_of_their_own() -> None:
    other = pack(1)
    other["meta"]["board"] = None
    assert faults([file("1.json", pack(1)), file("o.json", other)]) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe", "not text in UTF-8"),
        (b"{", "cannot be read as JSON"),
        (b"[]", "no part called pack"),
        (b'{"pack":[]}', "no part called pack"),
        (b'{"pack":{}}', "does not say that it is one"),
        (b'{"pack":{"format":"other","version":1,"meta":{}},"fingerprint":"a"}', "does not say that it is one"),
        (b'{"pack":{"format":"tracker-pack","version":1,"meta":[]},"fingerprint":"a"}', "does not say that it is one"),
        (b'{"pack":{"format":"tracker-pack","version":9,"meta":{}}}', "has the form 9"),
        (b'{"pack":{"format":"tracker-pack","version":1,"meta":{}}}', "which fingerprint"),
        (
            b'{"pack":{"format":"tracker-pack","version":1,"meta":{"previous":7}},"fingerprint":"a"}',
            "which fingerprint",
        ),
        (b'{"pack":{"a":1,"a":2}}', "a key stands twice"),
        (b'{"pack":{"a":1.5}}', "floating point"),
        (b"[" * 100_000, "cannot be read as JSON"),
    ],
)
def test_what_is_no_pack_is_refused_with_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(NotAPack, match=said) as refused:
        read_file("some.json", data)
    assert refused.value.sentence.startswith("some.json ")


def test_a_pack_before_that_is_not_there_is_said_and_each_plan_and_board_has_its_chain() -> None:
    first = file("1.json", pack())
    second = file("2.json", pack(2, first.fingerprint))
    other = pack()
    other["meta"]["board"] = None
    third = file("3.json", other)
    assert (open_ends([second, first]), chains([second, first])) == ([], 1)
    before = first.fingerprint[:12]
    assert open_ends([second, third]) == [
        f"2.json: the pack before it, {before}, is not among the files, so it was not looked at."
    ]
    assert (faults([second, third]), chains([second, third])) == ([], 2)
