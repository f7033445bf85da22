"""One real browser for the pages and the report: Debian's Chromium, without a network of its own."""

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.hands import Desk
from tests.e2e.served import Served, watch

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


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A practice of its own, served by its own process."""
    with Served(tmp_path_factory.mktemp("practice")) as running:
        yield running


@pytest.fixture(scope="session")
def signed_in_at_the_desk(browser: Browser, served: Served) -> Any:
    """Ada signs in once, with password and six digits; what her browser keeps is what later pages start from."""
    with browser.new_context() as context:
        page = context.new_page()
        served.sign_in(page)
        page.get_by_role("link", name="To Today").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
        return context.storage_state()


@pytest.fixture
def desk(browser: Browser, served: Served, signed_in_at_the_desk: Any) -> Iterator[Desk]:
    with browser.new_context(storage_state=signed_in_at_the_desk, viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        yield Desk(served=served, page=page, complaints=watch(page))
