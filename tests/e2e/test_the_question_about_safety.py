"""The question about safety by real hands: asked with consent, passed on by the worker, read by a person."""

import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.e2e.hands import PHONE, Desk, open_link
from tests.e2e.served import Served
from tests.e2e.test_pages_by_every_means import both_themes

NUMBER = "0800 111 0 111"
DUTY = """
import os
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "holdfast.practice.settings"
django.setup()
from datetime import time
from holdfast.practice.accounts.actions import add_person
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.actions import choose_forms
from holdfast.practice.caseload.models import Client
from holdfast.practice.caseload.sharing import record_consent
from holdfast.practice.lib.clock import now
from holdfast.practice.safety.actions import DutyTerms, set_duty
practice, at = Practice.objects.get(), now()
ada = Membership.objects.get(practice=practice, role="therapist")
others = [add_person(practice=practice, email=f"{role}@example.org", name=role.title(), role=role, password=None, at=at)
          for role in ("owner", "supervisor")]
terms = DutyTerms(responder=ada, substitute=others[1], opens=time(0), closes=time(23, 59), weekdays=tuple(range(7)),
                  within_hours=6, phone="030 1234567", country="DE")
set_duty(actor=others[0], terms=terms, at=at)
practice.refresh_from_db()
choose_forms(actor=others[0], practice=practice, occasion="before", ids=["phq-9"], at=at)
for client in Client.objects.filter(code__startswith="Q-", consents=None):
    record_consent(actor=ada, client=client, purpose="safety", how="session", at=at)
"""
UNDO = """
import os
import django
os.environ["DJANGO_SETTINGS_MODULE"] = "holdfast.practice.settings"
django.setup()
from holdfast.practice.accounts.models import Practice
Practice.objects.update(before_forms=["phq-8", "gad-2", "holdfast-before"])
"""


def _answer(page: Page, last: str) -> None:
    """Eight times the lowest answer, then this one, what follows from it, and nothing to add."""
    asked = 0
    while page.locator("legend:visible").count():
        words = last if asked == 8 else "Not at all" if asked < 8 else "Somewhat difficult"
        page.locator("fieldset:visible").get_by_text(words, exact=True).click()
        page.get_by_role("button", name="Next").tap()
        asked += 1
    page.get_by_role("button", name="Send").tap()


@pytest.mark.parametrize("script", [True, False])
def test_an_answer_is_passed_on_and_read_by_a_person(
    script: bool, served: Served, desk: Desk, browser: Browser
) -> None:
    axe, found = Axe(), []
    client = desk.add_client(f"Q-{script:d}", "Milan Kovac")
    session = desk.book(client)
    subprocess.run([sys.executable, "-c", DUTY], env=served.environment, check=True)
    try:
        link = desk.link(session, "before")
    finally:
        subprocess.run([sys.executable, "-c", UNDO], env=served.environment, check=True)
    with browser.new_context(**PHONE, java_script_enabled=script) as context:  # type: ignore[arg-type]
        page = context.new_page()
        if script:
            open_link(page, link)
        else:
            page.goto(f"{served.address}/f")
            page.get_by_label("Code").fill(link.code)
            page.get_by_role("button", name="Open with the code").click()
        expect(page.get_by_text("Nobody watches these answers live.")).to_be_visible()
        page.get_by_text("If you need somebody now").first.click()
        expect(page.get_by_text(NUMBER).first).to_be_visible()
        found += both_themes(page, axe) if script else []
        if script:
            _answer(page, "Several days")
        else:
            for place in range(9):
                words = "Several days" if place == 8 else "Not at all"
                page.locator("fieldset").nth(place).get_by_text(words, exact=True).click()
            page.locator("[data-forward]").click()
        expect(page.get_by_text("We are passing this on to a person at the practice.")).to_be_visible()
        expect(page.get_by_role("link", name=NUMBER)).to_be_visible()
        found += both_themes(page, axe) if script else []
        page.wait_for_timeout(4000)
        page.goto(f"{served.address}/f/after")
        assert page.get_by_role("status").inner_text().startswith(("Passed on at", "We could not pass this on"))
    desk.go("/today/")
    desk.page.get_by_role("link", name="An answer waits for you to read").first.click()
    expect(desk.page.get_by_text("Several days")).to_be_visible()
    found += both_themes(desk.page, axe)
    desk.page.get_by_role("button", name="I have read this").click()
    expect(desk.page.get_by_role("heading", name="You have read it")).to_be_visible()
    desk.go(client)
    expect(desk.page.get_by_text("Answered above “Not at all”")).to_contain_text("read by Ada at")
    assert found == []
