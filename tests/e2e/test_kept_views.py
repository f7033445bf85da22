"""A view of the caseload is kept, shown first, removed and brought back by the keyboard, with script and without."""

from itertools import count

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect
from tests.e2e.hands import Desk
from tests.e2e.test_pages_by_every_means import both_themes

NUMBERS = count(1)


@pytest.mark.parametrize("has_script", [True, False])
@pytest.mark.parametrize("width", [360, 1280])
def test_a_view_is_kept_and_removed_by_keyboard(
    has_script: bool, width: int, desk: Desk, browser: Browser, signed_in_at_the_desk: dict[str, object]
) -> None:
    name = f"Kept {next(NUMBERS)}"
    desk.add_client(f"V-{width}-{int(has_script)}", "Vera")
    size = {"width": width, "height": 800}
    state = desk.page.context.storage_state()
    with browser.new_context(storage_state=state, viewport=size, java_script_enabled=has_script) as context:
        page = context.new_page()
        page.goto(f"{desk.served.address}/clients/?show=unbooked&sort=name")
        page.get_by_text("Keep this view").focus()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.type(name)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=name)).to_have_attribute("aria-current", "true")
        page.get_by_text("Change the view").focus()
        page.keyboard.press("Enter")
        if has_script:
            assert both_themes(page, Axe()) == []
        page.get_by_role("button", name="Show it first").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=f"{name} (shown first)")).to_be_visible()
        page.get_by_text("Change the view").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Remove it").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text(f"The view “{name}” was removed.")).to_be_visible()
        if has_script:
            assert both_themes(page, Axe()) == []
        page.get_by_role("button", name="Bring it back").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=name)).to_be_visible()
