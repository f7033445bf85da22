"""The detector and the follow-up for one client, one rating at a time, in plain Python, from the formulae.

Missing is None. Columns count from 0. Nothing here looks at the fast code.
"""

import math
from functools import cache

from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import betaln, ndtr, ndtri, stdtr, stdtrit


def tail(z, n):
    return float(stdtr(n, z))


def score_of(p):
    return float(ndtri(min(max(p, 1e-6), 1 - 1e-6)))


@cache
def counted_for(n, kappa):
    """The factor c(n), by quadrature over Student's density and bisection; 10 at most."""

    def density(z):
        return math.exp(-0.5 * (n + 1) * math.log1p(z * z / n) - betaln(n / 2, 0.5)) / math.sqrt(n)

    def moved(z, c, kept):
        return (math.log1p(c * kept / n) - math.log1p(z * z / n)) * density(z)

    def departure(c):
        near = quad(lambda z: moved(z, c, z * z), 0, kappa, epsabs=1e-14, epsrel=1e-12)[0]
        return near + quad(lambda z: moved(z, c, kappa**2), kappa, math.inf, epsabs=1e-14)[0]

    return 10.0 if departure(10.0) < 0 else brentq(departure, 1.0, 10.0, xtol=1e-13)


def filter_one(y, *, priors, kappa=2.5, consistent=True, steps=None, starts=None, ceiling=math.inf):
    """One dictionary per session: forecast, scale, z, p, w, u (None if unrated), the state m, C, S, n after it, and the
    number of ratings of its segment, up to and with it. A prior is (m0, C0, n0, S0, q, b, nu)."""
    now = priors[max(abs(starts[0]) - 1, 0)] if starts else priors[0]
    m0, C0, n0, S0, q, b, nu = now
    m, C, S, n = m0, C0, S0, n0
    place, rated, squares = 1.0, 0, 0  # squares: how many ratings the variance has seen in all
    rows = []
    for t, rating in enumerate(y):
        dt = 1.0 if steps is None else steps[t]
        start = starts[t] if starts else 0
        R = C if t == 0 else C + q * dt
        place = place if t == 0 else place + dt
        if start and t > 0:
            own = max((n * S - n0 * S0) / S0, 0.0)  # what this person's ratings said, in units of the old prior
            m0, C0, n0, S0, q, b, nu = priors[abs(start) - 1]
            m, R, n = m0, C0, n0 + squares
            S = S0 * (n0 + own) / n
        if start:
            rated = 0
            place = 1.0 if start > 0 else place
        Q = R + 1
        risen = b * math.log2(place)
        f, sc = m + risen, math.sqrt(S * Q)
        df = n if nu == math.inf else n * nu / (n + nu)
        row = {"f": f, "sc": sc, "z": None, "p": None, "w": None, "u": None, "df": df}
        if rating is None:
            C = R
        else:
            e = rating - f
            row["z"] = z = e / sc
            row["p"] = p = tail(z, row["df"])
            z2, told = z * z, 1.0
            if rating >= ceiling:  # at least this much: what is expected beyond the ceiling stands for it
                a = (ceiling - f) / sc
                row["p"] = p = (1 + tail(a, row["df"])) / 2
                h = math.exp(-a * a / 2) / math.sqrt(2 * math.pi) / float(ndtr(-a)) if abs(a) < 30 else max(a, 0.0)
                z2, e, told = 1 + a * h, h * sc, h * (h - a)
            row["u"] = score_of(p)
            row["w"] = w = 1.0 if kappa is None or z2 <= kappa**2 else kappa**2 / z2
            c = 1.0 if kappa is None or not consistent else counted_for(n, kappa)
            m = m + (R / (R + 1 / w)) * e
            C = R * (1 - told * R * w / (R * w + 1))
            S = S * (n + c * w * z2) / (n + 1)
            n, rated, squares = n + 1, rated + 1, squares + 1
        rows.append(
            row
            | {
                "m": m + risen,
                "C": C,
                "S": S,
                "n": n,
                "rated": rated,
                "start": start != 0,
                "moved": q * dt,
                "risen": risen,
            }
        )
    return rows


def mid_p(rating, row, low, high, step):
    """The chance of a lower score and half of that of this one; a score stands for all that rounds to it."""
    below, upto = 0.0, 1.0
    if rating - step / 2 >= low:
        below = tail((rating - step / 2 - row["f"]) / row["sc"], row["df"])
    if rating + step / 2 <= high:
        upto = tail((rating + step / 2 - row["f"]) / row["sc"], row["df"])
    return below + (upto - below) / 2


def detect_one(y, rows, *, alpha, k, h, first_alarm, scale=None):
    """Add W, acute, erosion and onset to each row; scale (low, high, step) makes every p a mid-p."""
    W, began = 0.0, None
    for t, row in enumerate(rows):
        row["acute"] = row["erosion"] = False
        W, began = (0.0, None) if row["start"] else (W, began)
        rated = row["rated"]
        if y[t] is not None:
            if scale is not None:
                row["p"] = mid_p(y[t], row, *scale)
                row["u"] = score_of(row["p"])
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
    episode |= dict.fromkeys(("rebound", "rebound_next", "range", "next", "returned"))
    if not upto:
        return
    episode["rebound"] = episode["rebound_next"] = exact[s]["m"] - min(upto)
    if following:
        last = following[-1]
        episode["rebound"] += exact[last]["risen"] - exact[s]["risen"]
        episode["rebound_next"] += exact[following[0]]["risen"] - exact[s]["risen"]
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
