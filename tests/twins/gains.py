"""Sudden gains of one client, in plain Python, from the formulae. Missing is None; lower is better; sessions from 0."""

import math
import statistics

CRITICAL = {4: 2.7764451, 3: 3.1824463, 2: 4.3026527}
"""The .975 quantile of Student's distribution, from a printed table."""


def gains(y, *, cut, share, adjusted):
    """(session before, magnitude, proportion, reversed) of each gain, and how many steps could be told."""
    found, told = [], 0
    seen = [value for value in y if value is not None]
    for n in range(1, len(y) - 2):
        before = [value for value in y[max(n - 2, 0) : n + 1] if value is not None]
        after = [value for value in y[n + 1 : n + 4] if value is not None]
        if y[n] is None or y[n + 1] is None or len(before) < 2 or len(after) < 2:
            continue
        told += 1
        freedom = len(before) + len(after) - 2
        squares = sum((len(side) - 1) * (statistics.stdev(side) ** 2) for side in (before, after))
        needed = (CRITICAL[freedom] if adjusted else 2.776) * math.sqrt(squares / freedom)
        size = y[n] - y[n + 1]
        if size >= cut and size >= share * y[n] and statistics.fmean(before) - statistics.fmean(after) > needed:
            whole = seen[0] - seen[-1]
            half = y[n + 1] + size / 2
            back = any(value is not None and value > half for value in y[n + 2 :])
            found.append((n, size, size / whole if whole else math.nan, back))
    return found, told
