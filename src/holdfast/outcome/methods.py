"""Six published ways to say how far one client's change lies beyond measurement error, and three cut-offs."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.outcome.change import (
    ChangeMethod,
    Judged,
    ReliableChange,
    functional_cutoff,
    paired,
    reliable_change,
    told,
)
from holdfast.stats.arrays import FloatArray
from holdfast.stats.difference import difference_error, measurement_error

HAGEMAN_ARRINDELL_CRITERION = 1.65


@dataclass(frozen=True, slots=True, kw_only=True)
class Clinical:
    """What is known of the clinical population. sd, reliability: before treatment; mean: before, needed by all methods
    but Jacobson-Truax and Hageman-Arrindell; mean_after: of the population after treatment (Hsu-Linn-Lord);
    reliability_after: Nunnally-Kotsch, as before unless given. Raises MethodError for an SD or a reliability that
    cannot be.
    """

    sd: float
    reliability: float
    mean: float | None = None
    mean_after: float | None = None
    reliability_after: float | None = None

    def __post_init__(self) -> None:
        measurement_error(self.sd, self.reliability)
        if self.reliability_after is not None:
            measurement_error(self.sd, self.reliability_after)


def change_by(
    before: ArrayLike,
    after: ArrayLike,
    *,
    method: ChangeMethod | str,
    clinical: Clinical,
    higher_is: Literal["worse", "better"] = "worse",
    cutoff: float | None = None,
) -> ReliableChange:
    """Reliable and clinically significant change of each client, by the method named.

    Rules, with M and S the clinical mean and SD before, r the reliability, SE = S*sqrt(1 - r), d = sqrt(2)*SE:
    Jacobson-Truax (after - before)/d; Gulliksen-Lord-Novick ((after - M) - r(before - M))/(S*sqrt(1 - r^2));
    Hsu-Linn-Lord the same with after less the population's mean after; Edwards-Nunnally
    (after - (r(before - M) + M))/SE; Nunnally-Kotsch the same over sqrt(r^2 S^2 (1 - r) + S^2 (1 - r_after));
    Hageman-Arrindell ((after - before) r_dd + (M2 - M1)(1 - r_dd))/(sqrt(r_dd) d), criterion 1.65, with M1, M2, S1, S2,
    r12 of the clients themselves, r_k = (S_k^2 - SE^2)/S_k^2 and
    r_dd = (S1^2 r1 + S2^2 r2 - 2 S1 S2 r12)/(S1^2 + S2^2 - 2 S1 S2 r12); there, the cut-off is passed if
    (M2 + (after - M2) r_2 - cutoff)/(sqrt(r_2) SE) lies beyond 1.65.
    Meaning: as reliable_change; the methods that use a mean expect extreme scores to come back by themselves.
    Shapes: before and after (N,), points; missing nan gives category unknown. Raises MethodError for an unknown method,
    a mean that it needs and has not, and where Hageman-Arrindell finds no reliable differences.
    Source: Jacobson & Truax 1991; Hsu 1989, 1999; Speer 1992; Nunnally & Kotsch 1983; Hageman & Arrindell 1999. In
    routine work Ronk, Hooke & Page 2016 found Jacobson-Truax and Hageman-Arrindell equally valid and recommend the
    former.
    """
    if method not in set(ChangeMethod):
        raise MethodError("No method called {method}. Known: {known}.", method=method, known=", ".join(ChangeMethod))
    method = ChangeMethod(method)
    if method is ChangeMethod.JACOBSON_TRUAX:
        sd, reliability = clinical.sd, clinical.reliability
        return reliable_change(before, after, sd=sd, reliability=reliability, higher_is=higher_is, cutoff=cutoff)
    first, last = paired(before, after, higher_is=higher_is)
    if method is ChangeMethod.HAGEMAN_ARRINDELL:
        return _hageman_arrindell(first, last, clinical, higher_is=higher_is, cutoff=cutoff)
    index, doubts = _index(first, last, method, clinical)
    by = Judged(method=method.value, sd=clinical.sd, reliability=clinical.reliability, higher_is=higher_is,
                cutoff=cutoff, doubts=doubts)  # fmt: skip
    return told(first, last, index=index, by=by)


def cutoffs(
    *, mean: float, sd: float, functional_mean: float, functional_sd: float, higher_is: Literal["worse", "better"]
) -> dict[str, float]:
    """Cut-offs a, b and c, in points. a: two SDs from the clinical mean; b: two SDs of the functional population from
    its own mean (Jacobson & Truax 1991; the R package clinicalsignificance takes the clinical SD there:
    "b_clinical_sd"); c: as likely to belong to either. Raises MethodError unless both SDs are above 0. Prefer c, where
    norms are known.
    """
    c = functional_cutoff(mean=mean, sd=sd, functional_mean=functional_mean, functional_sd=functional_sd)
    sign = 1.0 if higher_is == "better" else -1.0
    return {
        "a": mean + sign * 2.0 * sd,
        "b": functional_mean - sign * 2.0 * functional_sd,
        "b_clinical_sd": functional_mean - sign * 2.0 * sd,
        "c": c,
    }


def _index(
    first: FloatArray, last: FloatArray, method: ChangeMethod, clinical: Clinical
) -> tuple[FloatArray, tuple[str, ...]]:
    """The change in standard errors, higher for a higher score after, and what limits it."""
    r, error = clinical.reliability, measurement_error(clinical.sd, clinical.reliability)
    mean = _needed(clinical.mean, "mean before treatment", method)
    doubts: tuple[str, ...] = ()
    away = r * (first - mean)
    if method is ChangeMethod.GULLIKSEN_LORD_NOVICK:
        return ((last - mean) - away) / (clinical.sd * math.sqrt(1.0 - r * r)), doubts
    if method is ChangeMethod.HSU_LINN_LORD:
        later = _needed(clinical.mean_after, "population's mean after treatment", method)
        said = (
            "The mean after treatment has to be a population's; with these clients' own mean, ordinary improvement is "
            "not credited."
        )
        return ((last - later) - away) / (clinical.sd * math.sqrt(1.0 - r * r)), (said,)
    if method is ChangeMethod.EDWARDS_NUNNALLY:
        return (last - (away + mean)) / error, doubts
    after = clinical.reliability if clinical.reliability_after is None else clinical.reliability_after
    spread = math.sqrt(r * r * clinical.sd**2 * (1.0 - r) + clinical.sd**2 * (1.0 - after))
    return (last - (away + mean)) / spread, doubts


def _needed(value: float | None, what: str, method: ChangeMethod) -> float:
    if value is None:
        raise MethodError(
            "{method} needs the {what}. Give it, or choose another method.", method=method.value, what=what
        )
    return value


def _hageman_arrindell(
    first: FloatArray, last: FloatArray, clinical: Clinical, *, higher_is: str, cutoff: float | None
) -> ReliableChange:
    seen = ~np.isnan(first + last)
    if seen.sum() < 3:
        raise MethodError("Hageman-Arrindell learns from the clients; {seen} have both scores. Give three or more.",
                          seen=int(seen.sum()))  # fmt: skip
    s1, s2 = float(first[seen].std(ddof=1)), float(last[seen].std(ddof=1))
    both = 2.0 * float(np.cov(first[seen], last[seen])[0, 1])
    error = measurement_error(clinical.sd, clinical.reliability)
    true = s1 * s1 + s2 * s2 - 2.0 * error * error - both
    whole = s1 * s1 + s2 * s2 - both
    if not true > 0.0 or not s2 > error:
        raise MethodError("The clients' changes differ by no more than measurement error. Use jacobson-truax.")
    reliability, later = true / whole, 1.0 - (error / s2) ** 2
    m1, m2 = float(first[seen].mean()), float(last[seen].mean())
    index = (last - first) * reliability + (m2 - m1) * (1.0 - reliability)
    index = index / (math.sqrt(reliability) * difference_error(clinical.sd, clinical.reliability))
    passed = None
    if cutoff is not None:
        far = (m2 + (last - m2) * later - cutoff) / (math.sqrt(later) * error)
        passed = far > HAGEMAN_ARRINDELL_CRITERION if higher_is == "better" else far < -HAGEMAN_ARRINDELL_CRITERION
    said = f"Reliability of the changes {reliability:.2f}, learned from these {int(seen.sum())} clients themselves."
    by = Judged(method=ChangeMethod.HAGEMAN_ARRINDELL.value, sd=clinical.sd, reliability=clinical.reliability,
                higher_is=higher_is, cutoff=cutoff, criterion=HAGEMAN_ARRINDELL_CRITERION, passed=passed,
                doubts=(said,))  # fmt: skip
    return told(first, last, index=index, by=by)
