"""Answers without a connection, where the practice lets them wait: sealed on the phone, sent once, deleted."""

import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from tests.e2e.hands import PHONE, Desk, Link, open_link, phone
from tests.e2e.served import Served, watch
from tests.e2e.test_pages_by_every_means import both_themes

THANKS = "Thank you, your answers have arrived"
WAIT = "Your answers wait on this device"
CANARY = "Kanarienvogel"
AGE = """() => {
  for (const [name, kept] of Object.entries(localStorage)) {
    const old = JSON.parse(kept);
    localStorage.setItem(name, JSON.stringify({ ...old, at: old.at - 7 * 864e5 - 1000 }));
  }
}"""
STATIC = Path(__file__).parents[2] / "src/holdfast/practice/static/checkins"


@pytest.fixture(scope="module", autouse=True)
def keeping(served: Served) -> Iterator[None]:
    """The practice lets answers wait; for this file only."""
    switch = "from holdfast.practice.accounts.models import Practice; Practice.objects.update(keeps_sealed={})"
    served.say(switch.format(True))
    yield
    served.say(switch.format(False))


@pytest.fixture
def session(desk: Desk, request: pytest.FixtureRequest) -> str:
    return desk.book(desk.add_client(f"W-{crc32(request.node.name.encode()) % 10**6}", "Wanda"))


def fill(page: Page, comment: str = CANARY) -> None:
    while page.locator("legend:visible").count():
        page.locator("fieldset:visible input").first.check()
        page.get_by_role("button", name="Next").tap()
    page.get_by_label("Is there anything you would like to add?").fill(comment)
    page.get_by_role("button", name="Send").tap()


def stored(page: Page) -> dict[str, str]:
    """Everything that this site keeps in the browser, wherever it could."""
    elsewhere = page.evaluate(
        """async () => [sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length,
                         (await navigator.serviceWorker.getRegistrations()).length, document.cookie.length]"""
    )
    assert elsewhere == [0, 0, 0, 0, 0]
    found: dict[str, str] = page.evaluate("Object.fromEntries(Object.entries(localStorage))")
    return found


def readable(found: dict[str, str], page: Page) -> list[str]:
    """What of the form can be read in storage: words, names of questions, answers, the ticket or the nonce."""
    secrets = [CANARY, "holdfast-session", "bond", "nonce", "ticket", "fields"]
    form = page.locator("form[data-ticket]")
    if form.count():
        secrets += [form.get_attribute("data-ticket") or "", form.locator("[name=nonce]").get_attribute("value") or ""]
    text = repr(found)
    return [each for each in secrets if each in text]


def leave_sealed(context: BrowserContext, link: Link, comment: str = CANARY) -> Page:
    """A page on which answers were sealed because there was no connection."""
    page = context.new_page()
    open_link(page, link)
    context.set_offline(True)
    fill(page, comment)
    expect(page.get_by_role("heading", level=1, name=WAIT)).to_be_visible()
    return page


def fulfil(answer: dict[str, Any], route: Route) -> None:
    route.fulfill(**answer)


def comments(desk: Desk, session: str, comment: str = CANARY) -> None:
    desk.rate(session, guess=0)
    expect(desk.page.get_by_text(comment)).to_have_count(1)


def test_sealed_then_sent_by_the_open_page(desk: Desk, browser: Browser, session: str) -> None:
    link = desk.link(session)
    with phone(browser) as context:
        page = leave_sealed(context, link)
        complaints = watch(page)
        found = stored(page)
        assert len(found) == 1
        assert readable(found, page) == []
        assert page.evaluate("document.querySelector('#comment').value") == ""
        assert page.locator("input:checked").count() == 0
        assert both_themes(page, Axe()) == []
        context.set_offline(False)
        expect(page.get_by_role("heading", level=1, name=THANKS)).to_be_visible(timeout=20000)
        assert stored(page) == {}
        assert [each for each in complaints if "ERR_INTERNET_DISCONNECTED" not in each] == []
    comments(desk, session)


