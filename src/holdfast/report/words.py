"""Text that may go into markup, and numbers as a colleague would write them."""

import math
import re
from collections.abc import Sequence
from html import escape

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
MINUS = "\N{MINUS SIGN}"
PER_CENT = "\N{NO-BREAK SPACE}%"


def safe(text: object) -> str:
    """The text for markup, as content or inside double quotes; what XML cannot hold becomes the replacement sign."""
    return escape(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(text)), quote=True)


def key(text: object) -> str:
    """The text as an id: letters, digits and hyphens alone."""
    return re.sub(r"[^A-Za-z0-9]+", "-", str(text)).strip("-") or "x"


def number(value: float, *, places: int = 1) -> str:
    """A number with at most so many decimals and no trailing zeros; an en dash where it is missing."""
    if math.isnan(value):
        return "\N{EN DASH}"
    text = f"{value:.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text.replace("-", MINUS)


def signed(value: float, *, places: int = 1) -> str:
    """A change: the number with its sign."""
    text = number(value, places=places)
    return f"+{text}" if value > 0 and text != "0" else text


def count(many: int, one: str, several: str = "") -> str:
    """How many of something: 1 client, 3 clients."""
    return f"{grouped(many)} {one if many == 1 else several or one + 's'}"


def grouped(many: int) -> str:
    """A whole number with commas between the thousands."""
    return f"{many:,}"


def percent(share: float) -> str:
    """A share in per cent; under ten per cent with one decimal."""
    return f"{number(100 * share, places=0 if share >= 0.0995 else 1)}{PER_CENT}"


def listed(parts: Sequence[str]) -> str:
    """One, two and three."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def once_in(chance: float) -> str:
    """How often something comes up: about once in 190, to two digits."""
    if not chance >= 1e-6:
        return "less than once in 1,000,000"
    often = 1.0 / chance
    places = max(0, math.floor(math.log10(often)) - 1)
    return f"about once in {grouped(round(round(often / 10**places) * 10**places))}"


def interval(low: float, high: float, *, places: int = 1) -> str:
    """A 95 % interval of a difference, in brackets."""
    return f"(95{PER_CENT} interval {signed(low, places=places)} to {signed(high, places=places)})"
