"""The commands and lines that stand in a page of the manual."""

import re
import shlex
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


def blocks(page: str, kind: str) -> list[str]:
    """The blocks of one kind in a page, such as sh."""
    return [text for found, text in FENCE.findall((DOCS / page).read_text(encoding="utf-8")) if found == kind]


def commands(page: str) -> list[list[str]]:
    """The words of every holdfast command in a page, without the first."""
    lines = [line for block in blocks(page, "sh") for line in block.replace("\\\n", " ").splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("holdfast ")]
