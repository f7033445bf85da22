"""A summary in words: the one source of the page and of the PDF, so that both say the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.queries import ReadComment
from holdfast.practice.insight.letter import Summary
from holdfast.report import CourseFigure
from holdfast.report.printed import drawn, reads_from_right

SIMULATED = "Simulated: nobody in it is a real person."
NO_FINDING = "An episode is a reason to ask, not a finding about anybody."
CLOSE = (
    "Ratings run from 0 to 100 and come from project items that are not validated. "
    "They show what was answered, and nothing beyond it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a client wrote, from which session, and what was replied."""

    text: str
    place: str
    replies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a summary; what it does not have is empty."""

    heading: str
    figures: tuple[CourseFigure, ...] = ()
    lines: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    items: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    fine: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A whole summary, ready to be shown."""

    eyebrow: str
    title: str
    lead: str
    sections: tuple[Section, ...]
    close: str
    simulated: str

    def on_paper(self) -> dict[str, Any]:
        """The same as data for the template ``letter`` of the PDF."""
        return {
            "lang": "en",
            "rtl": False,
            "eyebrow": self.eyebrow,
            "title": self.title,
            "lead": self.lead,
            "close": self.close,
            "simulated": self.simulated,
            "foot": self.eyebrow,
            "sections": [_on_paper(each) for each in self.sections],
        }


def written(found: Summary, *, reader: str, actor: Membership, at: datetime) -> Written:
    """The chosen parts in words, addressed to whoever reads them."""
    practice, yours = actor.practice, reader == "client"
    return Written(
        eyebrow=f"{practice.name} · {actor.person.name} · {_day(at)}",
        title=_title(found, reader),
        lead=_held(found),
        sections=tuple(_sections(found, yours=yours)),
        close=" ".join((CLOSE, *found.notices)),
        simulated=SIMULATED if practice.is_simulated else "",
    )


def _title(found: Summary, reader: str) -> str:
    if reader == "client":
        return "Our work together"
    return (
        f"Summary of {found.client.code}"
        if reader == "supervision"
        else f"Summary of the work with {found.client.name}"
    )


def _held(found: Summary) -> str:
    if not found.first or not found.last:
        return "No session has been held yet."
    return f"{found.held} session{'s'[: found.held != 1]}, from {_day(found.first)} to {_day(found.last)}."


def _sections(found: Summary, *, yours: bool) -> list[Section]:
    sections = []
    if found.alliance:
        lines = (found.steadiness,) if found.steadiness else ()
        heading = "The relationship, as rated after sessions"
        sections.append(Section(heading=heading, figures=(found.alliance,), lines=lines))
    if found.facets:
        facts = tuple((each.name, f"{each.shown} of 100") for each in found.facets.facets)
        sections.append(Section(heading=f"Its sides in session {found.facets.session}", facts=facts))
    if found.outcomes:
        heading = f"How {'you' if yours else 'they'} have been, as said before sessions"
        sections.append(Section(heading=heading, figures=found.outcomes))
    if found.episodes:
        items = tuple(
            f"From session {each.row.onset_session.number} ({each.kind}): {each.said} {capfirst(each.stands)}."
            for each in found.episodes
        )
        sections.append(Section(heading="Episodes", items=items, fine=NO_FINDING))
    if found.comments:
        heading = f"What {'you' if yours else 'they'} wrote"
        sections.append(Section(heading=heading, quotes=tuple(map(_quote, found.comments))))
    return sections


def _quote(said: ReadComment) -> Quote:
    return Quote(
        text=said.text,
        place=f"(session {said.comment.check_in.session.number})",
        replies=tuple(each.text for each in said.replies),
    )


def _on_paper(section: Section) -> dict[str, Any]:
    return {
        "heading": section.heading,
        "figures": [drawn(each) for each in section.figures],
        "lines": section.lines,
        "facts": section.facts,
        "items": section.items,
        "quotes": [
            {"text": each.text, "rtl": reads_from_right(each.text), "place": each.place, "replies": each.replies}
            for each in section.quotes
        ],
        "fine": section.fine,
    }


def _day(at: datetime) -> str:
    return date_format(localtime(at), "j F Y")
