"""PDF made in this process by typst: a template of ours, data that stays data, typefaces that lie beside it.

Nothing is fetched and nothing is written: the template is our own file, the data goes in as one JSON text, and typst
shows a text as the signs it is made of, whatever they are. PDF/UA-1: tagged, with a language, a title and a description
of each drawing.
"""

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from holdfast.errors import MethodError
from holdfast.report.block import signs, spans_in_words
from holdfast.report.course import course_svg
from holdfast.report.figure import CourseFigure
from holdfast.report.words import FORBIDDEN

FOLDER = Path(str(files("holdfast.report") / "print"))
UNKNOWN = "(?)"
MISSING = re.compile(r'the text `"(.*)"` could not be displayed', re.DOTALL)
OURS = "\N{LATIN SMALL LETTER LONG S}"  # the last sign of Latin Extended-A; our typefaces have everything up to it
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
DOTS = re.compile(r'class="dots[^"]*" d="[^"]*"')
HEIGHT = re.compile(r' height="(\d+)"')
TRIES = 8  # kinds of writing without a typeface, in one document
WIDE, LEFT, RIGHT = (
    560,
    44,
    168,
)  # pixels of a drawing: its plot, the room for the numbers before and the words behind it
STYLE = (
    ".plot text{font:400 13px Inter;fill:#566462}.scale line{stroke:#e5dfd3}.scale text{text-anchor:end}"
    ".axis text{text-anchor:middle}.range{fill:#dcebe5}.edge{fill:none;stroke:#65968a;stroke-dasharray:1 3;"
    "stroke-linecap:round}.line{fill:none;stroke:#1f6b5e;stroke-width:2.5;stroke-linejoin:round;stroke-linecap:round}"
    ".dots{fill:none;stroke:#1f6b5e;stroke-width:9;stroke-linecap:round}.dots.many{stroke-width:5}"
    ".mark path{fill:#a84c25;stroke:#ffffff;stroke-width:2;paint-order:stroke}.brace{fill:none;stroke:#a84c25;"
    "stroke-width:1.5}.plot .mark text,.plot .spans text{fill:#a84c25;paint-order:stroke;stroke:#ffffff;stroke-width:4}"
    ".predicted{fill:#35679c}.plot .m{text-anchor:middle}.plot .s{text-anchor:start}.plot .e{text-anchor:end}"
    ".plot .ends .rating{fill:#1f6b5e;font-weight:600}.plot .ends .guess{fill:#35679c}"
)
"""The look of a drawing on paper: the light colours of tokens.css."""


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """One document as PDF. Signs that no typeface at hand has stand as (?), and the document says so.

    template: "letter" or "form". Raises MethodError where typst cannot make the document.
    """
    import typst

    source = "".join((FOLDER / f"{name}.typ").read_text(encoding="utf-8") for name in ("look", template))
    given = json.dumps({**_clean(data), "unknown": ""}, ensure_ascii=False)
    for attempt in range(TRIES + 1):
        try:
            return typst.compile(
                source.encode(),
                root=str(FOLDER),
                font_paths=_fonts(),
                ignore_system_fonts=True,  # those of the system come behind ours, in _fonts
                format="pdf",
                sys_inputs={"data": given},
                pdf_standards=["ua-1"],
            )
        except typst.TypstError as error:
            missing = MISSING.search(error.message)
            if not missing or attempt == TRIES:
                raise MethodError("The PDF could not be made: {why}.", why=error.message) from None
            given = _without(given, missing[1], last=attempt == TRIES - 1)
    raise AssertionError("the last attempt returns or raises")


def drawn(figure: CourseFigure) -> dict[str, str]:
    """A course for paper: the drawing as SVG that needs nothing beside it, and everything that is said of it."""
    svg = course_svg(figure, wide=WIDE).replace('class="plot"', 'class="plot" overflow="visible"', 1)
    svg = DOTS.sub(lambda found: found[0].replace("h0", "h.01"), svg)  # a dot without any length would not be drawn
    whole, height = LEFT + WIDE + RIGHT, HEIGHT.findall(svg)[0]
    box = f'width="{whole}" height="{height}" viewBox="{-LEFT} 0 {whole} {height}"'
    return {
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" {box}><style>{STYLE}</style>{svg}</svg>',
        "title": figure.title,
        "said": figure.summary,
        "spans": spans_in_words(figure),
        "signs": " · ".join(words for _, words in signs(figure)) if figure.crowded else "",
    }


def reads_from_right(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    found = (unicodedata.bidirectional(sign) for sign in text)
    return next((each for each in found if each in ("L", "R", "AL")), "L") != "L"


def _clean(value: Any) -> Any:
    """The same without signs that steer and show nothing."""
    if isinstance(value, str):
        return "".join(" " if "\x7f" <= sign < "\xa0" else sign for sign in FORBIDDEN.sub(" ", value))
    if isinstance(value, Mapping):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value


def _without(given: str, text: str, *, last: bool) -> str:
    """The JSON text without signs of this kind, and with the sentence that says so.

    last: without all signs that are not in our own typefaces.
    """
    plain = ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    kinds = {_kind(sign) for sign in plain if sign > OURS}
    every = last or not kinds
    left = (UNKNOWN if sign > OURS and (every or _kind(sign) in kinds) else sign for sign in given)
    return json.dumps({**json.loads("".join(left)), "unknown": UNKNOWN}, ensure_ascii=False)


def _kind(sign: str) -> str:
    """What a typeface has or has not as a whole: a script, or all pictures."""
    name = unicodedata.name(sign, "")
    return name.split(" ")[0].split("-")[0] if unicodedata.category(sign)[0] in "LMN" else unicodedata.category(sign)


@cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(True, True, [str(FOLDER / "fonts")])
