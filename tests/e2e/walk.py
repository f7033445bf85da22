"""A walk through every page of the demonstration, as each of its people; what each page weighs, and when it is seen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Error, Page

CHAIRS = {"ada": "today", "ben": "supervision", "owner": "practice", "client": "mine", "form": "form", "help": "help"}
"""By whose eyes, and the stop of the tour at which they begin; the last two are nobody in particular."""
BESIDE = {
    "form": ("/f/form", "/f/who", "/f/thanks", "/f", "/f/de"),
    "help": ("/sign-in/", "/tour/", "/times", "/mine/", "/mine/begin/", "/nowhere/"),
}
"""What no link leads to."""
EACH = 3
"""So many pages of one kind are opened: clients, sessions, episodes."""
MEASURE = """async () => {
  await document.fonts.ready;
  const paints = () => performance.getEntriesByName("first-contentful-paint");
  for (let frame = 0; frame < 60 && !paints().length; frame += 1) await new Promise(requestAnimationFrame);
  const loaded = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
  const [painted] = paints();
  const parts = loaded.map((each) => [new URL(each.name).pathname, each.decodedBodySize]);
  return { parts, painted: painted ? painted.startTime : null };
}"""
LINKS = """() => Array.from(document.querySelectorAll("a[href]:not([download])"), (each) => each.href)
  .filter((each) => each.startsWith(location.origin)).map((each) => each.slice(location.origin.length).split("#")[0])"""
NAMED = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


@dataclass(frozen=True)
class Weighed:
    """One page: its kind, what was loaded for it (bytes, not compressed), and its first contentful paint (ms)."""

    chair: str
    kind: str
    address: str
    parts: tuple[tuple[str, int], ...]
    painted: float | None

    @property
    def bytes(self) -> int:
        return sum(size for _, size in self.parts)


def kind_of(address: str) -> str:
    """The address without what it names: all clients' pages are of one kind."""
    return NAMED.sub("*", address.split("?")[0])


def walk(browser: Browser, address: str, *, width: int = 1280, each: int = EACH) -> Iterator[Weighed]:
    """Open every page that links lead to, as each person; every one with an empty cache."""
    for chair, stop in CHAIRS.items():
        with browser.new_context(viewport={"width": width, "height": 800}) as context:
            page = _begin(context, address, stop)
            if chair == "form":
                yield weigh(page, chair)
                page.get_by_role("button", name="Open the form").click()
                page.wait_for_url("**/f/form")
            yield from _from_here(page, address, chair, each)


def _begin(context: BrowserContext, address: str, stop: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}/tour/")
    page.locator(f"form[action='/tour/{stop}/'] button").click()
    page.wait_for_load_state("networkidle")
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    return page


def _from_here(page: Page, address: str, chair: str, each: int) -> Iterator[Weighed]:
    waiting = [page.url.removeprefix(address), *BESIDE.get(chair, ())]
    known, count = set(waiting), dict[str, int]()
    while waiting:
        path = waiting.pop(0)
        if count.get(kind_of(path), 0) == each:
            continue
        try:
            page.goto(f"{address}{path}")
        except Error as error:
            if "Download is starting" in str(error):
                continue
            raise
        count[kind_of(path)] = count.get(kind_of(path), 0) + 1
        yield weigh(page, chair)
        fresh = [link for link in page.evaluate(LINKS) if link not in known]
        known.update(fresh)
        waiting += fresh


def weigh(page: Page, chair: str) -> Weighed:
    """The page that is open, as it was loaded just now."""
    page.wait_for_load_state("load")
    found = page.evaluate(MEASURE)
    path = re.sub(r"^https?://[^/]+", "", page.url)
    return Weighed(
        chair=chair,
        kind=kind_of(path),
        address=path,
        parts=tuple((name, size) for name, size in found["parts"]),
        painted=found["painted"],
    )
