"""Settings of mail: what is wrong stops the program with the name of the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from tracker.config import Settings, Smtp


def read(tmp_path: Path, **env: str) -> Settings:
    return Settings.from_environment({"TRACKER_DATA_DIR": str(tmp_path), **env})


def test_messages_are_files_unless_something_is_said(tmp_path: Path) -> None:
    mail = read(tmp_path).mail
    assert (mail.way, mail.redirect, mail.dry_run) == ("file", "", False)


def test_a_mail_server_is_read_with_the_port_that_goes_with_its_protection(tmp_path: Path) -> None:
    told = {"TRACKER_MAIL": "smtp", "TRACKER_SMTP_HOST": "mail.testshire.example", "TRACKER_MAIL_FROM": "p@t.example"}
    assert read(tmp_path, **told).mail.smtp == Smtp("mail.testshire.example", 587, "starttls")
    assert read(tmp_path, **told, TRACKER_SMTP_SECURITY="tls").mail.smtp.port == 465
    assert read(tmp_path, **told, TRACKER_SMTP_PORT="2525").mail.smtp.port == 2525


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({"TRACKER_MAIL": "pigeon"}, "TRACKER_MAIL"),
        ({"TRACKER_MAIL": "smtp", "TRACKER_MAIL_FROM": "p@t.example"}, "TRACKER_SMTP_HOST"),
        ({"TRACKER_MAIL": "smtp", "TRACKER_SMTP_HOST": "mail"}, "TRACKER_MAIL_FROM"),
        ({"TRACKER_MAIL": "notify", "TRACKER_NOTIFY_KEY": "key"}, "TRACKER_NOTIFY_TEMPLATE"),
        ({"TRACKER_SMTP_SECURITY": "some"}, "TRACKER_SMTP_SECURITY"),
        ({"TRACKER_SMTP_PORT": "mail"}, "TRACKER_SMTP_PORT"),
        ({"TRACKER_SMTP_USER": "u", "TRACKER_SMTP_SECURITY": "none"}, "TRACKER_SMTP_USER"),
        ({"TRACKER_MAIL_FROM": "nobody"}, "TRACKER_MAIL_FROM"),
        ({"TRACKER_MAIL_REDIRECT": "nobody"}, "TRACKER_MAIL_REDIRECT"),
        ({"TRACKER_MAIL_DRY_RUN": "perhaps"}, "TRACKER_MAIL_DRY_RUN"),
        ({"TRACKER_WEBHOOK_LOOPBACK": "yes"}, "TRACKER_WEBHOOK_LOOPBACK"),
        ({"TRACKER_ADDRESS": "plans.council.gov.uk"}, "TRACKER_ADDRESS"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, env: dict[str, str], name: str) -> None:
    with pytest.raises(ValueError, match=name):
        read(tmp_path, **env)
