"""The profiled likelihood of a mixed model and its gradient, from each group's cross-products."""

from dataclasses import dataclass

import numpy as np

from holdfast.stats.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Cross-products of all rows (xx, xy, yy) and of each group (zz (G,k,k), zx (G,k,p), zy (G,k)); rows: how many.

    The fixed columns are orthonormal, and y is what they leave over by least squares, so little cancels.
    """

    xx: FloatArray
    xy: FloatArray
    yy: float
    zz: FloatArray
    zx: FloatArray
    zy: FloatArray
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The model at one relative factor L: deviance and its gradient by L; s^2; the shift of the fixed coefficients;
    (X'V^-1X)^-1; each group's departure, its conditional covariance over s^2, and how it leans on the shift
    (LL'Z'V^-1X).
    """

    deviance: float
    gradient: FloatArray
    squares: float
    determinants: float
    variance: float
    shift: FloatArray
    inverse: FloatArray
    own: FloatArray
    conditional: FloatArray
    from_fixed: FloatArray


def sum_up(y: FloatArray, x: FloatArray, z: FloatArray, codes: np.ndarray, groups: int) -> Sums:
    """The cross-products. Shapes: y and codes (n,), x (n, p), z (n, k)."""

    def per_group(products: FloatArray) -> FloatArray:
        return np.asarray(np.bincount(codes, weights=products, minlength=groups), dtype=np.float64)

    k, p = z.shape[1], x.shape[1]
    zz = np.stack([np.stack([per_group(z[:, i] * z[:, j]) for j in range(k)], axis=-1) for i in range(k)], axis=1)
    zx = np.stack([np.stack([per_group(z[:, i] * x[:, j]) for j in range(p)], axis=-1) for i in range(k)], axis=1)
    zy = np.stack([per_group(z[:, i] * y) for i in range(k)], axis=-1)
    return Sums(xx=x.T @ x, xy=x.T @ y, yy=float(y @ y), zz=zz, zx=zx, zy=zy, rows=len(y))


def profile(sums: Sums, factor: FloatArray, *, restricted: bool) -> Profile:
    """Deviance (-2 log-likelihood, profiled over coefficients and s^2) at the relative factor L, with its gradient.

    Formula: V = I + Z L L'Z'; with M = I + L'Z'Z L, V^-1 = I - Z L M^-1 L'Z' and |V| = |M|. Source: Bates et al. 2015;
    the gradient is the chain rule on V.
    """
    k, p = factor.shape[0], len(sums.xx)
    zl = sums.zz @ factor
    inner = np.eye(k) + factor.T @ zl
    inverse = np.linalg.inv(inner)
    middle = factor @ inverse @ factor.T
    m_x, m_y = middle @ sums.zx, np.einsum("gij,gj->gi", middle, sums.zy)
    w_x, w_y = sums.zx - sums.zz @ m_x, sums.zy - np.einsum("gij,gj->gi", sums.zz, m_y)
    xvx = sums.xx - sums.zx.reshape(-1, p).T @ m_x.reshape(-1, p)
    xvy = sums.xy - sums.zx.reshape(-1, p).T @ m_y.ravel()
    yvy = sums.yy - float(sums.zy.ravel() @ m_y.ravel())
    c: FloatArray = np.asarray(np.linalg.inv(xvx), dtype=np.float64)
    shift = c @ xvy
    squares = yvy - float(xvy @ shift)
    freedom = sums.rows - (p if restricted else 0)
    variance = squares / freedom
    left = w_y - w_x @ shift
    determinants = float(np.sum(np.linalg.slogdet(inner)[1]))
    gradient = 2.0 * (zl @ inverse).sum(axis=0) - 2.0 / variance * (left.T @ left) @ factor
    if restricted:
        determinants += float(np.linalg.slogdet(xvx)[1])
        gradient -= 2.0 * np.tensordot(w_x @ c, w_x, axes=([0, 2], [0, 2])) @ factor
    spread = factor @ factor.T
    return Profile(
        deviance=determinants + freedom * (1.0 + float(np.log(2.0 * np.pi * variance))),
        gradient=gradient,
        squares=squares,
        determinants=determinants,
        variance=variance,
        shift=shift,
        inverse=c,
        own=left @ spread,
        conditional=middle,
        from_fixed=spread @ w_x,
    )
