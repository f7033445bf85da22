"""Within and between: a client's better and worse sessions, and clients who differ, kept apart."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats import Above, Estimate, FloatArray, IntArray, MixedFit, MixedSettings, fit_mixed
from holdfast.stats.mixed.sums import code_labels

ROUNDING = 1e-9  # of the largest rating: smaller departures from a mean are the arithmetic's
RELIABLE = 0.8


class Trend(StrEnum):
    """What is done about a course over time: nothing; the alliance less its own line over time in each client; or time
    in the model, with a slope of each client's own."""

    KEPT = "kept"
    FROM_ALLIANCE = "from-alliance"
    IN_MODEL = "in-model"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessModel:
    """What the model allows for. trend: see Trend; own_slopes: clients differ in their within effect; autocorrelation:
    what is left over hangs together from session to session (AR(1); in continuous time if gaps are uneven)."""

    trend: Trend = Trend.KEPT
    own_slopes: bool = False
    autocorrelation: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceShares:
    """Of the variance of the outcome: the share within clients, between clients (of one therapist, if there are any),
    and between therapists (None without them). They add up to 1."""

    within: float
    clients: float
    therapists: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinBetween:
    """Effects are points of outcome per point of alliance, with intervals; freedom: degrees of freedom, by name.

    within: a session in which a client rates higher than usual; between: a client who usually rates higher, against
    other clients (of the same therapist, if therapists are given); contextual: between less within; therapists: a
    therapist whose clients rate higher; therapists_contextual: that less between (None without therapists); time:
    points per step of time, if it is in the model; within_sd: SD over clients of their own within effects, and
    autocorrelation per step of what is left over (None unless asked for). shares: of the variance of the outcome;
    mean_reliability: of the clients' mean alliance, on average; clients, therapist_count, sessions, left_out: what
    was counted; allowed: what the model allows for; model: the fit.
    """

    within: Estimate
    between: Estimate
    contextual: Estimate
    therapists: Estimate | None
    therapists_contextual: Estimate | None
    time: Estimate | None
    within_sd: Estimate | None
    autocorrelation: Estimate | None
    freedom: dict[str, float]
    shares: VarianceShares
    mean_reliability: float
    clients: int
    therapist_count: int
    sessions: int
    left_out: int
    allowed: ProcessModel
    model: MixedFit
    method: str
    doubts: tuple[str, ...]

    @property
    def effects(self) -> dict[str, Estimate]:
        """Every effect there is, by name."""
        names = ("within", "between", "contextual", "therapists", "therapists_contextual", "time")
        return {name: each for name in names if (each := getattr(self, name)) is not None}

    def table(self) -> dict[str, list[str] | list[float]]:
        """One row per effect, in columns: effect, estimate, error, low, high, degrees_of_freedom."""
        found = self.effects
        return {
            "effect": list(found),
            "estimate": [each.value for each in found.values()],
            "error": [each.error for each in found.values()],
            "low": [each.low for each in found.values()],
            "high": [each.high for each in found.values()],
            "degrees_of_freedom": [self.freedom[name] for name in found],
        }

    def summary(self) -> tuple[str, ...]:
        """What was found, a sentence each."""
        said = {
            "within": "Within clients: in a session rated one point higher than the client's usual, the outcome is",
            "between": "Between clients: for a client who usually rates one point higher, the outcome is",
            "contextual": "Contextual (between less within): over and above the session's own rating, it is",
            "therapists": "Between therapists: where clients rate one point higher on average, the outcome is",
            "therapists_contextual": "Contextual of therapists (therapists less clients): it is",
            "time": "Time: per step, the outcome moves by",
        }
        shares = [
            f"{100 * self.shares.within:.0f} % within clients",
            f"{100 * self.shares.clients:.0f} % between clients",
        ]
        if self.shares.therapists is not None:
            shares.append(f"{100 * self.shares.therapists:.0f} % between therapists")
        lines = [f"Of the variance of the outcome {', '.join(shares)}."]
        for name, each in self.effects.items():
            lines.append(f"{said[name]} {each.value:+.3g} ({each.low:+.3g} to {each.high:+.3g}) points.")
        further = {
            "Clients differ in their within effect by an SD of": self.within_sd,
            "What is left over hangs together from one step to the next with a correlation of": self.autocorrelation,
        }
        for words, found in further.items():
            if found is not None:
                known = "interval unknown" if np.isnan(found.low) else f"{found.low:.3g} to {found.high:.3g}"
                lines.append(f"{words} {found.value:.3g} ({known}).")
        return tuple(lines)


