"""How far the signals can be trusted: each kind beside chance, the stated rate beside the observed one, the doubts."""

from collections.abc import Sequence

from holdfast.alliance import Calibration
from holdfast.alliance.signals import TensionRule
from holdfast.report.model import CaseloadReport
from holdfast.report.small import RateBar, rate_bars
from holdfast.report.studies import Trust
from holdfast.report.tails import tail_figure
from holdfast.report.words import PER_CENT, count, grouped, number, percent, safe

KIND = {
    "acute": "A session lower than expected",
    "erosion": "A slide over several sessions",
    "tension": "Tension reported",
    "disagreement": "Two views far apart",
}


def trust_chapter(report: CaseloadReport) -> str:
    """The chapter; nothing where no session could have raised a signal."""
    trust = report.trust
    if trust is None:
        return ""
    alliance = report.alliance.doubts if report.alliance else ()
    return (
        '<section class="about" aria-labelledby="trust"><h2 id="trust">How far to trust the signals</h2>'
        f"{_kinds(trust)}{_calibration(trust.calibration, trust.pooled)}{_tension(trust)}{_starting(trust)}"
        f"{doubts_list((*alliance, *trust.doubts))}</section>"
    )


def doubts_list(doubts: Sequence[str], *, heading: str = "Doubts") -> str:
    """What limits a chapter, each sentence once."""
    items = "".join(f"<li>{safe(doubt)}</li>" for doubt in dict.fromkeys(doubts))
    return f'<h3>{safe(heading)}</h3><ul class="small">{items}</ul>' if items else ""


def _kinds(trust: Trust) -> str:
    """Each kind of signal on one scale, beside what chance alone gives."""
    bars = []
    for kind, found in trust.kinds.items():
        rate = getattr(trust.rates, kind)
        if not rate:
            continue
        words = f"{grouped(found)} \N{MIDDLE DOT} chance alone at most about {number(rate * trust.monitored, places=1)}"
        share = found / trust.monitored
        label = KIND[kind] if trust.pooled or kind != "acute" else "A rating lower than expected"
        bars.append(RateBar(label=label, words=words, found=share, chance=rate, more=share > rate))
    said = (
        f"In {count(trust.monitored, 'monitored session')}. The tick is what chance alone gives at most when nothing "
        f"has happened; at most {number(trust.budget.per_20, places=2)} of all kinds in 20 sessions, as asked for. A "
        "session may hold several kinds."
    )
    return f'<h3>Signals by kind</h3>{rate_bars(bars)}<p class="small soft">{safe(said)}</p>'


def _calibration(seen: Calibration, pooled: bool) -> str:
    """The stated rate beside the observed one, and the distribution behind it."""
    if not seen.observed.of:
        return ""
    counts = seen.histogram.tolist()
    share = seen.observed
    what = "everything said in a session" if pooled else "a rating"
    said = [
        f"Stated: {what} this low comes up by chance in {percent(seen.nominal)} of sessions. Observed: "
        f"{number(seen.per_100, places=1)} of 100 monitored sessions (95{PER_CENT} interval "
        f"{number(100 * share.low)} to {number(100 * share.high)}, clients as the units). {_verdict(seen)}",
        "If nothing had ever happened and the model were exact, all columns would end near the dashed line. Columns as "
        f"uneven as these come up {_often(seen.flatness)} then. Real ruptures make the lowest ones taller, and a scale "
        "with few steps makes all of them uneven.",
    ]
    return (
        f"<h3>Stated and observed rate</h3>{''.join(f'<p>{safe(each)}</p>' for each in said)}"
        f"{tail_figure(counts, name='tails')}{_threshold(seen)}"
    )


def _often(chance: float) -> str:
    """A tail in words."""
    return "in less than 1 of 1,000 files" if chance < 0.001 else f"in {percent(chance)} of files"


def _verdict(seen: Calibration) -> str:
    """Whether the interval holds the stated rate."""
    if seen.exceeded:
        return "That is more than stated: real ruptures are among them, and perhaps more false signals than promised."
    if seen.observed.high < seen.nominal:
        return "That is less than stated."
    return "The interval holds the stated rate."


def _threshold(seen: Calibration) -> str:
    """The threshold that would keep the stated rate on these data, offered where it was exceeded."""
    if not seen.exceeded:
        return ""
    tried = ""
    if seen.held_out is not None:
        tried = (
            f" Tried out, each half of the clients with the threshold of the other: "
            f"{number(100 * seen.held_out.estimate, places=1)} of 100 (95{PER_CENT} interval "
            f"{number(100 * seen.held_out.low)} to {number(100 * seen.held_out.high)})."
        )
    said = (
        f"A threshold of {seen.threshold:.2g} in place of {seen.nominal:.2g} would keep the stated rate on this file "
        f"(split conformal).{tried} It would also find fewer real ruptures; this report has not used it."
    )
    return f"<p>{safe(said)}</p>"


def _tension(trust: Trust) -> str:
    """From which amount on reported tension is a signal, and how often it is reported anyway; then the fixed rule."""
    said = [_reports(name, rule, rare=trust.rates.tension > 0.0) for name, rule in trust.tension.items()]
    if trust.talk_at is not None:
        said.append(
            f"Worth talking about, by the fixed cut-off and apart from all signals: {grouped(trust.talk)} ratings of "
            f"{number(trust.talk_at)} or less; by each client's own history about "
            f"{number(trust.talk_expected, places=0)} were to be expected."
        )
    return f"<h3>What was said</h3><ul>{''.join(f'<li>{safe(each)}</li>' for each in said)}</ul>" if said else ""


def _reports(name: str, rule: TensionRule, *, rare: bool) -> str:
    """One source of reported tension."""
    who = "clients" if name == "client_tension" else "therapists"
    if rule.any_rate is None or rule.base_rate is None:
        return (
            f"Tension reported by {who} is a signal from {number(rule.at_least)} on. How often it is reported when "
            "nothing else is unusual is not known here: too few sessions."
        )
    share = rule.any_rate
    usual = (
        f"{who.capitalize()} report some tension in {percent(share.estimate)} of sessions without another signal "
        f"(95{PER_CENT} interval {number(100 * share.low)} to {number(100 * share.high)})."
    )
    if rule.at_least == float("inf"):
        return f"{usual} No amount is rare enough to be a signal by itself; it counts together with the ratings."
    counted = f"From {number(rule.at_least)} on it is a signal by itself"
    why = "rare enough for that" if rare else "as it was said"
    return f"{usual} {counted}: {why}, in {percent(rule.base_rate.estimate)} of such sessions."


def _starting(trust: Trust) -> str:
    """The prior behind every signal, in a sentence for each rater."""
    said = "".join(f"<li>{safe(f'{who}: {_short(sentence)}')}</li>" for who, sentence in trust.priors.items())
    return f"<h3>Where expectation starts</h3><ul>{said}</ul>"


def _short(sentence: str) -> str:
    """A prior's sentence without the words that stand in the heading."""
    return sentence.removeprefix("Expectation starts ")
