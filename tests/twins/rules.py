"""Published rules for one sample, one client and one session at a time, in plain Python, from the formulae.

Missing is None. Columns count from 0. Nothing here looks at the fast code.
"""

import math
import statistics
from itertools import pairwise


def sd(values):
    return statistics.stdev(values) if len(values) > 1 else math.nan


def quantile(values, share):
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def pooled(lists):
    freedom = sum(max(len(values) - 1, 0) for values in lists)
    if not freedom:
        return math.nan
    squares = sum(sum((v - statistics.fmean(values)) ** 2 for v in values) for values in lists if values)
    return math.sqrt(squares / freedom)


def steps(y):
    return [b - a for a, b in pairwise(y)]


def unit_of(unit, y, sample, spec):
    """One unit in points, for the rated sessions y of a client of a sample (a list of such lists)."""
    if unit == "points":
        return 1.0
    if unit == "own-sd":
        return sd(y)
    if unit == "pooled-sd":
        return pooled(sample)
    if unit == "larger-sd":
        known = [x for x in (sd(y), pooled(sample)) if not math.isnan(x)]
        return max(known) if known else math.nan
    if unit == "mean-sd":
        known = [sd(each) for each in sample if len(each) > 1]
        return statistics.fmean(known) if known else math.nan
    if unit == "own-difference-sd":
        return sd(steps(y))
    if unit == "pooled-difference-sd":
        return pooled([steps(each) for each in sample])
    if unit == "moving-range":
        moves = [abs(d) for d in steps(y)]
        return statistics.fmean(moves) / (2 / math.sqrt(math.pi)) if moves else math.nan
    if unit == "quartile-range":
        return quantile(y, 0.75) - quantile(y, 0.25) if y else math.nan
    spread = spec.sd if spec.sd is not None else sd([value for each in sample for value in each])
    return spread * math.sqrt(2 * (1 - spec.reliability))


def lasting(y, t):
    """Tang & DeRubeis, criterion 3, for a fall from t - 1 to t; no value is missing here."""
    from scipy.special import stdtrit

    if t < 2 or t + 1 >= len(y):
        return False
    before, after = y[max(t - 3, 0) : t], y[t : t + 3]
    freedom = len(before) + len(after) - 2
    error = math.sqrt(((len(before) - 1) * sd(before) ** 2 + (len(after) - 1) * sd(after) ** 2) / freedom)
    return statistics.fmean(before) - statistics.fmean(after) > stdtrit(freedom, 0.975) * error


def holds(fall, y, t, unit):
    if fall.kind == "lasting":
        return lasting(y, t)
    if fall.kind == "below-level":
        return y[t] < fall.size if fall.strict else y[t] <= fall.size
    if fall.kind == "from-previous":
        line = y[t - 1] if t else math.nan
    else:
        line = statistics.fmean(y) if fall.kind == "below-mean" else quantile(y, 0.25)
    drop = line - y[t]
    return drop > 0 and (drop > fall.size * unit if fall.strict else drop >= fall.size * unit)


def base_of(spec, y, t):
    kinds = {fall.kind for fall in spec.falls}
    if kinds & {"from-previous", "lasting"}:
        return y[t - 1] if t else math.nan
    if "below-level" in kinds:
        return math.nextafter(spec.falls[0].size, math.inf)
    return statistics.fmean(y)


def comes_back(spec, y, t, base, low, at, asked, tolerance):
    """Whether the rating at `at` is back from a fall to `low`."""
    return y[at] - low >= asked if spec.back.rise else y[at] >= base - tolerance


def client(y, sample, spec):
    """The flagged places of one client's rated sessions, and the episodes as dictionaries."""
    units = [unit_of(fall.unit, y, sample, spec) for fall in spec.falls]
    asked = spec.falls[0].size * units[0]
    tolerance = spec.back.tolerance * unit_of(spec.back.unit, y, sample, spec) if spec.back.tolerance else 0.0
    within = spec.back.within or len(y)
    flags = []
    if not spec.peak:
        for t in range(len(y)):
            if not all(holds(fall, y, t, unit) for fall, unit in zip(spec.falls, units, strict=True)):
                continue
            base, low, back = base_of(spec, y, t), y[t], False
            for at in range(t + 1, min(t + within, len(y) - 1) + 1):
                back = back or comes_back(spec, y, t, base, low, at, asked, tolerance)
                low = min(low, y[at])
            if back or not spec.back.needed:
                flags.append(t)
    episodes, now, peak = [], None, None
    for t in range(len(y)):
        was = now is not None
        if now:
            if y[t] < now["low"]:
                now["low"], now["nadir"] = y[t], t
            back = comes_back(spec, y, t, now["base"], now["low"], t, asked, tolerance)
            if back or t - now["onset"] >= within:
                episodes.append(now | {"end": t, "returned": back})
                now, peak = None, None
        if now is None and (peak is None or y[t] > y[peak]):
            peak = t
        if spec.peak:
            drop = y[peak] - y[t] if peak is not None else 0.0
            enough = drop > asked if spec.falls[0].strict else drop >= asked
            if not was and drop > 0 and enough:
                now = {"base": y[peak], "before": peak, "onset": t, "nadir": t, "low": y[t]}
        elif now is None and t in flags:
            now = {"base": base_of(spec, y, t), "before": t - 1, "onset": t, "nadir": t, "low": y[t]}
    if now:
        episodes.append(now | {"end": len(y) - 1, "returned": False})
    if spec.peak:
        episodes = [each for each in episodes if each["returned"] or not spec.back.needed]
        flags = [each["onset"] for each in episodes]
    return flags, episodes


def flag_all(scores, spec):
    """Per client: the flagged columns, and episodes with columns, depth, length, returned and shape."""
    rated = [[t for t, value in enumerate(row) if value is not None] for row in scores]
    sample = [[row[t] for t in places] for row, places in zip(scores, rated, strict=True)]
    found = []
    for y, places in zip(sample, rated, strict=True):
        flags, episodes = client(y, sample, spec)
        told = []
        for each in episodes:
            shape = 0
            if each["returned"]:
                shape = 1 + (each["nadir"] - each["before"] > 1) + 2 * (each["end"] - each["nadir"] > 1)
            told.append(
                {
                    "onset": places[each["onset"]],
                    "nadir": places[each["nadir"]],
                    "end": places[each["end"]],
                    "baseline": each["base"],
                    "depth": each["base"] - each["low"],
                    "depth_sd": (each["base"] - each["low"]) / sd(y) if len(y) > 1 and sd(y) > 0 else math.nan,
                    "length": each["end"] - each["onset"] + 1,
                    "returned": each["returned"],
                    "shape": shape,
                }
            )
        found.append(([places[t] for t in flags], told))
    return found
