"""The report in a real browser: accessible, walked by keyboard and pointer, silent on the network."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from tests.unit.report.made import chapters_over_all, simulated_report

from holdfast.report import caseload_report

SIZES = {"phone": {"width": 360, "height": 800}, "desk": {"width": 1280, "height": 900}}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("report") / "report.html"
    place.write_text(caseload_report(simulated_report(clients=5, **chapters_over_all())), encoding="utf-8")
    return place.as_uri()


def first_walker(page: Page) -> Locator:
    page.locator("details.client .chart").first.scroll_into_view_if_needed()
    return page.locator(".walker").first


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_no_violation_and_nothing_is_wider_than_the_window(
    browser: Browser, address: str, size: str, theme: str
) -> None:
    page = browser.new_page(viewport=SIZES[size], color_scheme=theme, bypass_csp=True)
    page.goto(address)
    page.add_style_tag(content=".client[open] { content-visibility: visible !important; }")
    page.locator(".tail-figure summary").click()
    for chart in page.locator(".chart, .tails, .square").all():
        chart.scroll_into_view_if_needed()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_arrow_keys_walk_the_sessions_and_the_readout_says_each_in_words(page: Page, address: str) -> None:
    page.goto(address)
    walker = first_walker(page)
    readout = page.locator("[data-readout]").first
    walker.focus()
    expect(readout).to_have_text(re.compile(r"^Session 16: "))
    walker.press("ArrowLeft")
    expect(readout).to_have_text(re.compile(r"^Session 15: (rated [\d.]+; |not rated; )expected [\d.]+ to [\d.]+"))
    walker.press("Home")
    expect(readout).to_have_text(re.compile(r"^Session 1: "))
    walker.press("ArrowLeft")
    expect(walker).to_have_attribute("aria-valuenow", "1")
    walker.press("ArrowRight")
    expect(walker).to_have_attribute("aria-valuetext", "Session 2")
    walker.press("End")
    expect(walker).to_have_attribute("aria-valuenow", "16")
    walker.press("a")
    expect(walker).to_have_attribute("aria-valuenow", "16")


def test_the_pointer_finds_the_nearest_session(page: Page, address: str) -> None:
    page.goto(address)
    walker = first_walker(page)
    box = page.locator(".plot").first.bounding_box()
    assert box is not None
    walker.hover(position={"x": 46 + box["width"] / 2 + box["width"] / 60, "y": 60})
    expect(page.locator("[data-readout]").first).to_have_text(re.compile(r"^Session 9: "))


def test_a_link_opens_its_chapter_and_buttons_open_and_close_all(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("button", name="Close all").click()
    assert page.locator("details.client[open]").count() == 0
    page.get_by_role("link", name="Client 003").click()
    expect(page.locator("details.client").nth(2)).to_have_attribute("open", "")
    page.get_by_role("button", name="Open all").click()
    assert page.locator("details.client[open]").count() == 5


def test_without_a_script_everything_can_be_read(browser: Browser, address: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(address)
    expect(page.get_by_role("img", name=re.compile("Client 001")).first).to_be_visible()
    page.locator("details.behind summary").first.click()
    expect(page.locator("table.course").first).to_be_visible()
    expect(page.get_by_role("button", name="Open all")).to_have_count(0)
    page.close()


def test_nothing_is_asked_of_a_network_and_the_policy_holds(page: Page, address: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    first_walker(page).press("End")
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert complaints == []
    assert page.evaluate("document.fonts.check('16px Inter') && document.fonts.size === 2")


def test_the_first_printed_page_stands_alone(page: Page, address: str, tmp_path: Path) -> None:
    page.goto(address)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 673, "height": 1000})
    end = page.locator(".first-page").bounding_box()
    assert end is not None
    assert end["y"] + end["height"] < 1000
    assert page.locator(".tools").is_hidden()
    paper = tmp_path / "report.pdf"
    page.pdf(path=paper, format="A4")
    assert paper.stat().st_size > 20_000
