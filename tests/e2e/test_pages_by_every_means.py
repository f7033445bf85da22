"""Every page by the rules of accessibility in both themes; check-ins by keyboard, without script, without network."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.e2e.hands import PHONE, Desk, Link, answer, open_link, phone
from tests.e2e.served import Served, watch

THANKS = "Thank you, your answers have arrived"


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


def both_themes(page: Page, axe: Axe) -> list[str]:
    """What axe finds, in light and in dark; and whether the page is wider than its window."""
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        results = axe.run(page).response
        assert len(results["passes"]) > 5
        found += [f"{theme}: {each['id']}: {each['nodes'][0]['html'][:120]}" for each in results["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("wider than its window")
    return found


def test_the_therapists_pages_pass_in_both_themes(desk: Desk, browser: Browser, axe: Axe) -> None:
    client, page = desk.add_client("A-01", "Émile Ferrand"), desk.page
    found = both_themes(page, axe)
    session = desk.book(client)
    link = desk.link(session)
    found += both_themes(page, axe)
    with phone(browser) as context:
        telephone = context.new_page()
        open_link(telephone, link)
        answer(telephone, 2, comment="It was good to be asked.", tension=1)
    for path in ("/today/", f"{session}rate/"):
        desk.go(path)
        found += both_themes(page, axe)
    desk.rate(session, guess=3)
    own = [f"{client}{name}/" for name in ("formulation", "notes", "supervision", "together", "sharing", "summary")]
    rooms = ("/calendar/", "/requests/", "/my-page/", "/practice/settings/", "/practice/forms/", "/with/nobody/")
    for path in (client, *own, *rooms, "/clients/", "/clients/new/", "/episodes/", "/nowhere/"):
        for size in ((1280, 900), (360, 740)):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            desk.go(path)
            for summary in page.locator("main summary:visible").all():
                summary.click()
            found += [f"{path}: {each}" for each in both_themes(page, axe)]
    assert found == []


def test_the_pages_of_who_answers_pass_in_both_themes(desk: Desk, browser: Browser, axe: Axe) -> None:
    link = desk.link(desk.book(desk.add_client("A-02", "Yui Tanaka")), "before")
    found = []
    with phone(browser) as context:
        page = context.new_page()
        for path in ("/f", "/f/who", "/f/thanks", "/f/form"):
            page.goto(f"{desk.served.address}{path}")
            found += [f"{path}: {each}" for each in both_themes(page, axe)]
        open_link(page, link)
        while page.locator("legend:visible").count():
            if page.locator(".scale:visible").count() or not page.locator("[data-back]:visible").count():
                found += both_themes(page, axe)
            page.get_by_label("I would rather not say").locator("visible=true").check()
            page.get_by_role("button", name="Next").tap()
        found += both_themes(page, axe)
        page.get_by_role("button", name="Send").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
        found += both_themes(page, axe)
    assert found == []


def test_a_check_in_by_keyboard_alone(desk: Desk, browser: Browser) -> None:
    link = desk.link(desk.book(desk.add_client("K-01", "Bo")))
    with phone(browser) as context:
        page = context.new_page()
        page.goto(link.address)
        keys = page.keyboard
        keys.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Leave this page"
        keys.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Open the form"
        keys.press("Enter")
        expect(page.locator("form.stepped")).to_be_visible()
        keys.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Leave this page"
        keys.press("Tab")
        for place in range(1, 10):
            expect(page.locator("[data-where]")).to_contain_text(f"Question {place} of 9")
            assert page.evaluate("document.activeElement.type") == "radio"
            keys.press("Enter")
            expect(page.get_by_role("status")).to_contain_text("Choose one of these first.")
            keys.press("Space")
            keys.press("Enter")
        keys.type("Typed, not tapped.")
        assert page.evaluate("document.activeElement.id") == "comment"
        keys.press("Tab")
        keys.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Send"
        keys.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
        assert page.evaluate("document.activeElement.tagName") == "H1"


def test_answers_wait_in_the_page_while_there_is_no_connection(desk: Desk, browser: Browser) -> None:
    client = desk.add_client("N-01", "Tomasz Wiśniewski")
    session = desk.book(client)
    link = desk.link(session)
    with phone(browser) as context:
        page = context.new_page()
        open_link(page, link)
        context.set_offline(True)
        for _ in range(9):
            page.locator("fieldset:visible input").first.check()
            page.get_by_role("button", name="Next").tap()
        page.get_by_label("Is there anything you would like to add?").fill("From the train.")
        page.get_by_role("button", name="Send").tap()
        expect(page.get_by_role("status")).to_contain_text("No connection at the moment. Your answers are kept")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        context.set_offline(False)
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS, timeout=20000)
    desk.rate(session, guess=0)
    expect(desk.page.get_by_text("From the train.")).to_have_count(1)


def test_without_script_the_code_opens_one_long_form(desk: Desk, browser: Browser) -> None:
    link = desk.link(desk.book(desk.add_client("P-01", "Noor Haddad")))
    with browser.new_context(**PHONE, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{desk.served.address}/f")
        page.get_by_label("Code").fill(link.code.lower())
        page.get_by_role("button", name="Open with the code").click()
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("alert")).to_contain_text("Nothing is marked yet.")
        for question in page.locator("fieldset").all()[:9]:
            question.locator("input").nth(3).check()
        page.get_by_label("Is there anything you would like to add?").fill("No script here.")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)


@pytest.mark.parametrize("way", ["button", "shift", "door"])
def test_leaving_covers_the_page_and_kills_the_link(desk: Desk, browser: Browser, served: Served, way: str) -> None:
    link = desk.link(desk.book(desk.add_client(f"L-{way}", "Bo")))
    with phone(browser) as context:
        page = context.new_page()
        complaints = watch(page)
        page.goto(link.address)
        if way != "door":
            open_link(page, link)
            page.locator("fieldset:visible input").first.check()
        with page.expect_request("**/f/exit") as told:
            if way == "shift":
                for _ in range(3):
                    page.keyboard.press("Shift")
            else:
                page.get_by_role("button", name="Leave this page").tap()
        assert told.value.method == "POST"
        page.wait_for_url("about:blank")
        page.go_back()
        expect(page.get_by_text("I felt that")).to_have_count(0)
        opens_nothing(page, link, served)
        assert [each for each in complaints if "404" not in each] == []


def test_capital_letters_do_not_throw_anybody_out(desk: Desk, browser: Browser) -> None:
    link = desk.link(desk.book(desk.add_client("S-01", "Bo")))
    with phone(browser) as context:
        page = context.new_page()
        open_link(page, link)
        for letter in "ABCD":
            page.keyboard.down("Shift")
            page.keyboard.press(letter)
            page.keyboard.up("Shift")
        expect(page.locator("form.stepped")).to_be_visible()


def opens_nothing(page: Page, link: Link, served: Served) -> None:
    page.goto("about:blank")
    page.goto(link.address)
    page.get_by_role("button", name="Open the form").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("This form is not open")
    page.goto(f"{served.address}/f/form")
    expect(page.get_by_role("heading", level=1)).to_have_text("This form is not open")
