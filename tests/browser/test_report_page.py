"""The report as a web page, opened from a file as its reader opens it."""

from __future__ import annotations

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.exports.sample import report_facts
from tracker.exports import build_report, render


def test_the_web_page_passes_axe_fetches_nothing_and_fits_the_window(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_bytes(render(build_report(report_facts(marking="OFFICIAL")), "html"))
    page = browser.new_page(bypass_csp=True)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    found = Axe().run(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.set_viewport_size({"width": 375, "height": 800})
    narrow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.close()
    assert found.violations_count == 0, found.generate_report()
    assert asked == [file.as_uri()]
    assert (wide, narrow) == (0, 0)
