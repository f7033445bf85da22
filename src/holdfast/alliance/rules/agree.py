"""How far rules agree on the same sessions, and how far they would agree on pure noise."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.rules.chance import Noise, noisy_sessions
from holdfast.alliance.rules.flags import RuleFlags, doubts_of, flag
from holdfast.alliance.rules.following import apply_rule
from holdfast.alliance.rules.presets import find_rule
from holdfast.alliance.rules.spec import RuleSpec
from holdfast.errors import MethodError
from holdfast.stats.agreement import Kappa, kappa_of_counts
from holdfast.stats.arrays import BoolArray, FloatArray, as_series, freeze

METHOD = "pairwise-kappa-beside-noise"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairOfRules:
    """Two rules on the same rated sessions; chance: the same on pure noise of the same lengths."""

    first: str
    second: str
    seen: Kappa
    chance: Kappa

    def __str__(self) -> str:
        """The table of the two in one line, the noise beside it."""
        seen = self.seen
        return (
            f"{self.first} and {self.second}: both {seen.both:,}, only the first {seen.only_first:,}, only the second "
            f"{seen.only_second:,}, neither {seen.neither:,}; agreement {_percent(seen.agreement)}, kappa "
            f"{_number(seen.kappa)} ({_number(seen.low)} to {_number(seen.high)}), pure noise "
            f"{_number(self.chance.kappa)}."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleAgreement:
    """Several rules side by side. rules: what each says; pairs: every two of them; kappa and chance_kappa (K, K):
    Cohen's kappa on the ratings at hand, and on pure noise of the same lengths, read only."""

    rules: tuple[RuleFlags, ...]
    pairs: tuple[PairOfRules, ...]
    kappa: FloatArray
    chance_kappa: FloatArray
    method: str
    doubts: tuple[str, ...]


def compare_rules(scores: ArrayLike, *, rules: Sequence[str | RuleSpec], noise: Noise | None = None) -> RuleAgreement:
    """Apply several rules to the same ratings and tabulate how far they agree.

    Rule: over rated sessions, both, only one, neither, Cohen's kappa; its interval sums each client's sessions before
    squaring. The same rules on the same simulated noise give the kappa that their shared arithmetic makes.
    Meaning: a kappa that is no higher than on noise says that two rules share a formula, not that they see the same
    event. Shapes: scores (N, T), higher is better, missing nan. Raises MethodError as flag does, and for no rule or one
    named twice. Source: Cohen 1960; stats.agreement.
    """
    specs = [find_rule(rule) for rule in rules]
    if not specs or len({spec.name for spec in specs}) < len(specs):
        raise MethodError("{count} rules were given, or one twice. Name each rule once.", count=len(specs))
    noise = noise or Noise()
    series = as_series(scores)
    found = tuple(flag(series, rule=spec, noise=noise) for spec in specs)
    drawn = noisy_sessions(series, noise=noise)
    seen = _tables([each.flags for each in found], ~np.isnan(series))
    by_chance = _tables([apply_rule(drawn.ratings, spec) for spec in specs], drawn.rated)
    pairs = tuple(
        PairOfRules(
            first=specs[i].name,
            second=specs[j].name,
            seen=seen[i, j],
            chance=by_chance[i, j],
        )
        for i in range(len(specs))
        for j in range(i + 1, len(specs))
    )
    return RuleAgreement(
        rules=found,
        pairs=pairs,
        kappa=_matrix([pair.seen.kappa for pair in pairs], len(specs)),
        chance_kappa=_matrix([pair.chance.kappa for pair in pairs], len(specs)),
        method=METHOD,
        doubts=doubts_of(specs, series, noise=noise),
    )


def _tables(flags: Sequence[BoolArray], rated: BoolArray) -> dict[tuple[int, int], Kappa]:
    """Agreement of every two rules over rated sessions, sessions of one client kept together.

    Unrated sessions are never flagged. Sessions come first in memory, as sums along short rows are slow.
    """
    by_session = [np.ascontiguousarray(each.T) for each in flags]
    sums = [each.sum(axis=0, dtype=np.int32) for each in by_session]
    of = np.ascontiguousarray(rated.T).sum(axis=0, dtype=np.int32)
    return {
        (i, j): kappa_of_counts((by_session[i] & by_session[j]).sum(axis=0, dtype=np.int32), sums[i], sums[j], of)
        for i in range(len(flags))
        for j in range(i + 1, len(flags))
    }


def _matrix(values: list[float], size: int) -> FloatArray:
    """Pairs as a square, 1 on the diagonal."""
    square = np.eye(size)
    square[np.triu_indices(size, 1)] = values
    return freeze(np.triu(square) + np.triu(square, 1).T)


def _percent(share: float) -> str:
    """A share in percent; a dash when there is none."""
    return "–" if share != share else f"{100 * share:.1f} %"


def _number(value: float) -> str:
    """Two digits; a dash when there is none."""
    return "–" if value != value else f"{value:.2f}"
