"""The likelihood of a mixed model and its gradient, from each group's products, in one pass over the groups."""

from dataclasses import dataclass

import numpy as np

from holdfast.stats.arrays import FloatArray
from holdfast.stats.mixed.design import Block, Design


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """The relative factors L: covariance of the random columns = s^2 L L'; inner of groups, outer of larger ones."""

    inner: FloatArray
    outer: FloatArray

    @property
    def numbers(self) -> FloatArray:
        """Both lower triangles as one row of numbers."""
        return np.concatenate([each[np.tril_indices(len(each))] for each in (self.inner, self.outer)])


def factors_of(numbers: FloatArray, design: Design) -> Factors:
    """The factors these numbers stand for."""
    k, q = len(design.inner), len(design.outer)
    inner, outer, cut = np.zeros((k, k)), np.zeros((q, q)), k * (k + 1) // 2
    inner[np.tril_indices(k)], outer[np.tril_indices(q)] = numbers[:cut], numbers[cut:]
    return Factors(inner=inner, outer=outer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Sums over the groups of one level: zz = Z'V^-1Z (k, k); pairs of Z'V^-1[X y] (k, p + 1, k, p + 1)."""

    zz: FloatArray
    pairs: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """All that likelihood and gradient need: log|V|, [X y]'V^-1[X y], and the sums around both levels."""

    determinants: float
    products: FloatArray
    inner: Around
    outer: Around


@dataclass(frozen=True, slots=True, kw_only=True)
class Reduced:
    """One block after both levels have been eliminated: log|V|, and per group Z'V^-1Z and Z'V^-1[X y] of both levels;
    products: [X y]'V^-1[X y] over all."""

    determinants: float
    products: FloatArray
    inner_zz: FloatArray
    inner_rest: FloatArray
    outer_zz: FloatArray
    outer_rest: FloatArray


def moments(design: Design, factors: Factors) -> Moments:
    """One pass over all groups.

    Formula: V = I + Z L L'Z' is taken apart level by level: with M = I + L'PL = K K', P the products, and
    G = K^-1 L'P, what remains is P - G'G and log|M|; the larger groups are eliminated from the sums of what remains.
    Source: Bates et al. 2015 for the factor; the elimination is the textbook's block Cholesky.
    """
    determinants, products = 0.0, np.zeros((design.fixed + 1, design.fixed + 1))
    zz = [np.zeros((len(each), len(each))) for each in (design.inner, design.outer)]
    wide = [len(each) * (design.fixed + 1) for each in (design.inner, design.outer)]
    pairs = [np.zeros((each, each)) for each in wide]
    for block in design.blocks:
        at = reduce_block(block, design, factors)
        determinants += at.determinants
        products += at.products
        for level, (own, rest) in enumerate(((at.inner_zz, at.inner_rest), (at.outer_zz, at.outer_rest))):
            zz[level] += own.sum(axis=-1)
            flat = rest.reshape(wide[level], rest.shape[-1])
            pairs[level] += flat @ flat.T
    shapes = [(len(each), design.fixed + 1) * 2 for each in (design.inner, design.outer)]
    inner, outer = (
        Around(zz=own, pairs=pair.reshape(shape)) for own, pair, shape in zip(zz, pairs, shapes, strict=True)
    )
    return Moments(determinants=determinants, products=products, inner=inner, outer=outer)


def reduce_block(block: Block, design: Design, factors: Factors) -> Reduced:
    """Eliminate the groups of a block, then the larger groups."""
    inner, outer = list(design.inner), list(design.outer)
    rest = slice(len(block.products) - design.fixed - 1, None)
    log, root, solved = _solve(block.products, inner, factors.inner)
    left = _less(block.products, solved)
    own, own_rest = left[np.ix_(inner, inner)], left[inner, rest]
    if not outer:
        none = np.zeros((0, 0, 1))
        return Reduced(
            determinants=log,
            products=left[rest, rest].sum(axis=-1),
            inner_zz=own,
            inner_rest=own_rest,
            outer_zz=none,
            outer_rest=np.zeros((0, design.fixed + 1, 1)),
        )
    larger = np.add.reduceat(left, block.starts, axis=-1)
    above_log, root, above = _solve(larger, outer, factors.outer)
    end = _less(larger, above)
    turned = np.repeat(_forward(root, np.broadcast_to(factors.outer.T[:, :, np.newaxis], root.shape)), block.sizes, -1)
    pull = _gram(turned.transpose(1, 0, 2), left[np.ix_(outer, inner)])
    spread = np.repeat(above[:, rest], block.sizes, axis=-1)
    return Reduced(
        determinants=log + above_log,
        products=end[rest, rest].sum(axis=-1),
        inner_zz=own - _gram(pull, pull),
        inner_rest=own_rest - _gram(pull, spread),
        outer_zz=end[np.ix_(outer, outer)],
        outer_rest=end[outer, rest],
    )


def _solve(products: FloatArray, at: list[int], factor: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """log|M| over all, its factor K (k, k, n) and K^-1 L'P (k, m, n), M = I + L'PL for the columns `at`."""
    k = len(at)
    turned = np.tensordot(factor.T, products[at], axes=1)
    root = np.zeros((k, k, products.shape[-1]))
    log = 0.0
    for a in range(k):
        for b in range(a + 1):
            entry = sum((factor[c, b] * turned[a, at[c]] for c in range(b, k)), start=np.float64(a == b))
            entry = entry - sum((root[a, c] * root[b, c] for c in range(b)), start=np.float64(0.0))
            root[a, b] = np.sqrt(entry) if a == b else entry / root[b, b]
        log += 2.0 * float(np.log(root[a, a]).sum())
    return log, root, _forward(root, turned)


def _forward(root: FloatArray, right: FloatArray) -> FloatArray:
    """K^-1 R for many lower triangular K at once. Shapes: (k, k, n) and (k, m, n)."""
    solved = np.empty_like(right)
    for a in range(len(root)):
        row = right[a]
        for b in range(a):
            row = row - root[a, b] * solved[b]
        solved[a] = row / root[a, a]
    return solved


def _gram(first: FloatArray, second: FloatArray) -> FloatArray:
    """The products of columns over the first axis, for each group: (k, a, n) and (k, b, n) give (a, b, n)."""
    found: FloatArray = first[0][:, np.newaxis] * second[0]
    for one, other in zip(first[1:], second[1:], strict=True):
        found += one[:, np.newaxis] * other
    return found


def _less(products: FloatArray, solved: FloatArray) -> FloatArray:
    """P - G'G."""
    left: FloatArray = products - solved[0][:, np.newaxis] * solved[0]
    for each in solved[1:]:
        left -= each[:, np.newaxis] * each
    return left


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The model at one pair of factors: deviance profiled over coefficients and s^2; s^2; shift of the coefficients;
    (X'V^-1X)^-1; the slopes of the determinants and of the squares, by each number of the factors; moments."""

    deviance: float
    variance: float
    squares: float
    shift: FloatArray
    inverse: FloatArray
    determinant_slopes: FloatArray
    square_slopes: FloatArray
    moments: Moments

    @property
    def gradient(self) -> FloatArray:
        """The slope of the profiled deviance."""
        return self.determinant_slopes + self.square_slopes / self.variance


def freedom_of(design: Design, *, restricted: bool) -> int:
    """Rows less fixed columns if restricted."""
    return design.rows - (design.fixed if restricted else 0)


def profile(
    design: Design, factors: Factors, *, restricted: bool, held: tuple[FloatArray, float] | None = None
) -> Profile:
    """Deviance (-2 log-likelihood) with its slopes. held: a combination of the shift that must have this value.

    Formula: d log|V| = 2 tr(Z'V^-1Z L dL'), d squares = -2 w'L dL'w with w = Z'V^-1(y - Xb), restricted besides
    d log|X'V^-1X| = -2 tr(C F'L dL'F), F = Z'V^-1X, C = (X'V^-1X)^-1.
    """
    at, p = moments(design, factors), design.fixed
    inverse: FloatArray = np.asarray(np.linalg.inv(at.products[:p, :p]), dtype=np.float64)
    shift = inverse @ at.products[:p, p]
    squares = float(at.products[p, p] - at.products[:p, p] @ shift)
    if held is not None:
        by, wanted = held
        lean, away = inverse @ by, wanted - float(by @ shift)
        shift, squares = shift + lean * away / float(by @ lean), squares + away**2 / float(by @ lean)
    freedom = freedom_of(design, restricted=restricted)
    variance = squares / freedom
    logs = at.determinants - (float(np.linalg.slogdet(inverse)[1]) if restricted else 0.0)
    residual = np.append(-shift, 1.0)
    determinant, square = [], []
    for around, factor in ((at.inner, factors.inner), (at.outer, factors.outer)):
        lower = np.tril_indices(len(factor))
        moved = 2.0 * around.zz @ factor
        if restricted:
            moved = moved - 2.0 * np.einsum("aibj,ij->ab", around.pairs[:, :p, :, :p], inverse) @ factor
        determinant.append(moved[lower])
        square.append((-2.0 * np.einsum("aibj,i,j->ab", around.pairs, residual, residual) @ factor)[lower])
    return Profile(
        deviance=logs + freedom * (1.0 + float(np.log(2.0 * np.pi * variance))),
        variance=variance,
        squares=squares,
        shift=shift,
        inverse=inverse,
        determinant_slopes=np.concatenate(determinant),
        square_slopes=np.concatenate(square),
        moments=at,
    )


def inverse_slopes(at: Profile, factors: Factors, design: Design) -> FloatArray:
    """The slope of (X'V^-1X)^-1 by each number of the factors: (p, p, numbers)."""
    p, found = design.fixed, []
    for around, factor in ((at.moments.inner, factors.inner), (at.moments.outer, factors.outer)):
        pairs = around.pairs[:, :p, :, :p]
        one = np.einsum("aicj,cb->abij", pairs, factor)  # F[a, i] (L'F)[b, j]
        change = at.inverse @ (one + one.swapaxes(2, 3)) @ at.inverse
        found += [change[a, b] for a, b in zip(*np.tril_indices(len(factor)), strict=True)]
    return np.stack(found, axis=-1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """Of each group of one level: departure (G, k), its conditional covariance over s^2, how it leans on the shift."""

    own: FloatArray
    conditional: FloatArray
    from_fixed: FloatArray


def departures(design: Design, factors: Factors, shift: FloatArray) -> tuple[Departures, Departures]:
    """Both levels' departures, groups in the order of their names."""
    residual = np.append(-shift, 1.0)
    parts = [reduce_block(block, design, factors) for block in design.blocks]
    found = []
    for factor, pieces in (
        (factors.inner, [(each.inner_zz, each.inner_rest) for each in parts]),
        (factors.outer, [(each.outer_zz, each.outer_rest) for each in parts]),
    ):
        spread = factor @ factor.T
        zz, rest = (np.concatenate(each, axis=-1) for each in zip(*pieces, strict=True))
        leans = np.tensordot(spread, rest, axes=1)
        middle = np.einsum("ab,bcn,cd->nad", spread, zz, spread, optimize=True)
        found.append((np.einsum("ain,i->na", leans, residual), spread - middle, leans[:, :-1].transpose(2, 0, 1)))
    back = np.empty(len(design.order), dtype=np.int64)
    back[design.order] = np.arange(len(design.order))
    (own, conditional, from_fixed), above = found
    groups = Departures(own=own[back], conditional=conditional[back], from_fixed=from_fixed[back])
    return groups, Departures(own=above[0], conditional=above[1], from_fixed=above[2])
