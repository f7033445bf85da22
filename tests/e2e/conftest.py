"""One real browser for the pages and the report: Debian's Chromium, without a network of its own."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The Chromium of this machine, or the one that HOLDFAST_CHROMIUM names."""
    found = os.environ.get("HOLDFAST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    return {**browser_type_launch_args, "args": FLAGS, **({"executable_path": found} if found else {})}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; the plugin's own way there warns under the pytest in use."""
    fresh = browser.new_context()
    yield fresh.new_page()
    fresh.close()