def within_between(
    outcome: ArrayLike,
    *,
    alliance: ArrayLike,
    client: ArrayLike,
    therapist: ArrayLike | None = None,
    time: ArrayLike | None = None,
    model: ProcessModel | None = None,
) -> WithinBetween:
    """Fit y = g0 + bw (x - own mean) + bb (own mean - mean over all) + u of the client + e, by REML.

    Rule: with therapists the middle term is split again, own mean less the therapist's mean and that less the mean
    over all, with b of its own, and therapists have their own intercept. Contextual effect: bb - bw. Shares of
    variance are of the same levels without alliance. trend FROM_ALLIANCE takes from x its own least-squares line
    over time in each client; IN_MODEL adds time, with a slope of each client's own; model.own_slopes and
    autocorrelation say what else. 95 % intervals by Student's distribution with Satterthwaite's degrees of freedom.
    Meaning: only the within effect compares a client with themselves, so that steady differences between people cannot
    make it; it is still no proof that the alliance does it, for both may follow from a third thing or from the
    outcome. Sessions without both values are left out and counted.
    Shapes: (n,) each, a row per session; missing is nan. time: in steps; needed for a trend or autocorrelation.
    Raises MethodError, in one sentence, for data in which the effects cannot be told apart.
    Source: Raudenbush & Bryk 2002; Curran & Bauer 2011 (the alliance's own trend); checked against lme4.
    """
    model = model or ProcessModel()
    data = _rows(outcome, alliance, client, therapist, time)
    if data.time is None and (model.trend is not Trend.KEPT or model.autocorrelation):
        raise MethodError("A trend or an autocorrelation needs the time of each session. Give it, or leave them out.")
    own = _mean_of(data.x, data.client)
    moved = data.x - own
    _check_movement(data, own, moved)
    if model.trend is Trend.FROM_ALLIANCE:
        moved = _detrended(moved, data)
    larger = own if data.therapist is None else _mean_of(data.x, data.therapist)
    columns, names = [np.ones_like(moved), moved], ["", "within"]
    if data.therapist is None:
        columns, names = [*columns, own - data.x.mean()], [*names, "between"]
    else:
        columns += [own - larger, larger - data.x.mean()]
        names += ["between", "therapists"]
        _check_levels(own - larger, larger, data.x)
    if model.trend is Trend.IN_MODEL and data.time is not None:
        columns, names = [*columns, data.time - data.time.mean()], [*names, "time"]
    fixed = np.column_stack(columns)
    varying = [0, *([1] if model.own_slopes else []), *([len(names) - 1] if names[-1] == "time" else [])]
    above = None if data.therapist is None else Above(group=data.therapist)
    settings = MixedSettings(time=data.time if model.autocorrelation else None)
    fit = fit_mixed(data.y, fixed=fixed, group=data.client, random=fixed[:, varying], above=above, settings=settings)
    return _result(data, fit, names, above, model)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Data:
    """The rows that have everything; clients and therapists as codes."""

    y: FloatArray
    x: FloatArray
    client: IntArray
    therapist: IntArray | None
    time: FloatArray | None
    left_out: int


