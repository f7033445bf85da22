"""Every client: a line in the overview, and a chapter with the courses behind it."""

import math
from collections.abc import Sequence
from dataclasses import replace

from holdfast.alliance import RuptureEpisode
from holdfast.report.block import course_block
from holdfast.report.figure import CourseFigure, Mark, Span, known
from holdfast.report.model import AllianceStudy, CaseloadReport, ClientCourse, OutcomeStudy
from holdfast.report.noticed import noticed_list
from holdfast.report.phrases import (
    alliance_summary,
    called,
    change_name,
    episode_words,
    episodes_gist,
    gist,
    mark_words,
    outcome_summary,
    span_words,
)
from holdfast.report.small import spark
from holdfast.report.tally import pair_of
from holdfast.report.words import count, number, safe

MANY = 12  # beyond this the chapters are closed, and beyond five times as many the overview is, too


def overview(report: CaseloadReport) -> str:
    """One line for each client, in the order of the input; the name leads to the chapter."""
    if not report.clients:
        return ""
    heads = ["Client", "Sessions"]
    heads += [_title(report.alliance.name), "Episodes"] if report.alliance else []
    heads += [_title(report.outcome.name), "From first to last"] if report.outcome else []
    head = "".join(f'<th scope="col">{safe(name)}</th>' for name in heads)
    rows = "".join(_line(report, index, client) for index, client in enumerate(report.clients))
    table = (
        '<div class="scroll" tabindex="0" role="region" aria-label="All clients, one line each"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
    if len(report.clients) > 5 * MANY:
        table = f'<details class="all"><summary>{count(len(report.clients), "client")}</summary>{table}</details>'
    return (
        '<section class="overview" aria-labelledby="overview"><h2 id="overview">The caseload at a glance</h2>'
        '<p class="small soft">In the order of the file. The small lines show the whole course'
        f"{'; a dot in them is a session with a signal' if report.alliance else ''}.</p>{table}</section>"
    )


def _line(report: CaseloadReport, index: int, client: ClientCourse) -> str:
    """One client in one row."""
    who = f'<th scope="row" class="who"><a href="#c{index}">{safe(called(client))}</a></th>'
    cells = f"{who}<td>{len(client.sessions)}</td>"
    if report.alliance:
        marked = [at for at, signal in enumerate(client.signals) if signal]
        cells += f"<td>{spark(client.alliance, marked=marked)} {_last(client.alliance)}</td>"
        cells += f"<td>{episodes_gist(client) if client.episodes else ''}</td>"
    if report.outcome:
        pair = pair_of(client)
        change = change_name(pair.category) if pair else "fewer than two scores"
        arrow = f"{number(pair.first)} \N{RIGHTWARDS ARROW} {number(pair.last)}" if pair else _last(client.outcome)
        cells += f'<td>{spark(client.outcome)} {arrow}</td><td class="words">{change}</td>'
    return f"<tr>{cells}</tr>"


def _last(series: Sequence[float]) -> str:
    """The last number there is."""
    rated = known(series)
    return number(series[rated[-1]]) if rated else ""


def chapters(report: CaseloadReport) -> str:
    """A chapter for each client; closed when there are many, opened by the links that lead to them."""
    if not report.clients:
        return ""
    is_open = " open" if len(report.clients) <= MANY else ""
    each = "".join(_chapter(report, index, client, is_open) for index, client in enumerate(report.clients))
    return (
        '<section aria-labelledby="clients"><h2 id="clients">Each client</h2>'
        f'<p class="small soft">{_how_to_read(report)}</p>{_tools()}{each}</section>'
    )


def _tools() -> str:
    """Two buttons that appear once the script runs."""
    return (
        '<p class="row tools"><button type="button" class="link" data-open-all="yes" hidden>Open all</button> '
        '<button type="button" class="link" data-open-all="no" hidden>Close all</button></p>'
    )


def _how_to_read(report: CaseloadReport) -> str:
    """The signs of the drawings, once for all."""
    said = ["Dots are scores; a gap in the line is a session without one."]
    if report.alliance:
        said.append(
            "Shaded: where the client's own history leads one to expect the rating. A diamond asks to be noticed."
        )
        if any(len(client.predicted) for client in report.clients):
            said.append("A small dash is the therapist's guess of the rating.")
        said += list(report.trust.priors.values())[:1] if report.trust else []
    elif report.outcome:
        said.append("Shaded: where the client's own earlier scores lead one to expect the next.")
    if report.alliance and report.outcome and report.outcome.reliable_points is not None:
        said.append(f"In {report.outcome.name}, shaded: within measurement error of the first score.")
    return safe(" ".join(said))


def _chapter(report: CaseloadReport, index: int, client: ClientCourse, is_open: str) -> str:
    """One client's courses, one above the other on the same sessions, and the episodes in words."""
    named = _title(report.session_name)
    inside = _block(report.alliance.name, _alliance(client, report.alliance, index, named)) if report.alliance else ""
    if report.alliance:
        inside += noticed_list(client, report.alliance, report.trust, at=report.session_name)
    inside += _episodes(client)
    if report.outcome:
        figure = _outcome(client, report.outcome, index, named)
        inside += _block(report.outcome.name, figure if report.alliance else _with_expected_range(figure, client))
    return (
        f'<details class="client"{is_open}><summary><h3>{safe(called(client))}</h3>'
        f'<span class="gist">{safe(gist(client, report.outcome))}</span></summary>'
        f'<div class="inside target" id="c{index}">{inside}</div></details>'
    )


def _block(heading: str, figure: CourseFigure) -> str:
    """A heading and its figure."""
    return f"<div><h4>{safe(_title(heading))}</h4>{course_block(figure, with_key=False)}</div>"


def _episodes(client: ClientCourse) -> str:
    """The rupture episodes in words."""
    said = "".join(f"<li>{safe(episode_words(found, client))}</li>" for found in client.episodes)
    return f'<ul class="small ruptures">{said}</ul>' if said else ""


def _alliance(client: ClientCourse, study: AllianceStudy, index: int, session_name: str) -> CourseFigure:
    return CourseFigure(
        session_name=session_name,
        name=f"a{index}",
        title=f"{_title(study.name)}, {called(client)}",
        summary=alliance_summary(client),
        sessions=[str(label) for label in client.sessions],
        values=_series(client.alliance, client),
        low=[max(end, study.low) for end in client.low],
        high=[min(end, study.high) for end in client.high],
        predicted=client.predicted,
        predicted_name="Guessed",
        marks=[Mark(index=at, words=words) for at, words in mark_words(client).items()],
        spans=[_span(found, len(client.sessions)) for found in client.episodes],
        unit=f"From {number(study.low)} to {number(study.high)}",
        higher_is="better",
        height=220,
    )


def _span(found: RuptureEpisode, sessions: int) -> Span:
    """From the onset to the end, or to the last session while the episode is open."""
    last = sessions - 1 if found.end is None else found.end
    return Span(first=found.onset, last=max(found.onset, last), words=span_words(found))


def _outcome(client: ClientCourse, study: OutcomeStudy, index: int, session_name: str) -> CourseFigure:
    low, high = _error_band(client, study)
    return CourseFigure(
        session_name=session_name,
        name=f"o{index}",
        title=f"{_title(study.name)}, {called(client)}",
        summary=outcome_summary(client, study, at=session_name.lower()),
        sessions=[str(label) for label in client.sessions],
        values=_series(client.outcome, client),
        low=low,
        high=high,
        value_name="Score",
        range_name="Within error",
        higher_is=study.higher_is,
        height=180,
    )


def _with_expected_range(figure: CourseFigure, client: ClientCourse) -> CourseFigure:
    """Where no alliance was rated, the range is what the client's own earlier scores lead one to expect."""
    return replace(figure, low=client.low, high=client.high, range_name="Expected")


def _error_band(client: ClientCourse, study: OutcomeStudy) -> tuple[list[float], list[float]]:
    """From the second score on: the first score and what measurement error allows around it."""
    scored = known(client.outcome)
    if study.reliable_points is None or len(scored) < 2:
        return [], []
    first, reach = float(client.outcome[scored[0]]), study.reliable_points
    before = [math.nan] * scored[1]
    after = len(client.sessions) - scored[1]
    return [*before, *[first - reach] * after], [*before, *[first + reach] * after]


def _series(series: Sequence[float], client: ClientCourse) -> Sequence[float]:
    """The series, or as many missing numbers where there is none."""
    return series if len(series) else [math.nan] * len(client.sessions)


def _title(name: str) -> str:
    """A name with a capital, as a heading."""
    return name[:1].upper() + name[1:]
