"""The sums of a mixed model's groups in the coordinates in which it is fitted."""

from dataclasses import dataclass

import numpy as np

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, IntArray
from holdfast.stats.mixed.sums import GroupSums

BLOCK = 2048  # groups worked on together: their products stay in the processor's cache
REPEATED = 1e-12  # a column's square that others leave over, as a share of its own: below it the arithmetic's
EXACT = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Groups side by side: products (m, m, n) of all columns within each; where each larger group starts, and sizes."""

    products: FloatArray
    starts: IntArray
    sizes: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """Random columns (scaled to mean square 1), p fixed columns (orthonormal), and what they leave of y, in blocks.

    inner, outer: which random columns groups and larger groups differ in; order (G,): groups as they stand in the
    blocks; back (p, p) and start (p,): coefficients as given = start + back @ fitted; scale: lengths of the random
    columns; constant: what log|X'V^-1X| lacks; rest: mean square of y about the fixed columns.
    """

    blocks: tuple[Block, ...]
    inner: tuple[int, ...]
    outer: tuple[int, ...]
    fixed: int
    rows: int
    order: IntArray
    names: np.ndarray
    above_names: np.ndarray
    back: FloatArray
    start: FloatArray
    scale: FloatArray
    constant: float
    rest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which of the summed columns is the response, which are fixed, and which differ between groups and above them."""

    response: int
    fixed: tuple[int, ...]
    random: tuple[int, ...]
    above: tuple[int, ...] = ()


def make_design(sums: GroupSums, columns: Columns) -> Design:
    """Bring sums into fitting coordinates. Raises MethodError for columns that repeat each other, and for no scatter.

    Rule: with a constant among the fixed columns the others and y are centred on it; then the fixed columns are made
    orthonormal by the Cholesky factor of their products, and y is what they leave over, so little cancels.
    """
    p = len(columns.fixed)
    if sums.rows <= p + 1:
        raise MethodError("{rows} rows cannot carry {columns} columns. Give more rows.", rows=sums.rows, columns=p)
    centred, back, start = _centre(sums, columns)
    total = _total(sums, centred)
    lengths = np.sqrt(np.diag(total)[:p])
    scaled = total[:p, :p] / np.outer(lengths, lengths) if (lengths > 0.0).all() else np.zeros((p, p))
    try:
        root = np.linalg.cholesky(scaled).T
    except np.linalg.LinAlgError:
        root = np.zeros((p, p))
    if np.diag(root).min() ** 2 <= REPEATED:
        raise MethodError("The {columns} fixed columns repeat each other. Leave one of them out.", columns=p)
    straight = np.linalg.inv(root * lengths)
    explained = straight.T @ total[:p, p]
    x = centred[:, :p] @ straight
    y = centred[:, p] - x @ explained
    spread = float(total[p, p])
    rest = float(_total(sums, y[:, np.newaxis])[0, 0])
    if rest <= EXACT * spread or spread <= 1e-20 * float(np.sum(sums.count * sums.means[columns.response] ** 2)):
        raise MethodError("The values follow the fixed columns exactly. A mixed model needs some scatter.")
    wanted = list(dict.fromkeys((*columns.random, *columns.above)))
    z = np.eye(len(sums.means))[:, wanted]
    scale = np.sqrt(np.diag(_total(sums, z)) / sums.rows)
    if not (scale > 0.0).all():
        raise MethodError("A random column holds nothing but 0. Leave it out.")
    order, blocks, above_names = _blocks(sums, np.column_stack([z / scale, x, y]), nested=bool(columns.above))
    return Design(
        blocks=blocks,
        inner=tuple(wanted.index(each) for each in columns.random),
        outer=tuple(wanted.index(each) for each in columns.above),
        fixed=p,
        rows=sums.rows,
        order=order,
        names=sums.names,
        above_names=above_names,
        back=back @ straight,
        start=start + back @ straight @ explained,
        scale=scale,
        constant=float(2.0 * np.sum(np.log(np.diag(root) * lengths))),
        rest=rest / sums.rows,
    )


def _total(sums: GroupSums, mixed: FloatArray) -> FloatArray:
    """Products over all rows of these combinations of columns. Shapes: (d, c) in, (c, c) out."""
    means = mixed.T @ sums.means
    return np.asarray(mixed.T @ sums.scatter.sum(axis=2) @ mixed + (sums.count * means) @ means.T)


def _centre(sums: GroupSums, columns: Columns) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Fixed columns and response less their means, as combinations (d, p + 1), and the way back for coefficients."""
    p, chosen = len(columns.fixed), [*columns.fixed, columns.response]
    mixed, back, start = np.eye(len(sums.means))[:, chosen], np.eye(p), np.zeros(p)
    still = [
        i
        for i, j in enumerate(columns.fixed)
        if not sums.scatter[j, j].any() and np.ptp(sums.means[j]) == 0.0 and sums.means[j, 0] != 0.0
    ]
    if still:
        one = columns.fixed[still[0]]
        levels = (sums.means[chosen] @ sums.count) / sums.rows / sums.means[one, 0]
        levels[still[0]] = 0.0
        mixed[one] -= levels
        back[still[0]] -= levels[:p]
        start[still[0]] = levels[p]
    return mixed, back, start


def _blocks(sums: GroupSums, mixed: FloatArray, *, nested: bool) -> tuple[IntArray, tuple[Block, ...], np.ndarray]:
    """Each group's products of these combinations of columns, larger groups kept whole."""
    if nested and sums.above is not None:
        above_names, larger = np.unique(sums.above, return_inverse=True)
        order = np.argsort(larger, kind="stable").astype(np.int64)
        sizes = np.bincount(larger).astype(np.int64)
    else:
        above_names, order = np.array([]), np.arange(len(sums.names))
        sizes = np.ones(len(order), dtype=np.int64)
    ends = np.cumsum(sizes)
    cuts = np.unique(np.searchsorted(ends, np.arange(BLOCK, ends[-1] + BLOCK, BLOCK)).clip(max=len(ends) - 1))
    blocks, first, group = [], 0, 0
    for cut in cuts.tolist():
        chosen = order[group : ends[cut]]
        inside = sizes[first : cut + 1]
        scatter = np.tensordot(mixed.T, np.tensordot(mixed.T, sums.scatter[:, :, chosen], axes=1), axes=([1], [1]))
        means = mixed.T @ sums.means[:, chosen]
        products = scatter + (sums.count[chosen] * means)[:, np.newaxis] * means
        starts = np.concatenate([[0], np.cumsum(inside)[:-1]]).astype(np.int64)
        blocks.append(Block(products=products, starts=starts, sizes=inside))
        first, group = cut + 1, int(ends[cut])
    return order, tuple(blocks), above_names
