"""The detector and the follow-up for one client, one rating at a time, in plain Python, from the formulae.

Missing is None. Columns count from 0. Nothing here looks at the fast code.
"""

import math

from scipy.special import ndtri, stdtr, stdtrit


def tail(z, n):
    return float(stdtr(n, z))


def score_of(p):
    return float(ndtri(min(max(p, 1e-6), 1 - 1e-6)))


def filter_one(y, *, m0, C0, n0, S0, q, kappa=2.5, steps=None):
    """One dictionary per session: forecast, scale, z, p, w, u (None if unrated) and the state m, C, S, n after it."""
    m, C, S, n = m0, C0, S0, n0
    rows = []
    for t, rating in enumerate(y):
        dt = 1.0 if steps is None else steps[t]
        R = C if t == 0 else C + q * dt
        Q = R + 1
        f, sc = m, math.sqrt(S * Q)
        if rating is None:
            C = R
            rows.append({"f": f, "sc": sc, "z": None, "p": None, "w": None, "u": None, "m": m, "C": C, "S": S, "n": n})
            rows[-1]["moved"] = q * dt
            continue
        e = rating - f
        z = e / sc
        p = tail(z, n)
        w = 1.0 if kappa is None or abs(z) <= kappa else (kappa / abs(z)) ** 2
        m = m + (R / (R + 1 / w)) * e
        C = R * (1 / w) / (R + 1 / w)
        S = (n * S + w * e**2 / Q) / (n + 1)
        n = n + 1
        rows.append({"f": f, "sc": sc, "z": z, "p": p, "w": w, "u": score_of(p), "m": m, "C": C, "S": S, "n": n})
        rows[-1]["moved"] = q * dt
    return rows


def detect_one(y, rows, *, alpha, k, h, first_alarm):
    """Add W, acute, erosion and onset to each row."""
    W, began, rated = 0.0, None, 0
    for t, row in enumerate(rows):
        row["acute"] = row["erosion"] = False
        if y[t] is not None:
            rated += 1
            row["acute"] = row["p"] < alpha and rated >= first_alarm
            if rated >= 2:
                W = max(0.0, W - row["u"] - k)
                if W == 0.0:
                    began = None
                elif began is None:
                    began = t
        row["W"], row["onset"] = W, began
        if y[t] is not None and h < W and rated >= first_alarm:
            row["erosion"] = True
            W, began = 0.0, None
    return rows


KINDS = {0: None, 1: "acute", 2: "erosion", 3: "tension", 4: "disagreement"}


def follow_one(y, rows, *, exact, prior, K, sure, tolerance, ended, signals=None, eased=None):
    """The episodes as dictionaries, and (number, status, chance) after each session.

    exact: the rows of filter_one with every weight 1; prior: (m0, S0).
    """
    if signals is None:
        signals = [1 if row["acute"] else 2 if row["erosion"] else 0 for row in rows]
    episodes, after, now = [], [], None
    for t, row in enumerate(rows):
        chance, shown = None, now
        kind = KINDS[signals[t]]
        if now is not None and y[t] is not None:
            now["rated"] += 1
            spread = math.sqrt(row["C"] * row["S"])
            chance = 1 - tail((now["B"] - tolerance * now["s"] - row["m"]) / spread, row["n"])
            fell = now["low"] is not None and now["low"] < now["B"]
            half = fell and now["B"] - y[t] <= (now["B"] - now["low"]) / 2
            now["status"] = "repaired" if chance >= sure else "partly" if half else "open"
            if now["status"] == "repaired" or now["rated"] == K:
                now["status"] = "not" if now["status"] == "open" else now["status"]
                now["end"], now = t, None
        elif now is None and kind:
            onset = row["onset"] if kind == "erosion" and row["onset"] is not None else t
            low = min((r for r in y[onset : t + 1] if r is not None), default=None)
            now = shown = {"kind": kind, "onset": onset, "signalled": t, "end": None, "rated": 0}
            s = math.sqrt(rows[onset - 1]["S"] if onset else prior[1])
            now |= {"B": rows[onset]["f"], "s": s, "low": low, "status": "open"}
            episodes.append(now)
        after.append((0 if shown is None else len(episodes), "none" if shown is None else shown["status"], chance))
    if now is not None and ended:
        last = max([t for t, rating in enumerate(y) if rating is not None] + [now["signalled"]])
        now["status"], now["end"] = "ended", last
        after[last:] = [(number, "ended", chance) for number, _, chance in after[last:]]
    for place, episode in enumerate(episodes):
        _finish(y, episode, K)
        _return(y, exact, episode, K)
        until = episodes[place + 1]["signalled"] if place + 1 < len(episodes) else len(y)
        _ask(episode, eased, until)
    return episodes, after


def _ask(episode, eased, until):
    """Session by session, as the practice's review does: the latest answer and the ratings have to agree."""
    repaired = episode["end"] if episode["status"] == "repaired" else None
    word, episode["settled"] = None, None
    for t in range(episode["signalled"], until):
        if eased is not None and eased[t] is not None:
            word = eased[t]
        if word == 1 and repaired is not None and t >= repaired:
            episode["settled"] = t
            break
    if word is None:
        episode["settled"] = repaired
    episode["confirmation"] = {None: "not asked", 1: "confirmed", 0: "contradicted"}[word]


def _return(y, exact, episode, K):
    """Points back since the lowest rating up to the signal, and the forecast of them made at the signal."""
    s = episode["signalled"]
    upto = [r for r in y[episode["onset"] : s + 1] if r is not None]
    following = [t for t in range(s + 1, len(y)) if y[t] is not None][:K]
    episode |= dict.fromkeys(("rebound", "range", "next", "returned"))
    if not upto:
        return
    episode["rebound"] = exact[s]["m"] - min(upto)
    if following:
        last = following[-1]
        episode["next"], episode["returned"] = y[following[0]] - min(upto), y[last] - min(upto)
        ratio = exact[s]["C"] + sum(exact[t]["moved"] for t in range(s + 1, last + 1)) + 1
        half = float(stdtrit(exact[s]["n"], 0.975)) * math.sqrt(exact[s]["S"] * ratio)
        episode["range"] = (episode["rebound"] - half, episode["rebound"] + half)


def _finish(y, episode, K):
    """Nadir, depth, length, and the compatible rule."""
    last = len(y) - 1 if episode["end"] is None else episode["end"]
    inside = [t for t in range(episode["onset"], last + 1) if y[t] is not None]
    before = [r for r in y[: episode["onset"]] if r is not None]
    following = [t for t in range(episode["signalled"] + 1, len(y)) if y[t] is not None][:K]
    episode["length"] = len(inside)
    episode["nadir"] = episode["depth"] = None
    if inside:
        nadir = min(inside, key=lambda t: y[t])
        episode["nadir"], episode["depth"] = nadir, episode["B"] - y[nadir]
    episode["compatible"] = None
    if len(before) >= 2:
        mean = sum(before) / len(before)
        sd = math.sqrt(sum((r - mean) ** 2 for r in before) / (len(before) - 1))
        back = [t for t in following if y[t] >= before[-1] - 0.25 * sd]
        episode["compatible"] = back[0] if back else None
