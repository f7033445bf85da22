"""PDF: what was put in is found again, nothing in it is obeyed, and the file is tagged."""

import io
import re
import socket
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import pytest
from pypdf import PdfReader

from holdfast.report import CourseFigure, Mark, Span
from holdfast.report.printed import STYLE, drawn, pdf, reads_from_right

PAYLOADS = (
    '#read("/etc/passwd")',
    '#import "@preview/x:1.0.0": *',
    "$ x^2 $ *bold* _it_ = Head",
    "] } ) \\ #panic(1)",
    "<label> @reference // gone? /* gone? */",
    '","unknown":"x","title":"',
    "<script>alert(1)</script> &amp;",
    "\\u0022 \\n {{ x }} {% x %}",
)


def letter(*quotes: str, figures: tuple[CourseFigure, ...] = (), simulated: str = "", title: str = "T") -> bytes:
    section = {
        "heading": "Heading", "figures": [drawn(each) for each in figures], "lines": ["Line."],
        "facts": [["Bond", "60 of 100"]], "items": ["Item."], "fine": "Fine.",
        "quotes": [quote(each) for each in quotes],
    }  # fmt: skip
    return pdf(
        "letter",
        {
            "lang": "en", "rtl": False, "title": title, "eyebrow": "Eyebrow", "foot": "Foot", "lead": "Lead.",
            "close": "Close.", "simulated": simulated, "sections": [section],
        },
    )  # fmt: skip


def quote(text: str) -> dict[str, Any]:
    return {"text": text, "rtl": reads_from_right(text), "place": "(session 6)", "replies": [text]}


def text_of(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def joined(text: str) -> str:
    """Without any space: lines break where the page ends."""
    return re.sub(r"\s+", "", text)


def figure(**given: Any) -> CourseFigure:
    usual: Mapping[str, Any] = {
        "name": "a", "title": "The course", "summary": "Rated 25 in session 3.", "sessions": ["1", "2", "3"],
        "values": [75.0, 70.0, 25.0], "extent": (0.0, 100.0),
    }  # fmt: skip
    return CourseFigure(**{**usual, **given})


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_looks_like_markup_is_text(payload: str) -> None:
    assert joined(text_of(letter(payload))).count(joined(payload)) == 2
    assert joined(payload) in joined(text_of(letter("x", title=payload)))
    assert "root:" not in text_of(letter(payload))


def test_a_very_long_word_stays_on_the_page_and_whole() -> None:
    word = "Donaudampfschifffahrt" * 30
    made = PdfReader(io.BytesIO(letter(word)))
    assert word in joined(made.pages[0].extract_text())
    places: list[float] = []

    def note(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            places.append(cm[4] + tm[4])

    made.pages[0].extract_text(visitor_text=note)
    assert max(places) > 200
    assert max(places) < 595 - 56


def test_other_writings_are_there_or_said_to_be_missing() -> None:
    for said in ("שלום", "Привет", "ț ű ő ŵ", "Ελλάδα"):
        found = text_of(letter(said))
        assert joined(said) in joined(found) or joined(said)[::-1] in joined(found)
        assert "(?)" not in found
    found = text_of(letter("one \U00020000 \U00020001 two"))
    assert "one (?) (?) two" in found
    assert "Signs that the typefaces at hand do not have stand here as (?)" in found


def test_signs_that_no_text_holds_do_no_harm() -> None:
    assert "before" in text_of(letter("before \x00\x07\x1b\ud800 after", "\u202egnorw", "\u200b\u2028\u00ad\t"))


def test_any_text_becomes_a_file() -> None:
    plain = "".join(map(chr, range(0x180)))
    assert "(?)" not in text_of(letter(plain))
    wide = "".join(chr(each) for each in range(0x180, 0x30000, 97) if not 0xD800 <= each < 0xE000)
    for said in (wide, "e\u0301\u0378\u0301", "\U0001f469\u200d\U0001f469\u200d\U0001f467", "\ufe0f", "x" * 4_000):
        assert len(PdfReader(io.BytesIO(letter(said))).pages) > 0
    assert "Fine." in text_of(letter(wide))


def test_it_is_tagged_in_a_language_with_each_drawing_described() -> None:
    made = PdfReader(io.BytesIO(letter("x", figures=(figure(),))))
    root = made.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert made.metadata is not None
    assert made.metadata.title == "T"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    descriptions = [each["/Alt"] for each in objects(made) if "/Alt" in each]
    assert any("The course. Rated 25 in session 3." in each for each in descriptions)
    assert [round(side) for side in made.pages[0].mediabox[2:]] == [595, 842]


def test_a_drawing_is_lines_and_not_a_picture() -> None:
    crowd = figure(
        sessions=[str(each) for each in range(40)], values=[50.0] * 40, marks=[Mark(index=4, words="lower <b>")],
        spans=[Span(first=4, last=9, words="Episode & more")],
    )  # fmt: skip
    for each in (figure(), crowd, figure(values=[float("nan")] * 3), figure(sessions=["1"], values=[40.0])):
        made = PdfReader(io.BytesIO(letter(figures=(each,))))
        assert not [found for found in objects(made) if found.get("/Subtype") == "/Image"]
    assert "Episode & more" in text_of(letter(figures=(crowd,)))
    assert 'h.01"' in drawn(figure(sessions=["1"], values=[40.0]))["svg"]


def test_simulated_is_said_on_every_page() -> None:
    made = PdfReader(io.BytesIO(letter(*["word " * 300] * 4, simulated="Simulated.")))
    assert len(made.pages) > 2
    assert all("Simulated." in page.extract_text() for page in made.pages)


def test_our_typefaces_stand_in_the_file() -> None:
    fonts = {str(each["/BaseFont"]) for each in objects(PdfReader(io.BytesIO(letter("x")))) if "/BaseFont" in each}
    assert {each.split("+")[1].split("-")[0] for each in fonts} == {"/HoldfastSerifSemiBold"[1:], "InterRegular"}


def test_nothing_is_fetched_or_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> None:
        raise AssertionError("asked for a connection or a file")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr("tempfile.mkstemp", refuse)
    assert letter("x").startswith(b"%PDF")


def test_the_colours_are_those_of_the_pages() -> None:
    tokens = (files("holdfast.report") / "assets" / "tokens.css").read_text(encoding="utf-8").split("@media")[0]
    look = (files("holdfast.report") / "print" / "look.typ").read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-f]{6}", STYLE + look)) <= set(re.findall(r"#[0-9a-f]{6}", tokens))


def objects(made: PdfReader) -> list[dict[str, Any]]:
    found = [
        made.get_object(number) for number in range(1, len(made.xref_objStm) + sum(map(len, made.xref.values())) + 1)
    ]
    return [each for each in found if isinstance(each, dict)]
