"""Reports that a message came back, as mail servers write them: Postfix, Exchange Online, Exim, and one by postcard."""

from __future__ import annotations

_POSTFIX = """\
Return-Path: <>
Received: by mx.testshire.example (Postfix) id 4F2A91C0; Mon, 30 Nov 2026 09:00:07 +0000 (GMT)
Date: Mon, 30 Nov 2026 09:00:07 +0000 (GMT)
From: MAILER-DAEMON@mx.testshire.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: plans@testshire.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4F2A91C0.1796029207/mx.testshire.example"
Message-Id: <20261130090007.4F2A91C0@mx.testshire.example>

This is a MIME-encapsulated message.

--4F2A91C0.1796029207/mx.testshire.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

--4F2A91C0.1796029207/mx.testshire.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.testshire.example
X-Postfix-Queue-ID: 4F2A91C0
Arrival-Date: Mon, 30 Nov 2026 09:00:05 +0000 (GMT)

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.health.example
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: Recipient address
    rejected: User unknown in virtual mailbox table

--4F2A91C0.1796029207/mx.testshire.example
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

Return-Path: <plans@testshire.example>
From: Plans <plans@testshire.example>
To: {address}
Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
Message-ID: {message_id}

--4F2A91C0.1796029207/mx.testshire.example--
"""

_EXCHANGE = """\
Received: from LO2P265MB0001.GBRP265.PROD.OUTLOOK.COM by LO2P265MB0002;
 Mon, 30 Nov 2026 09:00:07 +0000
From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@testshire.example>
To: plans@testshire.example
Subject: Undeliverable: News
Date: Mon, 30 Nov 2026 09:00:07 +0000
Message-ID: <5f8e2c2a-0d0e-4c9b-9c55-1c6b1a2b3c4d@LO2P265MB0001.GBRP265.PROD.OUTLOOK.COM>
In-Reply-To: {message_id}
References: {message_id}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="_b0_"

--_b0_
Content-Type: multipart/alternative; boundary="_b1_"

--_b1_
Content-Type: text/plain; charset="us-ascii"

Your message couldn't be delivered to {address}.

--_b1_
Content-Type: text/html; charset="us-ascii"

<p>Your message couldn't be delivered to <b>{address}</b>.</p>

--_b1_--

--_b0_
Content-Type: message/delivery-status

Reporting-MTA: dns;LO2P265MB0001.GBRP265.PROD.OUTLOOK.COM
Received-From-MTA: dns;LO2P265MB0003.GBRP265.PROD.OUTLOOK.COM

Final-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup

--_b0_
Content-Type: message/rfc822

From: Plans <plans@testshire.example>
To: {address}
Subject: News
Message-ID: {message_id}
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="_b2_"

--_b2_
Content-Type: text/plain; charset="utf-8"

It is done.

--_b2_--

--_b0_--
"""

_EXIM = """\
Return-path: <>
From: Mail Delivery System <Mailer-Daemon@relay.testshire.example>
To: plans@testshire.example
Subject: Mail delivery failed: returning message to sender
Date: Thu, 03 Dec 2026 09:00:07 +0000
Message-Id: <E1tGxyz-000abc-2d@relay.testshire.example>
References: {message_id}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=1796029207-eximdsn-1
X-Failed-Recipients: {address}
Auto-Submitted: auto-replied

--1796029207-eximdsn-1
Content-type: text/plain; charset=us-ascii

A message that you sent could not be delivered to one or more of its recipients: retry timeout exceeded

--1796029207-eximdsn-1
Content-type: message/delivery-status

Reporting-MTA: dns; relay.testshire.example

Action: {action}
Final-Recipient: rfc822;{address}
Status: {status}

--1796029207-eximdsn-1--
"""
REPORTS = {"postfix": _POSTFIX, "exchange": _EXCHANGE, "exim": _EXIM}


def report(kind: str, message_id: str, address: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    """Return a report of a kind of mail server, with line ends as they travel."""
    words = REPORTS[kind].format(message_id=message_id, address=address, action=action, status=status)
    return words.replace("\n", "\r\n").encode("ascii")


def plain_mail(message_id: str) -> bytes:
    """Return an answer of a person that quotes a message: no report."""
    return (
        f"From: ada@testshire.example\r\nTo: plans@testshire.example\r\nIn-Reply-To: {message_id}\r\n"
        "Subject: Re: News\r\nContent-Type: text/plain\r\n\r\nThank you.\r\n"
    ).encode("ascii")
