"""Second derivatives of a cost by differences, and the standard errors that they imply."""

from collections.abc import Callable

import numpy as np

from holdfast.stats.arrays import BoolArray, FloatArray

STEP = 0.01
FLAT = 0.05  # below this curvature an interval would be seventeen units wide


def second_derivatives(cost: Callable[[FloatArray], float], x: FloatArray) -> FloatArray:
    """The matrix of second derivatives at x by central differences of .01.

    Formula: [f(++) - f(+-) - f(-+) + f(--)]/(4*h^2); on the diagonal [f(+) - 2*f + f(-)]/h^2. Shapes: (K,) -> (K, K).
    """
    size = len(x)
    steps = STEP * np.eye(size)
    here = cost(x)
    matrix = np.zeros((size, size))
    for i in range(size):
        matrix[i, i] = (cost(x + steps[i]) - 2.0 * here + cost(x - steps[i])) / STEP**2
        for j in range(i):
            same = cost(x + steps[i] + steps[j]) + cost(x - steps[i] - steps[j])
            crossed = cost(x + steps[i] - steps[j]) + cost(x - steps[i] + steps[j])
            matrix[i, j] = matrix[j, i] = (same - crossed) / (4.0 * STEP**2)
    return matrix


def standard_errors(information: FloatArray, free: BoolArray) -> FloatArray:
    """Square roots of the diagonal of the inverse, over the free parameters; 0 where there is none.

    Rule: while the matrix of the free ones is not positive definite, the one that has most part in its flattest
    direction is taken as known. Meaning: a parameter on its bound, or one of which the cost says nothing, has no error.
    """
    errors = np.zeros(len(free))
    chosen = np.flatnonzero(free)
    while len(chosen):
        values, directions = np.linalg.eigh(information[np.ix_(chosen, chosen)])
        if values[0] > FLAT:
            errors[chosen] = np.sqrt(np.diag(np.linalg.inv(information[np.ix_(chosen, chosen)])))
            break
        chosen = np.delete(chosen, np.argmax(np.abs(directions[:, 0])))
    return errors
