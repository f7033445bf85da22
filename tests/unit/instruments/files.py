"""A small correct instrument file, to be broken one rule at a time."""

from pathlib import Path

GOOD = """id = "tiny"
version = "1.0"
title = "Tiny"
validated = true
rater = "client"
occasions = ["after"]
seconds = [5, 10]

[rights]
holder = "nobody"
licence = "CC0-1.0"
ship = "yes"
source = "made up for this test"
evidence_date = 2026-11-23

[answers]
lowest = 0
highest = 4

[[items]]
id = "q1"
gist = "one"
text = { en = "One." }

[[items]]
id = "q2"
gist = "two"
reverse = true
show_if = "q1 >= 1"
text = { en = "Two." }

[[scales]]
id = "total"
items = ["q1", "q2"]
method = "sum"
higher_is = "worse"
key_status = "verified"

[[figures]]
scale = "total"
kind = "cutoff"
value = 4
status = "secondary"
source = "made up"

[[bands]]
scale = "total"
at_least = 2
label = "some"
status = "secondary"
source = "made up"

[[bands]]
scale = "total"
at_least = 6
label = "much"
status = "verified"
source = "made up"

[wording.en]
instruction = "How true?"
labels = ["a", "b", "c", "d", "e"]
wording_verified = true
checked_against = "itself"
"""


def write(folder: Path, text: str = GOOD, *, name: str = "tiny-1.0.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def broken(old: str, new: str) -> str:
    """The good file with one thing changed, once; the thing has to be there."""
    assert old in GOOD
    return GOOD.replace(old, new, 1)
