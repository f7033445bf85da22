"""From a booked session to a repaired rupture, in a real browser; and nothing thanked for is lost."""

import re

import pytest
from playwright.sync_api import Browser, expect
from tests.e2e.hands import Desk, answer, open_link, phone
from tests.e2e.served import Served, watch

CALM, LOW = 3, 0


def one_session(desk: Desk, browser: Browser, client: str, felt: int, **said: int) -> int:
    """Book, answer on a phone, predict and rate. Returns how many questions the client was asked."""
    session = desk.book(client)
    link = desk.link(session)
    with phone(browser) as context:
        page = context.new_page()
        complaints = watch(page)
        open_link(page, link)
        assert page.url == f"{desk.served.address}/f/form"
        asked = answer(page, felt, **said)
        assert complaints == []
    desk.rate(session, guess=felt)
    return asked


def test_a_low_rating_opens_an_episode_and_two_voices_close_it(desk: Desk, browser: Browser) -> None:
    client, page = desk.add_client("C-01", "Cleo Quellbach"), desk.page
    assert [one_session(desk, browser, client, CALM) for _ in range(3)] == [9, 9, 9]
    expect(page.locator("main")).to_contain_text("Session 3 was rated 75, within the")

    assert one_session(desk, browser, client, LOW, tension=2, addressed=0, eased=0) == 12
    expect(page.get_by_role("heading", level=2).first).to_have_text("Session 4 was rated lower than expected")
    expect(page.locator("main")).to_contain_text("A rating this low comes up by chance")
    desk.go("/today/")
    expect(page.get_by_role("listitem").filter(has_text="Cleo Quellbach")).to_contain_text("Session 4 was rated 0.")

    desk.go(client)
    page.get_by_role("link", name="Open the episode").click()
    episode = page.url.removeprefix(desk.served.address)
    page.get_by_role("button", name="I have seen it").click()
    expect(page.get_by_text(re.compile("^Acknowledged"))).to_be_visible()
    page.get_by_role("button", name="We have talked about it").click()
    expect(page.get_by_text(re.compile("^Talked about"))).to_be_visible()
    page.get_by_label("Add a note").fill("I had been in a hurry.\nWe begin with it next time.")
    page.get_by_role("button", name="Keep the note").click()
    expect(page.get_by_text("We begin with it next time.")).to_be_visible()

    for _ in range(4):
        assert one_session(desk, browser, client, CALM, tension=0, addressed=2, eased=4) == 11
        desk.go(episode)
        if "Closed as repaired" in page.locator("main").inner_text():
            break
    expect(page.locator("main")).to_contain_text("Closed as repaired")
    expect(page.locator("main")).to_contain_text("The client says it eased")
    desk.go("/episodes/")
    expect(page.get_by_role("listitem").filter(has_text="Cleo Quellbach")).to_contain_text("repaired")
    assert desk.complaints == []


def test_what_was_thanked_for_survives_a_kill(desk: Desk, browser: Browser, served: Served) -> None:
    client = desk.add_client("C-02", "Noor Haddad")
    session = desk.book(client)
    link = desk.link(session)
    with phone(browser) as context:
        page = context.new_page()
        open_link(page, link)
        answer(page, 1, comment="Nobody has to know this but you.", tension=1, tension_kind=3, addressed=1, eased=2)
        served.kill()
        served.start()
    desk.go(client)
    expect(desk.page.locator("main")).not_to_contain_text("Nobody has to know this but you.")
    desk.rate(session, guess=1)
    main = desk.page.locator("main")
    expect(main).to_contain_text("Nobody has to know this but you.")
    for summary in main.locator("summary", has_text="the client, after it").all():
        summary.click()
    answers = dict(
        zip(
            main.locator("table th[scope=row]:visible").all_inner_texts(),
            main.locator("table td:visible").all_inner_texts(),
            strict=True,
        )
    )
    assert answers["I felt that my therapist and I were on the same side."] == "A little true"
    assert answers["My therapist missed something that was important to me."] == "Very true"
    assert answers["When that happened, what did you notice in yourself?"] == "Both"
    assert answers["How much has it eased, by the end of the session or since then?"] == "Partly"
    assert len(answers) == 12


@pytest.mark.parametrize("way", ["used", "taken back", "made up"])
def test_a_dead_link_opens_one_and_the_same_page(desk: Desk, browser: Browser, way: str) -> None:
    client = desk.add_client(f"D-{way}", "Bo")
    session = desk.book(client)
    link = desk.link(session)
    with phone(browser) as context:
        page = context.new_page()
        if way == "used":
            open_link(page, link)
            answer(page, CALM)
        elif way == "taken back":
            desk.go(session)
            desk.page.get_by_role("button", name="Take it back").click()
        page.goto("about:blank")
        page.goto(link.address if way != "made up" else f"{desk.served.address}/f#{'x' * 27}")
        page.get_by_role("button", name="Open the form").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text("This form is not open")
        assert page.title() == "Form"
