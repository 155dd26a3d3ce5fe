"""The reconciliation certificate of an import as a Word document and as CSV: the same lines, the same totals."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

from tracker.exports.characters import guard_formula, legal
from tracker.exports.report import Column, Group, KeyValue, Part, Table
from tracker.rules.certificate import Certificate
from tracker.rules.dates import LONDON, show_day

FORMATS = {
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "csv": ("CSV", "text/csv; charset=utf-8; header=present"),
}
TITLE = "Reconciliation certificate"
_COLUMNS = ("Line", "Where in the file", "What it says", "What became of it", "Why")


def certificate_file(certificate: Certificate, name: str, now: datetime) -> tuple[bytes, str, str]:
    """Return a certificate in a format of FORMATS: content, mime type and file name. Raises KeyError for another."""
    make = {"docx": certificate_docx, "csv": certificate_csv}[name]
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", certificate.filename.rsplit(".", 1)[0]).strip("-.")[:60] or "import"
    return make(certificate, now), FORMATS[name][1], f"certificate-{stem}.{name}"


def facts(certificate: Certificate) -> tuple[tuple[str, str], ...]:
    """Return what a certificate says of its import as a whole, as labels and values."""
    when = "Not applied yet: this is what applying it would do"
    if certificate.applied_at is not None:
        local = certificate.applied_at.astimezone(LONDON)
        when = f"{show_day(local.date())} at {local:%H:%M}"
    version = (
        f"{certificate.plan}, version {certificate.plan_version}" if certificate.plan_version else certificate.plan
    )
    return (
        ("File", certificate.filename),
        ("Fingerprint (SHA-256)", certificate.sha256),
        ("Plan", version),
        ("Applied", when),
        ("By", certificate.by),
        ("Profile", certificate.profile or "None"),
        ("Lines", certificate.sentence),
    )


def rows(certificate: Certificate) -> tuple[tuple[str, ...], ...]:
    """Return every line of the source: number, place, words, how it ended, why."""
    return tuple(
        (str(number), line.where, line.text, line.fate.value.capitalize(), line.reason)
        for number, line in enumerate(certificate.lines, 1)
    )


def certificate_csv(certificate: Certificate, now: datetime) -> bytes:
    """Return the certificate as UTF-8 with the mark that Excel wants; no cell that a spreadsheet would run."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow([TITLE])
    for label, value in facts(certificate):
        writer.writerow([label, guard_formula(legal(value))])
    for fate, number in certificate.totals.items():
        writer.writerow([fate.capitalize(), number])
    writer.writerow([])
    writer.writerow(_COLUMNS)
    for row in rows(certificate):
        writer.writerow([guard_formula(legal(cell)) for cell in row])
    return out.getvalue().encode()


def certificate_docx(certificate: Certificate, now: datetime) -> bytes:
    """Return the certificate as a Word document, with its totals first and then every line."""
    from docx import Document as open_document

    from tracker.exports import docx_styles as styles
    from tracker.exports.docx_tables import key_value_element, table_element

    document: Any = open_document()
    styles.set_styles(document)
    styles.set_page(document.sections[0], landscape=True)
    _properties(document, certificate, now)
    document.add_paragraph(TITLE, style="Title")
    body = document.element.body

    def add(caption: str, element: Any) -> None:
        document.add_paragraph(caption, style="Caption")
        body[-1].addprevious(element)
        document.add_paragraph()

    add("The import", key_value_element(KeyValue("The import", facts(certificate)), (62, 190)))
    totals = tuple((fate.capitalize(), f"{number:,}") for fate, number in certificate.totals.items())
    whole = ("Lines of the file, in all", f"{len(certificate.lines):,}")
    add("How its lines ended", key_value_element(KeyValue("How its lines ended", (*totals, whole)), (62, 190)))
    if certificate.lines:
        widths = (14, 46, 100, 30, 70)
        table = Table(
            "lines",
            "Every line of the file",
            tuple(Column(title) for title in _COLUMNS),
            rows(certificate),
            groups=tuple(
                Group(title, width, (Part(at),)) for at, (title, width) in enumerate(zip(_COLUMNS, widths, strict=True))
            ),
        )
        add(table.caption, table_element(table))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _properties(document: Any, certificate: Certificate, now: datetime) -> None:
    properties = document.core_properties
    properties.title = legal(f"{TITLE}: {certificate.filename}")[:255]
    properties.author = properties.last_modified_by = legal(certificate.by)[:255]
    properties.comments = ""
    properties.language = "en-GB"
    properties.created = properties.modified = now.astimezone(UTC).replace(tzinfo=None)
    footer = document.sections[0].footer.paragraphs[0]
    footer.add_run(legal(f"{certificate.filename} · SHA-256 {certificate.sha256[:16]}…"))
