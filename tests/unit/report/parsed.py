"""Reading markup back: strictly, and for what a policy would refuse."""

import re
from html.parser import HTMLParser
from xml.etree.ElementTree import Element, fromstring

VOID = {"meta", "link", "br", "hr", "input", "img"}
# what a page could fetch by itself
FETCHES = re.compile(r"""(?:src|href|xlink:href|data|action|poster)="(?!#|")|url\((?!"?data:)|@import|https?://""")


def tree(markup: str) -> Element:
    """The markup as a tree; refuses what is not well formed."""
    return fromstring(f"<root>{markup}</root>")  # noqa: S314


def texts(node: Element, name: str) -> list[str]:
    """The text of every element of this name."""
    return ["".join(found.itertext()) for found in node.iter(name)]


class Balance(HTMLParser):
    """Checks that every element that opens closes, and collects ids, anchors and attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []
        self.anchors: set[str] = set()
        self.attributes: set[str] = set()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.anchors |= {(value or "")[1:] for name, value in attrs if name == "href"}
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if not {"script", "style"} & set(self.open):
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))
