"""A formulation built in the session, on a phone and without script; and a note that only its author opens."""

from typing import Any

from playwright.sync_api import Browser, expect
from tests.e2e.hands import PHONE, Desk
from tests.e2e.served import watch


def test_a_formulation_is_built_on_a_phone_without_script(
    desk: Desk, browser: Browser, signed_in_at_the_desk: Any
) -> None:
    client = desk.add_client("B-01", "Lior Katz")
    desk.book(client)
    with browser.new_context(**PHONE, storage_state=signed_in_at_the_desk, java_script_enabled=False) as context:
        page = context.new_page()
        complaints = watch(page)
        page.goto(f"{desk.served.address}{client}")
        page.get_by_role("link", name="Formulation").tap()
        expect(page.get_by_text("Nothing is written yet.")).to_be_visible()
        roots = page.get_by_role("region", name="Roots")
        roots.get_by_text("Add").tap()
        roots.get_by_label("What it is").select_option("A way of relating")
        roots.get_by_label("What happened").fill("I agree before anybody can disagree.")
        roots.get_by_role("button", name="Keep it").tap()
        expect(roots.get_by_text("A way of relating").first).to_be_visible()
        roots.get_by_text("Change or look back").tap()
        roots.get_by_label("What happened").first.fill("I agree, and then I am angry.")
        roots.get_by_role("button", name="Keep it so").tap()
        roots.get_by_text("Change or look back").tap()
        expect(roots.get_by_text("I agree before anybody can disagree.")).to_be_visible()
        tap = page.get_by_role("button", name="I agree, and then I am angry.", pressed=False)
        tap.tap()
        expect(page.get_by_role("button", name="I agree, and then I am angry.", pressed=True)).to_be_visible()
        expect(page.get_by_text("1 session worked on it")).to_be_visible()
        page.get_by_role("link", name="My notes").tap()
        page.get_by_label("A note to yourself").fill("What did I not want to hear?")
        page.get_by_role("button", name="Keep the note").tap()
        expect(page.get_by_text("What did I not want to hear?").first).to_be_visible()
        assert complaints == []
