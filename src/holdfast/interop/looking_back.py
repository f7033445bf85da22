"""Hindsight over a whole table of sessions: how unusual each rating was among all, and which stretches were low."""

from dataclasses import dataclass

import numpy as np

from holdfast.alliance import Prior, Regimes, Rule, detect, hindsight, learn_regimes
from holdfast.interop.looking import blocks
from holdfast.interop.sessions import SessionTable
from holdfast.stats.arrays import FloatArray, IntArray

MOST = 400  # clients from whom the coming and going of stretches is learned, evenly spaced over the table


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBack:
    """Hindsight of each session, arrays (cells,) as in SessionTable.flat; regimes: how stretches come and go."""

    p: FloatArray
    probability: FloatArray
    regimes: Regimes


def look_back(sessions: SessionTable, name: str, *, prior: Prior, rule: Rule) -> LookBack:
    """Look back on every client of a table. Rule, meaning and source: holdfast.alliance.hindsight, learn_regimes."""
    clients = len(sessions.clients)
    chosen = np.unique(np.linspace(0, max(clients - 1, 0), min(clients, MOST)).astype(np.int64))
    learned = learn_regimes(_scores(sessions, name, chosen), prior=prior, steps=_steps(sessions, chosen))
    p, probability = np.full(len(sessions.row_of), np.nan), np.full(len(sessions.row_of), np.nan)
    for members in blocks(sessions.lengths):
        steps = _steps(sessions, members)
        found = hindsight(
            detect(_scores(sessions, name, members), prior=prior, rule=rule, steps=steps), regimes=learned
        )
        places = sessions.places(members)
        inside = places >= 0
        p[places[inside]], probability[places[inside]] = found.p[inside], found.probability[inside]
    return LookBack(p=p, probability=probability, regimes=learned)


def _scores(sessions: SessionTable, name: str, members: IntArray) -> FloatArray:
    return sessions.dense(sessions.flat[name], members)


def _steps(sessions: SessionTable, members: IntArray) -> FloatArray:
    return np.nan_to_num(sessions.dense(sessions.flat_steps, members))
