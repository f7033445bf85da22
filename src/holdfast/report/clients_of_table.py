"""Each client of a table: the own sessions, cut out of the flat arrays, and what there is to say of them."""

from collections.abc import Mapping

import numpy as np

from holdfast.alliance import RuptureEpisode
from holdfast.alliance.signals import Direction, Way
from holdfast.interop.checking import Range
from holdfast.interop.listening import Heard
from holdfast.interop.looking import SIGNALS, Finding
from holdfast.interop.sessions import SessionTable
from holdfast.outcome import ReliableChange
from holdfast.report.model import ClientCourse, Noticed
from holdfast.report.request import OUTCOME, SCORE
from holdfast.stats.arrays import BoolArray, FloatArray

WHO = {"client_tension": "client", "therapist_tension": "therapist"}
WAY_OF = {"client_tension": "client_way", "therapist_tension": "therapist_way"}


def clients_of(
    sessions: SessionTable,
    finding: Finding,
    *,
    change: ReliableChange | None,
    extent: Range,
    heard: Heard | None = None,
) -> list[ClientCourse]:
    """Every client in the order of the table; ruptures only where the alliance was heard."""
    episodes: dict[int, list[RuptureEpisode]] = {}
    for each in finding.episodes if heard else ():
        episodes.setdefault(each.row, []).append(each)
    courses = []
    for index, client in enumerate(sessions.clients):
        own = slice(int(sessions.start[index]), int(sessions.start[index + 1]))
        courses.append(
            ClientCourse(
                id=client,
                sessions=sessions.labels(index),
                alliance=sessions.flat[SCORE][own].tolist() if heard else (),
                low=finding.low[own].clip(*extent).tolist(),
                high=finding.high[own].clip(*extent).tolist(),
                predicted=sessions.flat["predicted"][own].tolist() if "predicted" in sessions.flat else (),
                signals=[SIGNALS[code] for code in finding.signal[own]] if heard else (),
                noticed=_noticed(sessions, heard, own) if heard else (),
                tension=_tension(sessions, heard, own) if heard else (),
                talk=np.flatnonzero(heard.talk[own]).tolist() if heard else (),
                episodes=episodes.get(index, ()),
                outcome=sessions.flat[OUTCOME][own].tolist(),
                category=str(change.category[index]) if change else "",
            )
        )
    return courses


def _noticed(sessions: SessionTable, heard: Heard, own: slice) -> list[Noticed]:
    """The sessions with a signal of any kind."""
    kinds = {kind: found[own] for kind, found in heard.kinds.items()}
    finding, together = heard.findings[SCORE], len(sessions.flat) > 2  # more than outcome and rating
    said = []
    for at in np.flatnonzero(finding.signal[own]).tolist():
        cell = own.start + at
        said.append(
            Noticed(
                index=at,
                kinds=[kind for kind, found in kinds.items() if found[at]],
                p=float(finding.p[cell]),
                together=float(heard.together[cell]) if together else float("nan"),
                reported=_reported(sessions.flat, cell),
                direction=Direction(int(heard.direction[cell])),
            )
        )
    return said


def _reported(flat: Mapping[str, FloatArray], cell: int) -> dict[str, Way]:
    """Who reported tension in a session, and which way it went as far as that was said."""
    return {
        who: _way(flat.get(WAY_OF[name]), cell) for name, who in WHO.items() if name in flat and flat[name][cell] > 0.0
    }


def _way(ways: FloatArray | None, cell: int) -> Way:
    """The way behind a number; none for a number that stands for none."""
    code = 0.0 if ways is None else float(np.nan_to_num(ways[cell]))
    return Way(int(code)) if code in list(Way) else Way.NONE


def _tension(sessions: SessionTable, heard: Heard, own: slice) -> list[int]:
    """The sessions in which tension was reported and nothing is a signal."""
    reports: list[BoolArray] = [sessions.flat[name][own] > 0.0 for name in WHO if name in sessions.flat]
    if not reports:
        return []
    return np.flatnonzero(np.any(reports, axis=0) & (heard.findings[SCORE].signal[own] == 0)).tolist()
