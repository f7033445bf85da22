"""The look, measured: contrast in both themes, fonts that are packaged, scripts a strict policy lets run."""

import re
from importlib.resources import files
from itertools import product

import pytest
from tests.unit.report.parsed import FETCHES

from holdfast.report.assets import policy, script, stylesheet

ASSETS = files("holdfast.report") / "assets"


def tokens() -> dict[str, dict[str, str]]:
    text = (ASSETS / "tokens.css").read_text(encoding="utf-8")
    light, dark = text.split("@media screen and (prefers-color-scheme: dark)")
    read = re.compile(r"--([a-z-]+): (#[0-9a-f]{6})")
    return {"light": dict(read.findall(light)), "dark": {**dict(read.findall(light)), **dict(read.findall(dark))}}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT = product(("ink", "soft", "kelp", "ember", "sky"), ("paper", "card"))
BANNED = (
    *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"),
    *(".style", "fetch(", "XMLHttpRequest", "localStorage"),
)
MARKS = product(("kelp", "ember", "edge", "range-edge", "sky", "focus"), ("card", "paper"))
ON = (("ink", "kelp-soft"), ("ink", "ember-soft"), ("soft", "sunk"), ("on-kelp", "kelp"), ("on-kelp", "kelp-deep"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    ("fore", "back", "least"),
    [
        *((*pair, 4.5) for pair in (*TEXT, *ON)),
        *((*pair, 3.0) for pair in MARKS),
        ("kelp", "range", 3.0),
        ("ember", "range", 3.0),
        ("soft", "range", 4.5),
    ],
)
def test_contrast_is_enough_in_both_themes(theme, fore, back, least):
    colours = tokens()[theme]
    assert contrast(colours[fore], colours[back]) >= least


def test_printed_in_grey_the_line_the_band_and_the_paper_are_told_apart():
    light = tokens()["light"]
    line, band, paper = (luminance(light[name]) for name in ("kelp", "range", "card"))
    assert line < 0.2 < 0.7 < band < 0.9 < paper


def test_every_token_that_is_used_is_defined():
    sheets = "".join((ASSETS / name).read_text(encoding="utf-8") for name in ("base.css", "chart.css", "report.css"))
    used = set(re.findall(r"var\(--([a-z0-9-]+)", sheets)) - {"behind"}
    defined = set(re.findall(r"--([a-z0-9-]+):", (ASSETS / "tokens.css").read_text(encoding="utf-8")))
    assert used <= defined


def test_the_typefaces_are_packaged_small_and_licensed():
    sheet = (ASSETS / "fonts.css").read_text(encoding="utf-8")
    named = set(re.findall(r'url\("fonts/([^"]+)"\)', sheet))
    there = {each.name: each.read_bytes() for each in (ASSETS / "fonts").iterdir()}
    assert named == set(there)
    assert all(data[:4] == b"wOF2" for data in there.values())
    assert sum(map(len, there.values())) < 100_000


def test_inside_one_page_nothing_is_fetched():
    assert not FETCHES.search(stylesheet())
    assert stylesheet().count("data:font/woff2;base64,") == 2
    assert "data:font" not in stylesheet(with_fonts=False)
    assert "/*" not in stylesheet(with_fonts=False)


def test_the_scripts_write_no_markup_and_set_no_inline_style():
    code = "".join((ASSETS / name).read_text(encoding="utf-8") for name in ("chart.js", "report.js"))
    for banned in BANNED:
        assert banned not in code
    assert "http://www.w3.org/2000/svg" in script()


def test_the_policy_names_this_style_and_this_script_alone():
    said = policy("a", "b")
    assert "default-src 'none'" in said
    assert "style-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='" in said
    assert "unsafe" not in said
