"""Congruence of two raters: truth and bias, with the client's rating as the truth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.pair.ratings import doublings, dyads_of, own_mean, own_values, same_sessions
from holdfast.errors import MethodError
from holdfast.stats import Estimate, MixedFit, MixedSettings, fit_mixed
from holdfast.stats.arrays import FloatArray, freeze

RELIABILITIES = (0.6, 0.7, 0.8, 0.9)
FEW_SESSIONS = 5
UNEQUAL = 1.5
ROUNDING = 1e-9  # of the largest rating: smaller departures from a mean are the arithmetic's


@dataclass(frozen=True, slots=True, kw_only=True)
class Congruence:
    """How far the therapist's ratings lie from the client's, and how far they move with them; arrays are read only.

    directional_discrepancy: points by which the therapist rates above (below 0: under) the client, for the average
    dyad; temporal_congruence: points by which the therapist's rating moves when the client's moves by one, within a
    dyad; bias_force: points carried over from the therapist's previous rating, and rise: change of the congruence per
    doubling of the session number (None unless asked for); discrepancy_sd, congruence_sd: how much dyads differ, and
    correlation of the two over dyads; own_* (N,): each dyad's, shrunken, with errors (nan without a shared session);
    within_correlation: pooled over dyads; client_sd, therapist_sd: SD within dyads; centring_sd: the part of
    discrepancy_sd that centring on the observed mean alone would give; implied: reliability of the client's changes
    -> congruence if that were it; sessions (N,): rated by both; model: the fit behind it.
    """

    directional_discrepancy: Estimate
    temporal_congruence: Estimate
    bias_force: Estimate | None
    rise: Estimate | None
    discrepancy_sd: Estimate
    congruence_sd: Estimate
    correlation: float
    own_discrepancy: FloatArray
    own_discrepancy_error: FloatArray
    own_congruence: FloatArray
    own_congruence_error: FloatArray
    sessions: np.ndarray
    within_correlation: float
    client_sd: float
    therapist_sd: float
    centring_sd: float
    implied: dict[float, Estimate]
    model: MixedFit
    method: str
    doubts: tuple[str, ...]


def congruence(
    client: ArrayLike, *, therapist: ArrayLike, bias_force: bool = False, rise: bool = False, confidence: float = 0.95
) -> Congruence:
    """Fit J* = b0_i + b1_i T* + e: T* and J* are client's and therapist's ratings less the client's mean in the dyad.

    Rule: b0_i and b1_i random and correlated over dyads, REML. bias_force adds b2 J* of the session before (a session
    without it is left out); rise adds log2(session) and its product with T*, centred on its mean, so b1 is the
    congruence halfway. Only sessions that both rated count.
    Meaning: discrepancy says who rates higher, congruence whether the two notice the same sessions as better or worse.
    Neither is a grade: a dyad may be congruent and apart, or level and out of step.
    Shapes: both (N, T), missing nan. Raises MethodError for other shapes, or ratings too few or too even to fit.
    Source: West & Kenny 2011; Atzil-Slonim et al. 2015 (client and therapist).
    """
    t, j = same_sessions(client, therapist)
    mean = own_mean(t)
    truth, judgement = t - mean, j - mean
    within = _pooled(truth), _pooled(judgement - own_mean(judgement))
    least = ROUNDING * max(float(np.nanmax(np.abs(t), initial=0.0)), float(np.nanmax(np.abs(j), initial=0.0)))
    if not (within[0] > least and within[1] > least):
        raise MethodError("Within dyads the ratings of one rater never change. Congruence is about changes.")
    before = np.hstack([np.full((len(t), 1), np.nan), judgement[:, :-1]]) if bias_force else np.zeros_like(t)
    used = ~(np.isnan(truth) | np.isnan(before))
    session = doublings(t)
    session = session - session[used].mean() if used.any() else session
    names = ["discrepancy", "congruence"]
    columns = [np.ones_like(t), truth]
    if bias_force:
        names, columns = [*names, "bias"], [*columns, before]
    if rise:
        names, columns = [*names, "session", "rise"], [*columns, session, session * truth]
    flat = np.stack([each[used] for each in columns], axis=-1)
    settings = MixedSettings(confidence=confidence)
    fit = fit_mixed(judgement[used], fixed=flat, random=flat[:, :2], group=dyads_of(t)[used], settings=settings)
    effects = dict(zip(names, fit.fixed, strict=True))
    own = [own_values(fit, len(t), column) for column in (0, 1)]
    sessions, slope = np.sum(used, axis=1), effects["congruence"]
    noise = np.sum((truth**2), axis=1, where=~np.isnan(truth)) / np.maximum((np.sum(~np.isnan(truth), axis=1) - 1), 1)
    centring = abs(1.0 - slope.value) * float(np.sqrt(np.mean((noise / np.maximum(sessions, 1))[sessions > 1])))
    return Congruence(
        directional_discrepancy=effects["discrepancy"],
        temporal_congruence=slope,
        bias_force=effects.get("bias"),
        rise=effects.get("rise"),
        discrepancy_sd=fit.groups.sds[0],
        congruence_sd=fit.groups.sds[1],
        correlation=float(fit.groups.correlations[0, 1]),
        own_discrepancy=own[0][0],
        own_discrepancy_error=own[0][1],
        own_congruence=own[1][0],
        own_congruence_error=own[1][1],
        sessions=freeze(sessions),
        within_correlation=_correlation(truth, judgement - own_mean(judgement)),
        client_sd=within[0],
        therapist_sd=within[1],
        centring_sd=centring,
        implied={share: slope.times(1.0 / share) for share in RELIABILITIES},
        model=fit,
        method="truth and bias, client as truth, random intercept and slope, REML",
        doubts=(*fit.doubts, *_doubts(sessions, within, bias_force=bias_force)),
    )


def _pooled(departures: FloatArray) -> float:
    """The SD within dyads: squares over sessions less one per dyad; 0 when there are none."""
    seen = ~np.isnan(departures)
    freedom = int(np.maximum(seen.sum(axis=1) - 1, 0).sum())
    return float(np.sqrt(np.sum(departures[seen] ** 2) / freedom)) if freedom else 0.0


def _correlation(a: FloatArray, b: FloatArray) -> float:
    """The pooled correlation within dyads."""
    return float(np.nansum(a * b) / np.sqrt(np.nansum(a * a) * np.nansum(b * b)))


def _doubts(sessions: np.ndarray, within: tuple[float, float], *, bias_force: bool) -> tuple[str, ...]:
    """What limits the reading of the figures."""
    found = [
        "The client's own changes are measured with error, which pulls the congruence towards 0; beside it stands what "
        "it would be at several reliabilities."
    ]
    rated = sessions[sessions > 0]
    if np.median(rated) < FEW_SESSIONS:
        found.append(
            f"Half of the dyads have fewer than {FEW_SESSIONS} sessions that both rated: their own values rest on the "
            "other dyads more than on themselves."
        )
    found.append(
        "Ratings are centred on the mean that was observed, not on the client's true level: the congruence is not "
        "moved by this, but dyads seem to differ somewhat more in their discrepancy than they do."
    )
    ratio = within[1] / within[0]
    if not 1.0 / UNEQUAL <= ratio <= UNEQUAL:
        found.append(
            f"The therapists' ratings move {ratio:.2f} times as much as the clients' within a dyad, so the congruence "
            "is not a correlation; the correlation stands beside it."
        )
    if bias_force:
        found.append(
            "The therapist's previous rating also carries the dyad's own level, which a short series cannot take "
            "apart: in simulation a bias force of .30 came out too high by .48 with 5 sessions per dyad, by .01 with "
            "10, and the discrepancy is then not to be relied on."
        )
    return tuple(found)
