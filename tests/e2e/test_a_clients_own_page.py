"""Cleo's own page, from the session in which it is given to the file she takes along: a phone, a PIN, a passkey."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.e2e.hands import PHONE, Desk, answer, open_link, phone
from tests.e2e.served import Served
from tests.e2e.test_pages_by_every_means import both_themes

PIN = "480215"
SWITCH = """
import os
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "holdfast.practice.settings"
django.setup()
from holdfast.practice.accounts.models import Practice
Practice.objects.update(clients_sign_in=True)
"""
PLACES = ("", "answers/", "goals/", "choices/", "keys/")


@pytest.fixture
def pages_on(served: Served) -> None:
    """The practice has switched the pages on. (A change of role would end the session that all desks share.)"""
    subprocess.run([sys.executable, "-c", SWITCH], env=served.environment, check=True)


@pytest.fixture
def own_phone(browser: Browser) -> Iterator[Page]:
    """A phone that asks for a finger, and gets one."""
    with browser.new_context(**PHONE) as context:  # type: ignore[arg-type]
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("WebAuthn.enable")
        session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "internal",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )
        yield page


def test_the_page_is_given_opened_read_and_taken_along(
    served: Served, desk: Desk, pages_on: None, browser: Browser, own_phone: Page
) -> None:
    client = desk.add_client("O-01", "Noor Haddad")
    link = desk.link(desk.book(client))
    with phone(browser) as context:
        telephone = context.new_page()
        open_link(telephone, link)
        answer(telephone, 3, comment="It helped to be asked.")
    home = served.address.replace("127.0.0.1", "localhost")  # passkeys belong to a name
    desk.go(f"{client}own/")
    desk.page.get_by_role("button", name="Give them the page").click()
    expect(desk.page.get_by_role("img", name="QR code")).to_be_visible()
    desk.page.get_by_text("The whole address").click()
    address = desk.page.locator("details .secret").inner_text().replace(served.address, home)

    page, axe, found = own_phone, Axe(), []
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    assert "#" not in page.url
    found += both_themes(page, axe)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How do you want to open it?")
    found += both_themes(page, axe)
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", name="Your next session")).to_be_visible()
    for size in ((320, 640), (1280, 900)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        for place in PLACES:
            page.goto(f"{home}/mine/{place}")
            for summary in page.locator("main summary:visible").all():
                summary.click()
            found += [f"{place}: {each}" for each in both_themes(page, axe)]
    assert found == []

    page.get_by_role("link", name="Goals").click()
    page.get_by_label("A goal, in your own words").fill("Say sooner when I need help")
    page.get_by_role("button", name="Write it down").press("Enter")
    expect(page.get_by_text("Say sooner when I need help").first).to_be_visible()
    desk.go(f"{client}formulation/")
    expect(desk.page.get_by_text("Say sooner when I need help").first).to_be_visible()

    page.get_by_role("link", name="What you said").click()
    expect(page.get_by_text("It helped to be asked.")).to_be_visible()
    page.get_by_role("link", name="Keys").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download it").click()
    assert taken.value.suggested_filename.endswith(".zip")

    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("It helped to be asked.")).to_have_count(0)
    page.get_by_role("button", name="Open with a passkey").click()
    expect(page.get_by_role("heading", name="Your next session")).to_be_visible()
    page.get_by_role("button", name="Leave this page").click()
    page.wait_for_url("about:blank")
    page.goto(f"{home}/mine/answers/")
    expect(page.get_by_role("button", name="Open with a passkey")).to_be_visible()
    assert complaints == []


def test_a_pin_opens_it_without_script_and_by_keyboard(
    served: Served, desk: Desk, pages_on: None, browser: Browser
) -> None:
    client = desk.add_client("O-02", "Milo Pasternak")
    desk.go(f"{client}own/")
    desk.page.get_by_role("button", name="Give them the page").click()
    code = desk.page.locator(".secret.big").inner_text()
    with browser.new_context(**PHONE, java_script_enabled=False) as context:  # type: ignore[arg-type]
        page = context.new_page()
        page.goto(f"{served.address}/mine/begin/")
        page.get_by_label("Code").fill(code)
        page.keyboard.press("Enter")
        for label in ("Your PIN", "The same PIN once more"):
            page.get_by_label(label).fill(PIN)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Your next session")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("Your PIN").fill("000001")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_contain_text("does not fit")
        page.get_by_label("Your PIN").fill(PIN)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Your next session")).to_be_visible()