def test_sealed_closed_and_sent_at_the_door(desk: Desk, browser: Browser, session: str) -> None:
    link = desk.link(session)
    with phone(browser) as context:
        leave_sealed(context, link).close()
        context.set_offline(False)
        context.clear_cookies()
        page = context.new_page()
        complaints = watch(page)
        page.goto(f"{desk.served.address}/f")
        expect(page.get_by_role("status")).to_have_text(
            "Thank you, the answers that waited on this device have arrived."
        )
        assert stored(page) == {}
        page.reload()
        expect(page.get_by_role("status")).to_be_hidden()
        assert complaints == []
    comments(desk, session)


def test_a_thank_you_that_got_lost_is_given_again_and_nothing_is_kept_twice(
    desk: Desk, browser: Browser, session: str
) -> None:
    link = desk.link(session)
    with phone(browser) as context:
        page = context.new_page()
        open_link(page, link)
        arrived = []

        def lose(route: Route) -> None:
            arrived.append(route.fetch().json())
            route.abort()

        page.route("**/f/sealed", lose)
        fill(page)
        expect(page.get_by_role("heading", level=1, name=WAIT)).to_be_visible()
        assert arrived == [{"thanks": True, "here": True}]
        page.close()
        page = context.new_page()
        page.goto(f"{desk.served.address}/f/de")
        expect(page.get_by_role("status")).to_contain_text("Danke, die Antworten")
        assert stored(page) == {}
    comments(desk, session)


def test_the_form_opened_again_sends_what_waits_first(desk: Desk, browser: Browser, session: str) -> None:
    link = desk.link(session)
    with phone(browser) as context:
        leave_sealed(context, link).close()
        context.set_offline(False)
        page = context.new_page()
        page.goto(f"{desk.served.address}/f/form")
        expect(page.get_by_role("heading", level=1, name=THANKS)).to_be_visible()
        assert stored(page) == {}
    comments(desk, session)


def test_two_people_and_two_tabs_on_one_phone(desk: Desk, browser: Browser, session: str) -> None:
    other = desk.book(desk.add_client("W-two", "Zoe"))
    first, second = desk.link(session), desk.link(other)
    with phone(browser) as context:
        leave_sealed(context, first, "from Wanda").close()
        context.set_offline(False)
        context.route("**/f/sealed", lambda route: route.abort())
        page = context.new_page()
        open_link(page, second)
        assert "Wanda" not in page.content()
        fill(page, "from Zoe")
        expect(page.get_by_role("heading", level=1, name=WAIT)).to_be_visible()
        third = context.new_page()
        third.goto(f"{desk.served.address}/f/form")
        expect(third.locator("form.stepped")).to_be_visible()
        assert third.locator("input:checked").count() == 0
        assert len(stored(page)) == 2
        third.close()
        context.unroute("**/f/sealed")
        expect(page.get_by_role("heading", level=1, name=THANKS)).to_be_visible(timeout=20000)
        page.goto(f"{desk.served.address}/f")
        expect(page.get_by_role("status")).to_contain_text("have arrived")
        assert stored(page) == {}
    comments(desk, session, "from Wanda")
    comments(desk, other, "from Zoe")


@pytest.mark.parametrize("where", ["waiting", "door"])
def test_leaving_deletes_it_without_a_connection_too(desk: Desk, browser: Browser, session: str, where: str) -> None:
    link = desk.link(session)
    with phone(browser) as context:
        page = leave_sealed(context, link)
        if where == "door":
            page.close()
            context.set_offline(False)
            context.route("**/f/sealed", lambda route: route.abort())
            page = context.new_page()
            page.goto(f"{desk.served.address}/f")
            expect(page.get_by_role("status")).to_contain_text("Sealed answers wait on this device")
            context.set_offline(True)
        page.get_by_role("button", name="Leave this page").tap()
        page.wait_for_url("about:blank")
        context.set_offline(False)
        page.goto(f"{desk.served.address}/f/who")
        assert stored(page) == {}


