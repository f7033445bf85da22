"""First against last outcome score of every client of a table, and which changes are more than measurement error."""

import numpy as np

from holdfast.interop.sessions import SessionTable
from holdfast.outcome import ReliableChange, reliable_change
from holdfast.report.model import OutcomeStudy
from holdfast.report.request import OUTCOME, ReportRequest
from holdfast.stats.arrays import FloatArray

FEWEST_PAIRS = 20


def outcome_of(sessions: SessionTable, request: ReportRequest) -> tuple[OutcomeStudy, ReliableChange | None]:
    """How the outcome was looked at, and each client's change if it can be computed."""
    scores = sessions.scores[OUTCOME]
    first, second, last = _ends(scores)
    reliability, source, doubts = _reliability(first, second, request.reliability)
    both = ~np.isnan(last)
    sd = float(np.std(first[both], ddof=1)) if both.sum() > 1 else 0.0
    if reliability is None or sd == 0.0:
        if reliability is not None:
            doubts = ("Reliable change is not computed: the first scores of this file do not differ.",)
        nothing = OutcomeStudy(name=request.outcome, column=request.outcome, higher_is=request.higher_is, doubts=doubts)
        return nothing, None
    change = reliable_change(first, last, sd=sd, reliability=reliability, higher_is=request.higher_is)
    study = OutcomeStudy(
        name=request.outcome,
        column=request.outcome,
        higher_is=request.higher_is,
        sd=sd,
        sd_source=f"first scores of the {int(both.sum())} clients with two or more",
        reliability=reliability,
        reliability_source=source,
        reliable_points=change.reliable_points,
        doubts=(*doubts, *change.doubts),
    )
    return study, change


def _ends(scores: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Each client's first, second and last score; second and last are nan with fewer than two."""
    clients, columns = scores.shape
    if not columns:
        nothing = np.full(clients, np.nan)
        return nothing, nothing, nothing
    seen = ~np.isnan(scores)
    rank = np.cumsum(seen, axis=1)
    each = np.arange(clients)
    several = rank[:, -1] >= 2
    first = scores[each, np.argmax(seen, axis=1)]
    second = np.where(several, scores[each, np.argmax(rank == 2, axis=1)], np.nan)
    last = np.where(several, scores[each, columns - 1 - np.argmax(seen[:, ::-1], axis=1)], np.nan)
    return first, second, last


def _reliability(
    first: FloatArray, second: FloatArray, given: float | None
) -> tuple[float | None, str, tuple[str, ...]]:
    """The reliability as given, or the correlation of first and second scores; None, with the reason, if neither."""
    if given is not None:
        return given, "as given", ()
    both = ~np.isnan(second)
    pairs = int(both.sum())
    if pairs < FEWEST_PAIRS:
        why = f"no reliability was given, and {pairs} clients with two scores are too few to estimate one"
        return None, "", (f"Reliable change is not computed: {why} (at least {FEWEST_PAIRS}).",)
    if np.ptp(first[both]) == 0.0 or np.ptp(second[both]) == 0.0:
        return None, "", ("Reliable change is not computed: no reliability was given, and scores do not differ.",)
    found = float(np.corrcoef(first[both], second[both])[0, 1])
    if not 0.0 < found < 1.0:
        why = f"no reliability was given, and first and second scores correlate {found:.2f}"
        return None, "", (f"Reliable change is not computed: {why}.",)
    doubt = (
        f"No reliability was given; {found:.2f}, the correlation of first and second scores of {pairs} clients, stands "
        "for it. It counts real early change as error, so fewer changes are called reliable."
    )
    return found, "first and second scores of this file", (doubt,)
