"""The style sheets, scripts and typefaces that lie beside this file, ready to stand inside one page."""

import base64
import hashlib
import re
from importlib.resources import files

SHEETS = ("tokens.css", "base.css", "chart.css", "report.css")
SCRIPTS = ("chart.js", "report.js")
FACES = {"Holdfast Serif": "holdfast-serif-latin.woff2", "Inter": "inter-latin.woff2"}
REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)


def stylesheet(*, with_fonts: bool = True) -> str:
    """All style sheets as one text without remarks; the two typefaces as data inside it when asked for."""
    sheets = "".join(REMARK.sub("", _text(name)) for name in SHEETS)
    faces = "".join(_face(family, name) for family, name in FACES.items()) if with_fonts else ""
    return faces + re.sub(r"\s*\n\s*", "\n", sheets).strip()


def script() -> str:
    """All scripts as one text without remarks."""
    return "".join(REMARK.sub("", _text(name)).strip() + "\n" for name in SCRIPTS)


def policy(style: str, code: str) -> str:
    """A content security policy that lets this style and this script run, and nothing be fetched."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(code)}'; font-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _face(family: str, name: str) -> str:
    data = base64.b64encode((files("holdfast.report") / "assets" / "fonts" / name).read_bytes()).decode()
    source = f'url("data:font/woff2;base64,{data}") format("woff2")'
    return f'@font-face{{font-family:"{family}";font-weight:400 700;font-display:swap;src:{source}}}\n'


def _text(name: str) -> str:
    return (files("holdfast.report") / "assets" / name).read_text(encoding="utf-8")