def test_after_seven_days_it_is_deleted_unsent(desk: Desk, browser: Browser, session: str) -> None:
    link = desk.link(session)
    with phone(browser) as context:
        leave_sealed(context, link).close()
        context.set_offline(False)
        page = context.new_page()
        page.goto(f"{desk.served.address}/f/who")
        page.evaluate(AGE)
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        page.goto(f"{desk.served.address}/f")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert stored(page) == {}
        assert [each for each in sent if each.endswith("/f/sealed")] == []


def test_a_link_taken_back_meanwhile_is_said_at_the_door(desk: Desk, browser: Browser, session: str) -> None:
    link = desk.link(session)
    with phone(browser) as context:
        leave_sealed(context, link).close()
        desk.link(session)  # replaces the first
        context.set_offline(False)
        page = context.new_page()
        page.goto(f"{desk.served.address}/f")
        expect(page.get_by_role("status")).to_contain_text("could not be taken")
        assert stored(page) == {}


def test_something_between_that_is_not_us_loses_nothing(desk: Desk, browser: Browser, session: str) -> None:
    """The page on which a hotel asks for a room number answers every request, with 200 or 404."""
    link = desk.link(session)
    with phone(browser) as context:
        leave_sealed(context, link).close()
        context.set_offline(False)
        page = context.new_page()
        for status in (200, 404):
            answer = {"status": status, "body": "<p>Which room?</p>"}
            page.route("**/f/sealed", partial(fulfil, answer))
            page.goto(f"{desk.served.address}/f")
            expect(page.get_by_role("status")).to_contain_text("Sealed answers wait on this device")
            assert len(stored(page)) == 1
            page.unroute("**/f/sealed")
        page.goto(f"{desk.served.address}/f")
        expect(page.get_by_role("status")).to_contain_text("have arrived")
    comments(desk, session)


def test_the_hour_is_the_pages_own(desk: Desk, browser: Browser, session: str) -> None:
    """A page that was left open for longer seals nothing; its answers stay in the page, as without the switch."""
    link = desk.link(session)
    with phone(browser) as context:
        page = context.new_page()
        page.clock.install()
        open_link(page, link)
        page.clock.fast_forward("01:00:01")
        context.set_offline(True)
        fill(page)
        expect(page.locator("[data-told]")).to_contain_text("Your answers are kept on this page")
        assert stored(page) == {}


def test_without_webcrypto_the_page_keeps_the_answers(desk: Desk, browser: Browser, session: str) -> None:
    link = desk.link(session)
    with phone(browser) as context:
        page = context.new_page()
        page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: undefined })")
        open_link(page, link)
        context.set_offline(True)
        fill(page)
        expect(page.locator("[data-told]")).to_contain_text("Your answers are kept on this page")
        assert stored(page) == {}
        context.set_offline(False)
        expect(page.get_by_role("heading", level=1, name=THANKS)).to_be_visible(timeout=20000)
    comments(desk, session)


def test_control_a_plain_draft_is_found(desk: Desk, browser: Browser, session: str) -> None:
    """The broken twin: a page that stores what was written, not what was sealed, is caught by the same look."""
    link = desk.link(session)
    broken = re.sub(r"const envelope = await seal\(said, key\);", "const envelope = JSON.stringify(said);",
                    (STATIC / "sealed.js").read_text())  # fmt: skip
    assert "JSON.stringify(said);" in broken
    with phone(browser) as context:
        context.route("**/sealed.js", lambda route: route.fulfill(body=broken, content_type="text/javascript"))
        page = leave_sealed(context, link)
        found = readable(stored(page), page)
        assert {CANARY, "holdfast-session", "nonce", "ticket"} <= set(found)


def test_without_script_the_form_is_sent_as_ever(desk: Desk, browser: Browser, session: str) -> None:
    link = desk.link(session)
    with browser.new_context(**PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{desk.served.address}/f")
        page.get_by_label("Code").fill(link.code)
        page.get_by_role("button", name="Open with the code").click()
        for question in page.locator("fieldset").all()[:9]:
            question.locator("input").first.check()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
