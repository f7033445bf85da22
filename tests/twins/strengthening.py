"""Stronger afterwards than before, for a few clients, in plain Python, from the rule. Missing is None."""

import math

from scipy.special import stdtrit

from tests.twins.detector import detect_one, filter_one, follow_one

WINDOW, FEWEST, LEFT_OUT, LOOKS = 4, 2, 1, 5


def strengthening_slowly(y, steps, numbers, rule, marks):
    """(estimate, half width, comparisons); numbers: a prior by name; rule: kappa and those of detect_one."""
    T = len(y[0])
    place = [[1 + sum(row[1 : t + 1]) for t in range(T)] for row in steps]
    looks = [both(row, steps[i], numbers, rule, marks[i]) for i, row in enumerate(y)]
    slope, moved, level = 0.0, [0.0] * len(y), y
    for _ in range(LOOKS):
        slope, moved = rise(y, place, looks)
        level = [
            [None if r is None else r - slope * math.log2(place[i][t]) for t, r in enumerate(row)]
            for i, row in enumerate(y)
        ]
        looks = [both(row, steps[i], numbers, rule, marks[i]) for i, row in enumerate(level)]
    found = []
    for i, one in enumerate(looks):
        for first, last, nadir in one["lows"]:
            before = [t for t in range(first) if y[i][t] is not None][:-LEFT_OUT]
            after = [t for t in range(last + 1, T) if y[i][t] is not None][LEFT_OUT:]
            m = min(len(before), len(after), WINDOW)
            if m < FEWEST:
                continue
            before, after = before[-m:], after[:m]
            weight = dict.fromkeys(after, 1 / m) | dict.fromkeys(before, -1 / m)
            ratio = sum(w * w for w in weight.values())
            for u in range(1, T):
                ratio += numbers["q"] * steps[i][u] * sum(w for t, w in weight.items() if t >= u) ** 2
            half = (
                float(stdtrit(numbers["n0"] + sum(r is not None for r in y[i]), 0.975)) * math.sqrt(ratio) * one["sd"]
            )
            difference = sum(w * level[i][t] for t, w in weight.items())
            rising = sum(w * math.log2(place[i][t]) for t, w in weight.items()) / one["sd"]
            found.append((i, nadir, first, last, difference, half, difference / one["sd"], rising))
    if not found:
        return None, None, []
    values = [one[6] for one in found]
    mean = sum(values) / len(values)
    rising = sum(one[7] for one in found) / len(found)
    clients = len({one[0] for one in found})
    if clients < 2:
        return mean, None, found
    square = 0.0
    for i in range(len(y)):
        part = sum((one[6] - mean) / len(found) for one in found if one[0] == i) - rising * moved[i]
        square += part * part
    return mean, float(stdtrit(clients - 1, 0.975)) * math.sqrt(square * clients / (clients - 1)), found


def both(y, steps, numbers, rule, marks):
    """The lows of one client that both directions share, the sessions inside an episode of either, and the own SD."""
    T = len(y)
    last = max((t for t in range(T) if y[t] is not None), default=-1)
    turned = [y[last - j] if j <= last else None for j in range(T)]
    back_marks = [marks[last - j] if j <= last else 0 for j in range(T)]
    back_steps = [0.0] + [steps[last - j + 1] if 1 <= j <= last else 0.0 for j in range(1, T)]
    ahead, variance = episodes(y, steps, numbers, rule, marks)
    back, other = episodes(turned, back_steps, numbers, rule, back_marks)
    mirrored = [
        {
            "first": 0 if e["end"] is None else max(last - e["end"], 0),
            "last": last - e["onset"],
            "nadir": None if e["nadir"] is None else last - e["nadir"],
            "closed": e["end"] is not None,
        }
        for e in back
    ]
    inside = set()
    for e in ahead:
        inside |= set(range(e["onset"], (T - 1 if e["end"] is None else e["end"]) + 1))
    for e in mirrored:
        inside |= set(range(e["first"], e["last"] + 1))
    lows = {}
    for e in ahead:
        for m in mirrored:
            if e["end"] is not None and m["closed"] and e["nadir"] is not None and e["nadir"] == m["nadir"]:
                lows.setdefault(e["nadir"], (min(e["onset"], m["first"]), max(e["end"], m["last"]), e["nadir"]))
    return {"lows": list(lows.values()), "inside": inside, "sd": math.sqrt((variance + other) / 2)}


def episodes(y, steps, numbers, rule, marks):
    kappa = rule["kappa"]
    # a level that may start anywhere, no rise, normal errors
    prior = (numbers["m0"], 1e4, numbers["n0"], numbers["S0"], numbers["q"], 0.0, math.inf)
    rows = filter_one(y, priors=[prior], kappa=kappa, steps=steps)
    exact = filter_one(y, priors=[prior], kappa=None, steps=steps)
    detect_one(y, rows, alpha=rule["alpha"], k=rule["k"], h=rule["h"], first_alarm=rule["first_alarm"])
    signals = [1 if row["acute"] else 2 if row["erosion"] else marks[t] for t, row in enumerate(rows)]
    found, _ = follow_one(
        y,
        rows,
        exact=exact,
        prior=(numbers["m0"], numbers["S0"]),
        K=rule["K"],
        sure=rule["sure"],
        tolerance=rule["tolerance"],
        ended=False,
        signals=signals,
    )
    return found, rows[-1]["S"]


def rise(y, place, looks):
    """The slope through the odd instrument, and each client's part in it."""
    groups = {}
    for i, row in enumerate(y):
        stretch, seen = 0, [t for t, r in enumerate(row) if r is not None]
        for t, r in enumerate(row):
            if t in looks[i]["inside"] and (t == 0 or t - 1 not in looks[i]["inside"]):
                stretch += 1
            if r is not None and t not in looks[i]["inside"]:
                x = math.log2(place[i][t])
                mirrored = math.log2(1 + place[i][seen[-1]] - place[i][t])
                groups.setdefault((i, stretch), []).append((r, x, x - mirrored))
    centred = []
    for (i, _), values in groups.items():
        means = [sum(v[k] for v in values) / len(values) for k in range(3)]
        centred += [(i, *(v[k] - means[k] for k in range(3))) for v in values]
    shared = sum(x * z for _, _, x, z in centred)
    size = math.sqrt(sum(x * x for _, _, x, _ in centred) * sum(z * z for *_, z in centred))
    if abs(shared) <= 1e-9 * size:
        return 0.0, [0.0] * len(y)
    slope = sum(z * r for _, r, _, z in centred) / shared
    moved = [sum(z * (r - slope * x) for j, r, x, z in centred if j == i) / shared for i in range(len(y))]
    return slope, moved
