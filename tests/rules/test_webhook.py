"""What is sent to other systems, how it is signed, and where it may be sent."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import date

import pytest

from tracker.rules.errors import Refusal
from tracker.rules.webhook import Event, Form, Happened, read_address, refuse_hosts, sign, write

SIGNED = Happened(
    Event.SIGNED_OFF, "ledger:7", 1, "A plan", "1a.5", "Signed off.", date(2025, 9, 9), "https://p.example/milestones/5"
)


def test_an_event_is_written_as_json_and_as_a_card_for_teams() -> None:
    plain = json.loads(write(SIGNED, Form.JSON))
    assert plain["event"] == "signed-off"
    assert (plain["id"], plain["ref"], plain["on"]) == ("ledger:7", "1a.5", "2025-09-09")
    card = json.loads(write(SIGNED, Form.TEAMS))["attachments"][0]
    assert card["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert card["content"]["type"] == "AdaptiveCard"
    assert card["content"]["actions"][0]["url"] == SIGNED.link


def test_the_signature_is_over_timestamp_and_body() -> None:
    expected = hmac.new(b"secret", b'17.{"a":1}', hashlib.sha256).hexdigest()
    assert sign("secret", "17", '{"a":1}') == expected


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example/a", "ftp://hooks.example", "https://", "https://user:word@hooks.example", "hooks.example",
        "https://hooks.example:port/", "https://[", "https://hooks.example/a b", "https://hooks.example/\r\nHost: x",
        "https://user@hooks.example", "https://:word@hooks.example", "https://@hooks.example",
    ],
)  # fmt: skip
def test_an_address_that_may_not_be_told_is_refused(address: str) -> None:
    with pytest.raises(Refusal):
        read_address(address)


@pytest.mark.parametrize(
    "there",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "100.64.0.1", "224.0.0.1",
        "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001::1",
        "255.255.255.255",
    ],
)  # fmt: skip
def test_a_host_that_leads_inside_is_refused_though_another_of_its_addresses_is_public(there: str) -> None:
    refuse_hosts(["1.1.1.1", "2606:4700:4700::1111"])
    with pytest.raises(Refusal, match="private network"):
        refuse_hosts(["1.1.1.1", there])


def test_tests_may_lead_to_loopback_and_nowhere_else_inside() -> None:
    refuse_hosts(["127.0.0.1", "::1"], loopback=True)
    with pytest.raises(Refusal):
        refuse_hosts(["10.0.0.1"], loopback=True)