def _rows(
    outcome: ArrayLike,
    alliance: ArrayLike,
    client: ArrayLike,
    therapist: ArrayLike | None,
    time: ArrayLike | None,
) -> _Data:
    """Checked and without the rows that lack something."""
    y, x = np.asarray(outcome, dtype=np.float64), np.asarray(alliance, dtype=np.float64)
    given = [np.asarray(each) for each in (client, therapist, time) if each is not None]
    if y.ndim != 1 or any(each.shape != y.shape for each in (x, *given)):
        raise MethodError(
            "Outcome, alliance, clients, therapists and time differ in length. Give one of each a session."
        )
    kept = ~(np.isnan(y) | np.isnan(x))
    when = None if time is None else np.asarray(time, dtype=np.float64)
    if when is not None:
        kept &= ~np.isnan(when)
    if not kept.any():
        raise MethodError("No session has both an alliance and an outcome. Give sessions that have both.")
    clients = code_labels(np.asarray(client)[kept])[1]
    therapists = None if therapist is None else code_labels(np.asarray(therapist)[kept])[1]
    data = _Data(
        y=y[kept],
        x=x[kept],
        client=clients,
        therapist=therapists,
        time=None if when is None else when[kept],
        left_out=int((~kept).sum()),
    )
    _check_people(data)
    return data


def _check_people(data: _Data) -> None:
    """Refuse too few clients or therapists, sessions that stand twice, and clients who change therapist."""
    clients = int(data.client.max()) + 1
    if clients < 3:
        raise MethodError(
            "Clients who have both values: {clients}. Differences between clients take three.", clients=clients
        )
    if data.time is not None:
        pairs = np.unique(np.column_stack([data.client, data.time]), axis=0)
        if len(pairs) < len(data.y):
            raise MethodError("Sessions that stand twice: {count}. Keep one of each.", count=len(data.y) - len(pairs))
    if data.therapist is None:
        return
    if data.therapist.max() == 0:
        raise MethodError("All clients have the same therapist. Leave the therapist out.")
    pairs = np.unique(np.column_stack([data.client, data.therapist]), axis=0)
    if len(pairs) > clients:
        raise MethodError(
            "Clients with more than one therapist: {count}. Give each pair a client name of its own, or "
            "leave the therapist out.",
            count=int((np.bincount(pairs[:, 0]) > 1).sum()),
        )
    if len(np.unique(data.therapist)) == clients:
        raise MethodError("Every therapist has one client, so the two levels are one. Leave the therapist out.")


def _check_movement(data: _Data, own: FloatArray, moved: FloatArray) -> None:
    """Refuse ratings in which nothing moves."""
    least = ROUNDING * max(float(np.abs(data.x).max()), 1e-300)
    if np.ptp(data.y) == 0.0:
        raise MethodError("The outcome is the same in every session. An effect needs an outcome that varies.")
    if np.bincount(data.client).max() == 1:
        raise MethodError("Every client has one session alone. A within effect needs clients with several.")
    if np.abs(moved).max() <= least:
        raise MethodError("Within clients the alliance never changes. A within effect needs ratings that move.")
    if np.ptp(own) <= least:
        raise MethodError("All clients have the same mean alliance. A between effect needs clients who differ.")


def _check_levels(apart: FloatArray, larger: FloatArray, x: FloatArray) -> None:
    """Refuse therapists whose clients do not differ, and therapists who do not."""
    least = ROUNDING * float(np.abs(x).max())
    if np.abs(apart).max() <= least:
        raise MethodError("The clients of one therapist all have the same mean alliance. Leave the therapist out.")
    if np.ptp(larger) <= least:
        raise MethodError("All therapists have the same mean alliance. Leave the therapist out.")


def _mean_of(values: FloatArray, codes: IntArray) -> FloatArray:
    """Each row's group mean (n,)."""
    found: FloatArray = (np.bincount(codes, weights=values) / np.bincount(codes))[codes]
    return found


def _detrended(moved: FloatArray, data: _Data) -> FloatArray:
    """What a line over time in each client leaves over; a client's own mean is 0 already."""
    time = np.zeros_like(moved) if data.time is None else data.time
    when = time - _mean_of(time, data.client)
    squares = np.bincount(data.client, weights=when**2)
    slopes = np.divide(
        np.bincount(data.client, weights=when * moved), squares, out=np.zeros_like(squares), where=squares > 0.0
    )
    left = moved - slopes[data.client] * when
    if np.abs(left).max() <= ROUNDING * float(np.abs(data.x).max()):
        raise MethodError("Within clients the alliance follows time exactly. Keep the trend, or give more sessions.")
    return left


