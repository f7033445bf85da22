"""When each page of the demonstration is first seen, and what it weighs: cold cache, this machine, one page at a time.

The promise: first content within 500 ms, 150 KB in all. Chromium is the machine's, or the one that HOLDFAST_CHROMIUM
names.
"""

import os
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright
from tests.e2e.served import Demo
from tests.e2e.walk import Weighed, walk

ROUNDS = 3
PROMISE = 500
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NAMES = ("chromium", "chromium-browser", "google-chrome")


def measure(browser: Browser, address: str) -> dict[tuple[str, str], list[Weighed]]:
    """Every kind of page of each person, once a round; the first round warms the server and does not count."""
    found = defaultdict(list)
    for turn in range(ROUNDS + 1):
        for page in walk(browser, address, each=1):
            if turn:
                found[page.chair, page.kind].append(page)
    return found


def main() -> None:
    chromium = os.environ.get("HOLDFAST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    with tempfile.TemporaryDirectory() as folder, Demo(Path(folder)) as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        found = measure(browser, demo.address)
        browser.close()
    rows = []
    for (chair, kind), pages in found.items():
        painted = [page.painted for page in pages if page.painted is not None]
        rows.append((median(painted), max(painted), max(page.bytes for page in pages), chair, kind))
    rows.sort(reverse=True)
    print(f"Pages of the demonstration: {len(rows)} kinds, {ROUNDS} loads each, empty cache, one server process")
    print("  first contentful paint, ms (median, slowest) and KB in all, not compressed")
    for middle, slowest, size, chair, kind in rows:
        print(f"  {middle:6.0f} {slowest:6.0f} {size / 1000:7.1f}   {chair:7} {kind}")
    over = sum(row[0] > PROMISE for row in rows)
    print(f"  median of all {median(row[0] for row in rows):.0f} ms; {over} of {len(rows)} kinds over {PROMISE} ms")


if __name__ == "__main__":
    main()
