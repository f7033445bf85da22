"""What rules of published studies say of these ratings, each beside its rate on pure noise, and how they agree."""

import math

from holdfast.alliance import RuleFlags
from holdfast.alliance.rules import Provenance
from holdfast.report.model import CaseloadReport
from holdfast.report.small import RateBar, rate_bars
from holdfast.report.studies import PublishedRules
from holdfast.report.trust import doubts_list
from holdfast.report.words import MINUS, count, grouped, percent, safe

LABEL = {
    Provenance.PUBLISHED: "As published: ",
    Provenance.METHOD: "A published method, our use of it: ",
    Provenance.OURS: "Our reading of ",
    Provenance.DESIGN: "Our own design: ",
}


def published_chapter(report: CaseloadReport) -> str:
    """The chapter; nothing where too little was rated."""
    found = report.rules
    if found is None:
        return ""
    rated = found.agreement.rules[0].sessions.of
    intro = (
        f"What rules of published studies would flag in the {count(rated, 'rated session')} of "
        f"{count(found.clients, 'client')}. The tick is what the same rule flags in pure noise of the same lengths, in "
        "which nothing happens. A bar that ends near its tick says no more than noise does. Most of these rules look "
        "back over a whole therapy; none was used above."
    )
    return (
        '<section class="about" aria-labelledby="rules"><h2 id="rules">Published rules on these ratings</h2>'
        f"<p>{safe(intro)}</p>{rate_bars([_bar(each, found) for each in found.agreement.rules])}"
        f"{_agreement(found)}{doubts_list(found.doubts)}</section>"
    )


def _bar(each: RuleFlags, found: PublishedRules) -> RateBar:
    """One rule: its count, its share, its share of noise, where it comes from."""
    seen, chance = each.sessions, each.chance
    same = found.same.get(each.rule.name, ())
    also = f" The same arithmetic: {', '.join(same)}." if same else ""
    return RateBar(
        label=each.rule.name,
        words=(
            f"{grouped(seen.found)} \N{MIDDLE DOT} {percent(seen.estimate)} \N{MIDDLE DOT} pure noise "
            f"{percent(chance.session)}"
        ),
        found=seen.estimate,
        chance=chance.session,
        note=f"{LABEL[each.rule.provenance]}{each.rule.source}.{also}",
        more=seen.low > chance.session,
    )


def _agreement(found: PublishedRules) -> str:
    """Cohen's kappa of every two rules, on these ratings and on noise."""
    names = [each.rule.name for each in found.agreement.rules]
    head = "".join(f'<th scope="col"><abbr title="{safe(name)}">{at + 1}</abbr></th>' for at, name in enumerate(names))
    rows = "".join(
        f'<tr><th scope="row">{at + 1}. {safe(name)}</th>{_cells(found, at)}</tr>' for at, name in enumerate(names)
    )
    said = (
        "Cohen's kappa of every two rules: 1 is full agreement, 0 what two coins with the same shares would give. "
        "Above the diagonal: these ratings. Below it, in soft type: pure noise. Where both are alike, two rules "
        "share a formula and need not see the same event."
    )
    return (
        f'<h3>How far they agree</h3><p class="small soft">{said}</p>'
        '<div class="scroll" tabindex="0" role="region" aria-label="Agreement of every two rules">'
        f'<table class="square"><thead><tr><th scope="col">Rule</th>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cells(found: PublishedRules, row: int) -> str:
    """One row of the square: noise before the diagonal, these ratings after it."""
    seen, noise = found.agreement.kappa[row], found.agreement.chance_kappa[row]
    before = "".join(f'<td class="soft">{_kappa(float(value))}</td>' for value in noise[:row])
    after = "".join(f"<td>{_kappa(float(value))}</td>" for value in seen[row + 1 :])
    return f"{before}<td>\N{MIDDLE DOT}</td>{after}"


def _kappa(value: float) -> str:
    """Two digits, a dash where neither rule flags anything."""
    if math.isnan(value):
        return "\N{EN DASH}"
    return f"{value:.2f}".replace("-0.00", "0.00").replace("-", MINUS)
