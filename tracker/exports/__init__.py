"""Reports: what they say (`content`, `sections`) apart from the files that say it (`docx`, `xlsx`, `csv_register`)."""

from __future__ import annotations

from tracker.exports.audiences import AUDIENCES, select
from tracker.exports.content import build_report
from tracker.exports.facts import ReportFacts
from tracker.exports.formats import FORMATS, file_name, render
from tracker.exports.report import Report

__all__ = ["AUDIENCES", "FORMATS", "Report", "ReportFacts", "build_report", "file_name", "render", "select"]
