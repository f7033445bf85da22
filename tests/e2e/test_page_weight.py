"""No page weighs more than 150 KB in all: text, style, script, typefaces and pictures, not compressed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from tests.e2e.served import Demo
from tests.e2e.walk import MEASURE, Weighed, walk, weigh

MOST = 150_000
MUST = {
    "/today/", "/clients/", "/clients/new/", "/clients/*/", "/clients/*/together/", "/clients/*/formulation/",
    "/clients/*/summary/", "/clients/*/sharing/", "/clients/*/contact/", "/clients/*/supervision/", "/clients/*/notes/",
    "/sessions/*/", "/sessions/*/rate/", "/episodes/", "/episodes/*/", "/supervision/", "/practice/",
    "/practice/settings/", "/practice/forms/", "/practice/messages/", "/calendar/", "/requests/", "/requests/*/",
    "/my-page/", "/with/ada-quist/", "/f", "/f/form", "/f/who", "/f/thanks", "/sign-in/", "/tour/", "/mine/",
}  # fmt: skip
"""Kinds of pages that the walk has to reach, so that it does not pass by reaching nothing."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with Demo(tmp_path_factory.mktemp("demo")) as running:
        yield running


def heavy(pages: list[Weighed]) -> list[str]:
    return sorted({f"{each.kind} for {each.chair}: {each.bytes} bytes" for each in pages if each.bytes > MOST})


def test_every_page_of_the_demonstration_is_light(demo: Demo, browser: Browser) -> None:
    pages = list(walk(browser, demo.address))
    assert {each.kind for each in pages} >= MUST
    assert all(any("woff2" in name for name, _ in each.parts) for each in pages)
    assert heavy(pages) == []


def test_control_a_heavy_picture_is_noticed(page: Page, demo: Demo) -> None:
    page.route("**/icon.svg", lambda route: route.fulfill(body=b" " * MOST, content_type="image/svg+xml"))
    page.goto(f"{demo.address}/sign-in/")
    page.evaluate("fetch(document.querySelector('link[rel=icon]').href)")
    assert heavy([weigh(page, "nobody")])
    assert "decodedBodySize" in MEASURE  # what the browser unpacked, whatever came over the line
