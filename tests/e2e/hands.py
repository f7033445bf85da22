"""What people do on the pages, as a person would: by the words they see."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.e2e.served import Served

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}
REVERSED = ("task", "empathy")
STRAIN = {"tension_kind": 1, "addressed": 2, "eased": 4}


@dataclass
class Link:
    """What the therapist passes on."""

    address: str
    code: str


@dataclass
class Desk:
    """Ada's browser, signed in."""

    served: Served
    page: Page
    complaints: list[str]

    def go(self, path: str) -> None:
        self.page.goto(f"{self.served.address}{path}")

    def add_client(self, code: str, name: str) -> str:
        """Returns the address of the client's page."""
        self.go("/clients/new/")
        self.page.get_by_label("Code").fill(code)
        self.page.get_by_label("Name").fill(name)
        self.page.get_by_role("button", name="Add the client").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(name)
        return self.page.url.removeprefix(self.served.address)

    def book(self, client: str) -> str:
        """A session half an hour ago. Returns its address."""
        start = datetime.now(UTC) - timedelta(minutes=30)
        self.go(client)
        form = self.page.locator("form[action$='/book/']")
        if not form.is_visible():
            self.page.get_by_text("Book a session").click()
        form.get_by_label("Day").fill(f"{start:%Y-%m-%d}")
        form.get_by_label("Time").fill(f"{start:%H:%M}")
        form.get_by_role("button", name="Book").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Session")
        return self.page.url.removeprefix(self.served.address)

    def link(self, session: str, purpose: str = "after") -> Link:
        self.go(session)
        self.page.get_by_role("button", name=f", {purpose} the session").click()
        expect(self.page.get_by_role("img", name="QR code")).to_be_visible()
        return Link(address=self.page.locator("#address").inner_text(), code=self.page.locator("#code").inner_text())

    def rate(self, session: str, *, guess: int) -> None:
        """Predict and rate, six taps."""
        self.go(f"{session}rate/")
        for name, value in (("own_bond", 3), ("own_work", 3), ("predicted_bond", guess), ("predicted_work", guess),
                            ("tension_kind", 0), ("focus", 1)):  # fmt: skip
            self.page.locator(f"input[name='holdfast-session-therapist.{name}'][value='{value}']").check()
        self.page.get_by_role("button", name="Lock it and go on").click()
        expect(self.page).to_have_url(re.compile("/clients/"))


def phone(browser: Browser) -> BrowserContext:
    return browser.new_context(**PHONE)


def open_link(page: Page, link: Link) -> None:
    page.goto(link.address)
    page.get_by_role("button", name="Open the form").tap()
    expect(page.locator("form.stepped")).to_be_visible()


def value_of(item: str, felt: int, more: Mapping[str, int]) -> int:
    """What somebody who feels this way marks; two of the eight sentences are turned round."""
    if item in more:
        return more[item]
    return 4 - felt if item in REVERSED else felt


def answer(page: Page, felt: int, *, comment: str = "", **more: int) -> int:
    """Answer question by question and send. Returns how many questions were asked."""
    marked = {"tension": 0, **STRAIN, **more}
    asked = 0
    while page.locator("legend:visible").count():
        name = page.locator("fieldset:visible input").first.get_attribute("name") or ""
        value = value_of(name.rpartition(".")[2], felt, marked)
        page.locator(f"input[name='{name}'][value='{value}']").check()
        page.get_by_role("button", name="Next").tap()
        asked += 1
    page.get_by_label("Is there anything you would like to add?").fill(comment)
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you, your answers have arrived")
    return asked
