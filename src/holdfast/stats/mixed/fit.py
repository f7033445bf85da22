"""A linear mixed model of groups, which may lie in larger ones: what is shared, how groups differ, each one's own."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, freeze
from holdfast.stats.estimate import Estimate
from holdfast.stats.mixed.design import Columns, Design, make_design
from holdfast.stats.mixed.factors import Departures, departures
from holdfast.stats.mixed.intervals import combined, component_intervals, covariance_slopes, is_singular, uncertainty
from holdfast.stats.mixed.search import Found, search
from holdfast.stats.mixed.serial import most_likely, serial_order, whiten
from holdfast.stats.mixed.sums import GroupSums, code_labels, sum_groups

FEW_GROUPS = 10
AT_EDGE = 1e-4  # a relative SD below this, or a correlation this close to 1, is at the edge of what can be
DEVIANCE = {True: "REML", False: "ML"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedSettings:
    """restricted: REML, else maximum likelihood; confidence: of every interval; time (n,): when each row was, for
    errors that hang together as rho^gap within a group (AR(1); continuous-time AR(1) if a gap is no whole number)."""

    restricted: bool = True
    confidence: float = 0.95
    time: ArrayLike | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """Larger groups in which the groups lie: the name of each row's (n,), and their random columns (n, k), ones if not
    given."""

    group: ArrayLike
    random: ArrayLike | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """How the groups of one level differ. G groups, k random columns; arrays are read only.

    sds: SD of each random column over groups; correlations (k, k); names (G,); own (G, k): each group's departure from
    the shared coefficients, shrunken (BLUP); own_sd (G, k): its conditional SD, with the shared coefficients and
    variances taken as known; own_covariance (G, k, k); from_fixed (G, k, p): how it leans on the coefficients.
    """

    sds: tuple[Estimate, ...]
    correlations: FloatArray
    names: np.ndarray
    own: FloatArray
    own_sd: FloatArray
    own_covariance: FloatArray
    from_fixed: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedFit:
    """One fitted model with p fixed columns; arrays are read only.

    fixed: the shared coefficients with standard error and interval by Student's distribution; freedom (p,): its
    degrees of freedom (Satterthwaite); covariance (p, p): theirs; groups and above: how groups and larger groups
    differ; residual: SD within groups; serial: autocorrelation per unit of time, if asked for; log_likelihood:
    restricted if restricted; singular: a variance of 0 or a correlation of 1 fits best; method, doubts. design and
    found: the sums and the end of the search, for profile intervals.
    """

    fixed: tuple[Estimate, ...]
    freedom: FloatArray
    covariance: FloatArray
    groups: Differences
    above: Differences | None
    residual: Estimate
    serial: Estimate | None
    log_likelihood: float
    restricted: bool
    parameters: int
    rows: int
    left_out: int
    singular: bool
    method: str
    doubts: tuple[str, ...]
    confidence: float
    design: Design = field(repr=False)
    found: Found = field(repr=False)

    @property
    def aic(self) -> float:
        """-2 log-likelihood + 2 parameters; of a restricted fit, comparable only for the same fixed columns."""
        return 2.0 * self.parameters - 2.0 * self.log_likelihood

    def coefficient(self, *, random: int, fixed: int) -> tuple[FloatArray, FloatArray]:
        """Each group's own coefficient, shared plus departure, and its standard error (G,), (G,).

        Rule: the error counts both the shared coefficient's and the departure's, and how they hang together
        (Henderson's mixed model equations); the variances are taken as known. Larger groups' departures are not in it.
        """
        c, h = self.covariance, self.groups.from_fixed[:, random, :]
        variance = c[fixed, fixed] - 2.0 * h @ c[fixed] + self.groups.own_covariance[:, random, random]
        variance = variance + np.einsum("gp,pq,gq->g", h, c, h)
        return self.fixed[fixed].value + self.groups.own[:, random], np.sqrt(np.maximum(variance, 0.0))

    def combination(self, weights: ArrayLike) -> tuple[Estimate, float]:
        """A weighted sum of the shared coefficients with its interval, and its degrees of freedom (Satterthwaite)."""
        given = np.asarray(weights, dtype=np.float64)
        value = float(given @ np.array([each.value for each in self.fixed]))
        slopes = covariance_slopes(self.found, self.design)
        return combined(given, value, self.covariance, slopes, uncertainty(self.found), self.confidence)


def fit_mixed(
    y: ArrayLike,
    *,
    fixed: ArrayLike,
    group: ArrayLike,
    random: ArrayLike | None = None,
    above: Above | None = None,
    settings: MixedSettings | None = None,
) -> MixedFit:
    """Fit y = X b + Z u + W v + e: u ~ N(0, s^2 L L') per group, v alike per larger group, e ~ N(0, s^2).

    The rows are summed once (sum_groups), then fit_sums does the work; see there for rule, meaning and source.
    Shapes: y and group (n,), fixed (n, p), random (n, k), one column of ones if not given; rows with nan are left out.
    Raises MethodError for other shapes, for columns that repeat each other, for too few rows, and for no scatter.
    """
    target, x, labels = np.asarray(y, dtype=np.float64), np.asarray(fixed, dtype=np.float64), np.asarray(group)
    if target.ndim != 1 or x.ndim != 2 or labels.shape != target.shape or len(x) != len(target):
        raise MethodError("Values, columns and groups differ in shape. Give one row of each for every value.")
    columns = [*x.T]
    chosen = []
    for wanted in (random, above.random if above else np.zeros((len(target), 0))):
        z = np.ones((len(target), 1)) if wanted is None else np.asarray(wanted, dtype=np.float64)
        if z.ndim != 2 or len(z) != len(target):
            raise MethodError("The random columns have {rows} rows. Give one for every value.", rows=len(z))
        chosen.append(tuple(_place(columns, column) for column in z.T))
    named = Columns(response=len(columns), fixed=tuple(range(x.shape[1])), random=chosen[0], above=chosen[1])
    rows, larger = np.column_stack([*columns, target]), above.group if above else None
    if settings is None or settings.time is None:
        return fit_sums(sum_groups(rows, group=labels, above=larger), named, settings=settings)
    return _fit_serial(rows, labels, None if larger is None else np.asarray(larger), named, settings)


def _fit_serial(
    rows: FloatArray, group: np.ndarray, above: np.ndarray | None, columns: Columns, settings: MixedSettings
) -> MixedFit:
    """The same model on rows made free of their autocorrelation; the likelihood says which that is.

    Rule: the deviance, least over everything else, is looked through for rho; its interval is from the curvature, on
    Fisher's z. Degrees of freedom and errors of everything else take rho as known.
    """
    time = np.asarray(settings.time, dtype=np.float64)
    if time.shape != group.shape:
        raise MethodError("The times have another length than the values. Give one for every value.")
    kept = ~(np.isnan(rows).any(axis=1) | np.isnan(time))
    if not kept.any():
        raise MethodError("No row has all its values. A model needs some that do.")
    serial = serial_order(code_labels(group[kept])[1], time[kept])
    ordered, labels = rows[kept][serial.order], group[kept][serial.order]
    larger = None if above is None else above[kept][serial.order]
    plain = MixedSettings(restricted=settings.restricted, confidence=settings.confidence)

    def fit_at(rho: float) -> MixedFit:
        white, logs = whiten(ordered, serial, rho)
        fit = fit_sums(sum_groups(white, group=labels, above=larger), columns, settings=plain)
        return replace(fit, log_likelihood=fit.log_likelihood - logs / 2.0)

    rho, error = most_likely(lambda at: -2.0 * fit_at(at).log_likelihood, serial.lowest)
    fit, z = fit_at(rho), float(np.arctanh(rho))
    half = float(ndtri((1.0 + settings.confidence) / 2.0)) * error
    return replace(
        fit,
        serial=Estimate(
            value=rho, error=error * (1.0 - rho**2), low=float(np.tanh(z - half)), high=float(np.tanh(z + half))
        ),
        parameters=fit.parameters + 1,
        left_out=int((~kept).sum()),
        method=f"{fit.method}, AR(1)",
    )


def _place(columns: list[FloatArray], wanted: FloatArray) -> int:
    """Where this column stands among the columns; added if it is not among them."""
    for place, each in enumerate(columns):
        if np.array_equal(each, wanted, equal_nan=True):
            return place
    columns.append(wanted)
    return len(columns) - 1


def fit_sums(sums: GroupSums, columns: Columns, *, settings: MixedSettings | None = None) -> MixedFit:
    """Fit the model to the sums of its groups, by REML or maximum likelihood; no row is needed any more.

    Rule: the exact likelihood, profiled over b and s, is maximised over the lower triangular L of both levels
    (diagonal 0 or more) with its analytic gradient; each group enters by its small cross-products alone, so a fit
    costs the same for 4 rows a group and for 400.
    Meaning: fixed coefficients hold for the average group; own ones say how far a group departs, pulled towards the
    average as far as it has little to say for itself. Standard errors are sqrt(diag(s^2 (X'V^-1X)^-1)), intervals by
    Student's distribution with Satterthwaite's degrees of freedom; intervals of SDs are asymptotic, on the logarithm,
    and unknown (nan) at the edge. Raises MethodError as fit_mixed does.
    Source: Laird & Ware 1982; Bates et al. 2015, J Stat Softw 67(1) (the parametrisation); checked against lme4.
    """
    settings = settings or MixedSettings()
    if not 0.0 < settings.confidence < 1.0:
        raise MethodError("The confidence is {confidence}. It lies between 0 and 1.", confidence=settings.confidence)
    groups = len(sums.names)
    if groups < 2:
        raise MethodError("There is one group alone. How groups differ takes two or more.")
    if columns.above and (sums.above is None or len(np.unique(sums.above)) < 2):
        raise MethodError("There is one larger group alone. Leave that level out, or give groups of two or more.")
    design = make_design(sums, columns)
    try:
        with np.errstate(all="ignore"):
            made = _fit(sums, design, search(design, restricted=settings.restricted), settings)
    except (ZeroDivisionError, np.linalg.LinAlgError):
        made = None
    least = 1e-6 * float(np.sqrt(design.rest))  # what is left then is the arithmetic's
    if made is None or not (np.isfinite(made.log_likelihood) and made.residual.value > least):
        raise MethodError(
            "Within their groups the values follow the columns exactly. A mixed model needs some scatter."
        )
    return made


def _fit(sums: GroupSums, design: Design, found: Found, settings: MixedSettings) -> MixedFit:
    """The result in the units that were given."""
    at, p = found.at, design.fixed
    covariance = at.variance * design.back @ at.inverse @ design.back.T
    beta = design.start + design.back @ at.shift
    half = float(ndtri((1.0 + settings.confidence) / 2.0))
    singular = is_singular(found.factors, edge=AT_EDGE)
    inner, outer, residual = component_intervals(
        found, design, half=half, restricted=settings.restricted, singular=singular
    )
    slopes, known = covariance_slopes(found, design), uncertainty(found)
    fixed, freedom = zip(
        *(
            combined(unit, float(value), covariance, slopes, known, settings.confidence)
            for unit, value in zip(np.eye(p), beta, strict=True)
        ),
        strict=True,
    )
    own, own_above = departures(design, found.factors, at.shift)
    lengths = 1.0 / design.scale
    above = None
    if design.outer:
        lengths_above = lengths[list(design.outer)]
        above = _differences(
            outer, found.factors.outer, own_above, design.above_names, lengths_above, (design, at.variance)
        )
    lengths = lengths[list(design.inner)]
    numbers = len(found.hessian)
    constant = design.constant if settings.restricted else 0.0
    k, q = len(design.inner), len(design.outer)
    return MixedFit(
        fixed=fixed,
        freedom=freeze(np.array(freedom)),
        covariance=freeze(covariance),
        groups=_differences(inner, found.factors.inner, own, design.names, lengths, (design, at.variance)),
        above=above,
        residual=residual,
        serial=None,
        log_likelihood=-(at.deviance + constant) / 2.0,
        restricted=settings.restricted,
        parameters=p + numbers,
        rows=sums.rows,
        left_out=sums.left_out,
        singular=singular,
        method=f"linear mixed model, {DEVIANCE[settings.restricted]}, {k} random column{'s' * (k > 1)}"
        + (f", {q} above" if q else ""),
        doubts=_doubts(design, singular=singular, converged=found.converged),
        confidence=settings.confidence,
        design=design,
        found=found,
    )


def _differences(
    sds: list[Estimate],
    factor: FloatArray,
    own: Departures,
    names: np.ndarray,
    lengths: FloatArray,
    scaled: tuple[Design, float],
) -> Differences:
    """One level in the units that were given; scaled: the design, and s^2."""
    design, variance = scaled
    within = factor @ factor.T
    relative = np.sqrt(np.diag(within))
    conditional = variance * own.conditional * np.outer(lengths, lengths)
    return Differences(
        sds=tuple(each.times(float(length)) for each, length in zip(sds, lengths, strict=True)),
        correlations=freeze(within / np.outer(relative, relative)),
        names=names,
        own=freeze(own.own * lengths),
        own_sd=freeze(np.sqrt(np.maximum(np.einsum("gii->gi", conditional), 0.0))),
        own_covariance=freeze(conditional),
        from_fixed=freeze(own.from_fixed @ np.linalg.inv(design.back) * lengths[:, np.newaxis]),
    )


def _doubts(design: Design, *, singular: bool, converged: bool) -> tuple[str, ...]:
    """What limits the fit."""
    found, groups, larger = [], len(design.names), len(design.above_names)
    if groups < FEW_GROUPS:
        found.append(f"Only {groups} groups: how much groups differ is hardly known, and intervals are too narrow.")
    if design.outer and larger < FEW_GROUPS:
        found.append(f"Only {larger} larger groups: how much they differ is hardly known.")
    if groups == design.rows:
        found.append("Every group has one row: what differs between groups cannot be told from scatter within.")
    if singular:
        found.append(
            "The model is at its edge: the groups do not show that they differ in every random column, "
            "so a variance of 0 or a correlation of 1 fits best."
        )
    if not converged:
        found.append("The search for the most likely model did not come to rest; the figures may be off.")
    return tuple(found)
