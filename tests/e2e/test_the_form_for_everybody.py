"""The client's form on a small phone, at 400 % zoom, with wide letters, by names that are heard, and without script."""

from collections.abc import Iterator
from itertools import count, product
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.e2e.hands import Desk, Link, open_link

NUMBERS = count(1)
SMALL = {"width": 320, "height": 568}
ZOOMED = {"width": 320, "height": 256}
"""1280 by 1024 at 400 %."""
WIDER = """() => {
  const sheet = new CSSStyleSheet();
  const letters = "line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important;";
  sheet.replaceSync(`* { ${letters} } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
"""What WCAG 1.4.12 lets a reader set."""
HIDDEN = """(element) => {
  const box = element.getBoundingClientRect();
  const header = document.querySelector(".leaving").getBoundingClientRect();
  const moving = document.querySelector(".moving");
  const foot = getComputedStyle(moving).position === "sticky" ? moving.getBoundingClientRect().top : innerHeight;
  return box.top < header.bottom - 1 || box.bottom > Math.min(foot, innerHeight) + 1;
}"""
"""Whether an element lies under what stays in place, or outside the window."""
CUT = """() => Array.from(document.querySelectorAll("main *")).filter((each) => {
  const style = getComputedStyle(each);
  return each.checkVisibility() && !each.closest(".only-heard") && style.overflow !== "visible"
    && !["TEXTAREA", "INPUT"].includes(each.tagName) && (each.scrollWidth > each.clientWidth + 1);
}).map((each) => each.outerHTML.slice(0, 80))"""
"""Elements that cut their own text off."""


@pytest.fixture
def links(desk: Desk) -> dict[str, Link]:
    session = desk.book(desk.add_client(f"E-{next(NUMBERS)}", "Ewa"))
    return {purpose: desk.link(session, purpose) for purpose in ("before", "after")}


def opened(browser: Browser, link: Link, **how: Any) -> Page:
    page = browser.new_context(has_touch=True, **how).new_page()
    open_link(page, link)
    return page


def questions(page: Page) -> Iterator[str]:
    """From question to question, with the least that takes one on; the words of each."""
    while page.locator("legend:visible").count():
        yield page.locator("legend:visible").inner_text()
        page.locator("fieldset:visible input").last.check()
        page.get_by_role("button", name="Next").click()


@pytest.mark.parametrize("size", [SMALL, {"width": 360, "height": 640}], ids=["320x568", "360x640"])
def test_the_way_on_is_in_sight_on_every_question(
    desk: Desk, browser: Browser, links: dict[str, Link], size: dict[str, int]
) -> None:
    for link in links.values():
        page = opened(browser, link, viewport=size)
        for said in questions(page):
            box = page.get_by_role("button", name="Next").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= size["height"], said
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"], said
        box = page.get_by_role("button", name="Send").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size["height"]
        page.context.close()


def test_a_whole_question_fits_on_a_phone_of_640(desk: Desk, browser: Browser, links: dict[str, Link]) -> None:
    page = opened(browser, links["after"], viewport={"width": 360, "height": 640})
    assert not page.get_by_label("I would rather not say").locator("visible=true").evaluate(HIDDEN)
    page.context.close()


def test_zoomed_to_400_percent_nothing_is_lost_or_covered(desk: Desk, browser: Browser, links: dict[str, Link]) -> None:
    for link in links.values():
        page = opened(browser, link, viewport=ZOOMED)
        for said in questions(page):
            assert page.evaluate("document.documentElement.scrollWidth") <= ZOOMED["width"], said
            assert page.evaluate(CUT) == [], said
            for radio in page.locator("fieldset:visible input").all():
                radio.blur()  # after Next the first has it already, and the window stands at the words of the question
                radio.focus()
                assert not radio.evaluate(HIDDEN), said
            button = page.get_by_role("button", name="Next")
            button.focus()
            box = button.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= ZOOMED["height"] + 1
        page.context.close()


def test_what_has_the_focus_is_never_covered(desk: Desk, browser: Browser, links: dict[str, Link]) -> None:
    """The header and the row of buttons stay in place; what the keyboard reaches lies between them."""
    page = opened(browser, links["after"], viewport=SMALL)
    for said in questions(page):
        page.locator("fieldset:visible input").first.focus()
        for _ in range(page.locator("fieldset:visible input").count()):
            page.keyboard.press("ArrowDown")
            assert not page.locator(":focus").evaluate(HIDDEN), said
    page.context.close()


def test_with_wider_letters_nothing_is_cut(desk: Desk, browser: Browser, links: dict[str, Link]) -> None:
    for link, size in product(links.values(), (SMALL, {"width": 1280, "height": 800})):
        page = opened(browser, link, viewport=size)
        page.evaluate(WIDER)
        for said in questions(page):
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], said
            assert page.evaluate(CUT) == [], said
        page.context.close()


def test_every_control_has_a_name_that_says_what_it_is(desk: Desk, browser: Browser, links: dict[str, Link]) -> None:
    for link in links.values():
        page = opened(browser, link, viewport=SMALL)
        assert page.title() == "Form"
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.get_by_role("heading", level=1, name="Form").count() == 1
        for said in questions(page):
            group = page.get_by_role("group", name=said.strip().split("\n")[-1])
            expect(group).to_have_count(1)
            names = [each.get_attribute("value") for each in group.get_by_role("radio").all()]
            assert names[-1] == "declined"
            heard = group.aria_snapshot()
            assert heard.count("- radio") == len(names)
            assert 'radio "I would rather not say"' in heard
            assert 'radio ""' not in heard
            assert "radio:" not in heard
        expect(page.get_by_role("textbox", name="Is there anything you would like to add?")).to_be_visible()
        assert page.locator("#comment").get_attribute("aria-describedby") == "comment-hint"
        for name in ("Back", "Send", "Leave this page"):
            expect(page.get_by_role("button", name=name)).to_have_count(1)
        page.context.close()


def test_targets_are_large(desk: Desk, browser: Browser, links: dict[str, Link]) -> None:
    for link in links.values():
        page = opened(browser, link, viewport=SMALL)
        for said in questions(page):
            for target in page.locator("fieldset:visible label, .moving button:visible, .leaving button").all():
                box = target.bounding_box()
                assert box is not None
                assert min(box["height"], box["width"]) >= 40, (said, box)
        page.context.close()


@pytest.mark.parametrize("size", [SMALL, ZOOMED], ids=["320x568", "400 percent"])
def test_without_script_the_long_form_fits_too(
    desk: Desk, browser: Browser, links: dict[str, Link], size: dict[str, int]
) -> None:
    with browser.new_context(viewport=size, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{desk.served.address}/f")
        page.get_by_label("Code").fill(links["after"].code)
        page.get_by_role("button", name="Open with the code").click()
        for label in page.locator("fieldset label").all():
            box = label.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= size["width"]
        page.get_by_role("button", name="Send").focus()
        expect(page.get_by_role("button", name="Send")).to_be_in_viewport()
