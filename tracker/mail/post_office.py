"""Which way out this installation has, and what every message gets on its way: a link, a page, a test address."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tracker.config import Settings
from tracker.mail.folder import FolderSender
from tracker.mail.letters import plain_page
from tracker.mail.notify import NotifySender
from tracker.mail.senders import Letter, Sender
from tracker.mail.smtp import SmtpSender
from tracker.queries.update_links import signed
from tracker.rules.delivery import LINK_MARK
from tracker.services.delivery import Taken


def make_sender(settings: Settings) -> Sender:
    """Return the way out that the settings choose."""
    mail = settings.mail
    if mail.way == "smtp":
        return SmtpSender(mail.smtp, mail.sender)
    if mail.way == "notify":
        return NotifySender(mail.notify)
    return FolderSender(settings.data_dir / "outbox", mail.sender)


@dataclass(frozen=True, slots=True)
class PostOffice:
    """Makes a letter of what is in the outbox."""

    settings: Settings

    def letter(self, taken: Taken) -> Letter:
        """Return a message as it leaves: with its links, and to the one address that a test system has."""
        text = taken.body.rstrip() + "\n"
        opens = "Update your milestones" if taken.path == LINK_MARK else "Open it in the tracker"
        if taken.path:
            text += f"\n{opens}: {self.settings.address}{taken.path}\n"
        link = f"{self.settings.address}{taken.path}" if taken.path else ""
        html = taken.html or plain_page(taken.subject, taken.body, (link, opens), self.settings.council_name)
        if not taken.html:
            text += f"\n{self.settings.council_name}, improvement plans\n"
        if taken.link:
            own = f"/u/{signed(self.settings.secret_key, taken.link)}"
            text, html = text.replace(LINK_MARK, own), html.replace(LINK_MARK, own)
        letter = Letter(
            taken.id, taken.key, taken.to_address, taken.subject, text, html, taken.attempts > 1, taken.files
        )
        redirect = self.settings.mail.redirect
        if not redirect:
            return letter
        return replace(letter, to_address=redirect, subject=f"[for {letter.to_address}] {letter.subject}")
