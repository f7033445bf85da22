"""The form's hour and the desk's twenty minutes are announced in time, and one tap or click makes them longer."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from tests.e2e.hands import Desk, open_link, phone
from tests.e2e.test_pages_by_every_means import both_themes


def test_the_form_says_ten_minutes_before_and_stays_open(desk: Desk, browser: Browser) -> None:
    link = desk.link(desk.book(desk.add_client("T-1", "Tove")))
    page = phone(browser).new_page()
    page.clock.install()
    open_link(page, link)
    soon = page.get_by_text("This form closes in about ten minutes.")
    expect(page.get_by_text("This form stays open until")).to_be_visible()
    page.clock.fast_forward("49:00")
    expect(soon).to_be_hidden()
    page.locator("fieldset:visible input").nth(1).check()
    page.clock.fast_forward("01:30")
    expect(soon).to_be_visible()
    assert soon.get_attribute("role") == "status"
    assert both_themes(page, Axe()) == []
    page.locator("[data-soon]").get_by_role("button", name="Stay open for another hour").tap()
    expect(soon).to_be_hidden()
    expect(page.locator("[data-told]")).to_contain_text("This form stays open until")
    expect(page.locator("fieldset:visible input").nth(1)).to_be_checked()
    page.clock.fast_forward("50:30")
    expect(soon).to_be_visible()
    page.context.close()


def test_without_script_the_form_comes_back_filled_in(desk: Desk, browser: Browser) -> None:
    link = desk.link(desk.book(desk.add_client("T-2", "Tilda")))
    page = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}).new_page()
    page.goto(f"{desk.served.address}/f")
    page.get_by_label("Code").fill(link.code)
    page.get_by_role("button", name="Open with the code").click()
    page.locator("input[name='holdfast-session.bond'][value='3']").check()
    page.get_by_label("Is there anything you would like to add?").fill("Half a thought")
    page.get_by_role("button", name="Stay open for another hour").click()
    expect(page.locator("input[name='holdfast-session.bond'][value='3']")).to_be_checked()
    expect(page.get_by_label("Is there anything you would like to add?")).to_have_value("Half a thought")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, your answers have arrived")
    page.context.close()


def test_the_desk_says_three_minutes_before_and_stays_signed_in(desk: Desk) -> None:
    page = desk.page
    page.clock.install()
    desk.go("/clients/new/")
    page.get_by_label("Name").fill("Half a name")
    said = page.get_by_text("You are signed out in three minutes.")
    page.clock.fast_forward("16:50")
    expect(said).to_be_hidden()
    page.clock.fast_forward("00:20")
    expect(said).to_be_visible()
    assert said.get_attribute("role") == "status"
    assert both_themes(page, Axe()) == []
    with page.expect_response(re.compile("/stay/$")) as answer:
        page.get_by_role("button", name="Stay signed in").click()
    assert answer.value.status == 200
    expect(said).to_be_hidden()
    expect(page.get_by_label("Name")).to_have_value("Half a name")
    page.clock.fast_forward("17:10")
    expect(said).to_be_visible()
    page.clock.fast_forward("03:00")
    expect(page.get_by_text("You are signed out by now")).to_be_visible()
    assert desk.complaints == []


def test_a_link_beside_the_page_stays_signed_in_without_script(desk: Desk) -> None:
    desk.go("/today/")
    with desk.page.context.expect_page() as beside:
        desk.page.get_by_role("link", name=re.compile("^Stay signed in")).click()
    expect(beside.value.get_by_role("heading", level=1)).to_have_text("You stay signed in")
    assert both_themes(beside.value, Axe()) == []
