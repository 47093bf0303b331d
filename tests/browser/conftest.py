"""Debian's Chromium, driven as a person would."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

CHROMIUM = "/usr/bin/chromium"
PHONE: ViewportSize = {"width": 360, "height": 740}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}

expect.set_options(timeout=20_000)  # other tests share the processor (ansible/tiers.py)

NewVisit = Callable[..., BrowserContext]


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    """Playwright itself; it downloads nothing. Where it runs, no other event loop can."""
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for all visits; each visit has its own cookies."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*quiet, *sandbox])
    yield browser
    browser.close()


@pytest.fixture
def visit(chromium: Browser, tmp_path: Path) -> Iterator[NewVisit]:
    """Opens visits, each a browser of its own as far as a site can tell; closed at the end."""
    opened: list[BrowserContext] = []

    def new(locale: str = "fr-BJ", viewport: ViewportSize | None = None) -> BrowserContext:
        context = chromium.new_context(locale=locale, viewport=viewport or DESKTOP)
        context.set_default_timeout(60_000)
        opened.append(context)
        return context

    yield new
    for context in opened:
        context.close()