def _result(data: _Data, fit: MixedFit, names: list[str], above: Above | None, model: ProcessModel) -> WithinBetween:
    """The effects by name, the contextual ones, and what limits them."""
    effects = {name: each for name, each in zip(names, fit.fixed, strict=True) if name}
    freedom = {name: each for name, each in zip(names, fit.freedom.tolist(), strict=True) if name}
    place = {name: i for i, name in enumerate(names)}
    for name, plus, minus in (("contextual", "between", "within"), ("therapists_contextual", "therapists", "between")):
        if plus in place:
            weights = np.zeros(len(names))
            weights[place[plus]], weights[place[minus]] = 1.0, -1.0
            effects[name], freedom[name] = fit.combination(weights)
    shares = _shares(data, above)
    reliability = _mean_reliability(data)
    levels = "client and therapist" if above else "client"
    return WithinBetween(
        within=effects["within"],
        between=effects["between"],
        contextual=effects["contextual"],
        therapists=effects.get("therapists"),
        therapists_contextual=effects.get("therapists_contextual"),
        time=effects.get("time"),
        within_sd=fit.groups.sds[1] if model.own_slopes else None,
        autocorrelation=fit.serial,
        freedom=freedom,
        shares=shares,
        mean_reliability=reliability,
        clients=int(data.client.max()) + 1,
        therapist_count=0 if data.therapist is None else int(data.therapist.max()) + 1,
        sessions=len(data.y),
        left_out=data.left_out,
        allowed=model,
        model=fit,
        method=f"within and between, centred on the {levels} mean, REML, trend {model.trend.value}"
        + ", own slopes" * model.own_slopes
        + ", AR(1)" * model.autocorrelation,
        doubts=(*_in_our_words(fit.doubts), *_doubts(reliability, model)),
    )


def _shares(data: _Data, above: Above | None) -> VarianceShares:
    """Shares of the variance of the outcome by level, in the model without alliance."""
    ones = np.ones((len(data.y), 1))
    fit = fit_mixed(data.y, fixed=ones, group=data.client, above=above)
    parts = [fit.residual.value**2, fit.groups.sds[0].value ** 2]
    parts += [fit.above.sds[0].value ** 2] if fit.above else []
    whole = sum(parts)
    return VarianceShares(
        within=parts[0] / whole, clients=parts[1] / whole, therapists=parts[2] / whole if fit.above else None
    )


def _mean_reliability(data: _Data) -> float:
    """lambda = tau^2/(tau^2 + s^2/T) of the clients' mean alliance, averaged over clients; tau and s by ML."""
    settings = MixedSettings(restricted=False)
    fit = fit_mixed(data.x, fixed=np.ones((len(data.x), 1)), group=data.client, settings=settings)
    tau, noise = fit.groups.sds[0].value ** 2, fit.residual.value**2
    return float(np.mean(tau / (tau + noise / np.bincount(data.client))))


def _doubts(reliability: float, model: ProcessModel) -> list[str]:
    """What limits the reading of the effects."""
    found = [
        "An effect within clients says that alliance and outcome move together; it does not say which moves the other."
    ]
    if reliability < RELIABLE:
        found.append(
            f"A client's mean alliance has a reliability of {reliability:.2f} on average, so the between effect is "
            "mixed with the within effect and the contextual effect is pulled towards 0."
        )
    if model.trend is Trend.KEPT:
        found.append(
            "A trend that alliance and outcome share is part of the within effect; look at it without trend too."
        )
    if not model.own_slopes:
        found.append(
            "All clients are taken to have the same within effect; where they differ, its interval is too narrow."
        )
    if not model.autocorrelation:
        found.append(
            "What is left over is taken as new in every session; where it hangs together from one to the next, the "
            "within effect can change. Look at it with autocorrelation too."
        )
    return found


def _in_our_words(doubts: tuple[str, ...]) -> list[str]:
    """The doubts of the model, with its groups called what they are."""
    return [each.replace("larger groups", "therapists").replace("groups", "clients") for each in doubts]
