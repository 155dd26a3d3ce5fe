"""The formats that a report can be had in; the office libraries are loaded only when one is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from tracker.exports.report import Report


@dataclass(frozen=True, slots=True)
class Format:
    """A file format: what to call it on a page, its mime type and its file name."""

    label: str
    mime: str
    pattern: str  # with {slug} and {day}
    source: str = ""  # the format that LibreOffice makes it from, where it is made so

    def file_name(self, report: Report) -> str:
        """Return "<slug>-highlight-report-2026-11-21.docx"."""
        slug = "-".join(part for part in (report.slug or "plan", *report.edition.lower().split()) if part)
        return self.pattern.format(slug=slug, day=report.as_at.isoformat())


FORMATS = {
    "docx": Format(
        "Word",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "{slug}-highlight-report-{day}.docx",
    ),
    "xlsx": Format(
        "Excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "{slug}-highlight-report-{day}.xlsx",
    ),
    "pptx": Format(
        "PowerPoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "{slug}-highlight-report-{day}.pptx",
    ),
    "html": Format("Web page", "text/html; charset=utf-8", "{slug}-highlight-report-{day}.html"),
    "pdf": Format("PDF", "application/pdf", "{slug}-highlight-report-{day}.pdf", "docx"),
    "odt": Format(
        "OpenDocument text", "application/vnd.oasis.opendocument.text", "{slug}-highlight-report-{day}.odt", "docx"
    ),
    "ods": Format(
        "OpenDocument spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
        "{slug}-highlight-report-{day}.ods",
        "xlsx",
    ),
    "csv": Format("CSV (register)", "text/csv; charset=utf-8; header=present", "{slug}-register-{day}.csv"),
    "csv-excel": Format(
        "CSV (register), for Excel", "text/csv; charset=utf-8; header=present", "{slug}-register-{day}.csv"
    ),
    "csv-key": Format("CSV (key to the colours)", "text/csv; charset=utf-8; header=present", "{slug}-key-{day}.csv"),
}


def file_name(report: Report, name: str) -> str:
    """Return the file name of a report in the format called name. Raises KeyError for an unknown format."""
    return FORMATS[name].file_name(report)


def render(report: Report, name: str, template: bytes | None = None) -> bytes:
    """Return the report in the format called name. Raises KeyError for an unknown format.

    `template` is the council's own Word document; what is made from Word follows it.

    Raises NoOffice or OfficeFailed for a format that LibreOffice makes, where it is not installed or fails.
    """
    match name:
        case "docx":
            from tracker.exports.docx import render_docx

            return render_docx(report, template)
        case "xlsx":
            from tracker.exports.xlsx import render_xlsx

            return render_xlsx(report)
        case "pptx":
            from tracker.exports.pptx import render_pptx

            return render_pptx(report)
        case "html":
            from tracker.exports.html import render_html

            return render_html(report)
        case "pdf" | "odt" | "ods":
            from tracker.exports.office import convert

            source = FORMATS[name].source
            if source == "docx":
                from tracker.exports.docx import render_docx

                return convert(render_docx(report, template, for_office=True), source, name)
            return convert(render(report, source), source, name)
        case "csv" | "csv-excel":
            from tracker.exports.csv_register import register_csv

            return register_csv(report, bom=name == "csv-excel")
        case "csv-key":
            from tracker.exports.csv_register import key_csv

            return key_csv(report)
        case _:
            raise KeyError(name)
