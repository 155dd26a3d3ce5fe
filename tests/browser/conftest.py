"""Chromium, and the demonstration as a live server, once a session."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.servers import free_port, running

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 375, "height": 812}
VIEWPORTS = {"1280": WIDE, "375": NARROW}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the Chromium of this machine."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("Chromium is not installed (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def address(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demonstration on its own data; the address has no slash at the end."""
    port = free_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    environment = clean | {"TRACKER_DATA_DIR": str(tmp_path_factory.mktemp("demo"))}
    program = "from tracker.cli import main; main()"
    command = [sys.executable, "-c", program, "demo", "--port", str(port)]
    with running(command, f"http://127.0.0.1:{port}/", cwd=ROOT, env=environment):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def open_page(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Open a page in a window of its own; a script error or a refusal by the security policy fails the test."""
    contexts, troubles = [], []

    def open_at(viewport: str = "1280", *, scripts: bool = True) -> Page:
        context = browser.new_context(
            base_url=address, viewport=VIEWPORTS[viewport], java_script_enabled=scripts, locale="en-GB"
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None)
        page.on(
            "request", lambda asked: None if asked.url.startswith((address, "data:")) else troubles.append(asked.url)
        )
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert not troubles
