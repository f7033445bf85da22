"""The first page: the main thing as a sentence, then the figures a person would show in a team meeting."""

from holdfast.report.model import AllianceStudy, CaseloadReport, OutcomeStudy
from holdfast.report.phrases import change_sentence, episode_sentence, signal_sentence
from holdfast.report.scatter import ScatterFigure, change_scatter, scatter_summary
from holdfast.report.small import CountBar, count_bars
from holdfast.report.tally import Tally
from holdfast.report.words import PER_CENT, count, grouped, number, percent, safe
from holdfast.stats.proportion import wilson_interval

SIMULATED = "Simulated data: no person is behind these numbers."


def opening(report: CaseloadReport, tally: Tally) -> str:
    """Title, main sentences, group figures, and what to keep in mind: one printed page."""
    banner = f'<p class="simulated">{SIMULATED}</p>' if report.simulated else ""
    made = f"Holdfast \N{MIDDLE DOT} {safe(report.made_on)}" if report.made_on else "Holdfast"
    leads = "".join(f'<p class="lead">{safe(sentence)}</p>' for sentence in main_sentences(report, tally))
    return (
        f'{banner}<header class="head"><p class="eyebrow">{made}</p><h1>{safe(report.title)}</h1>{leads}'
        f'<p class="small soft">{safe(_came_in(report, tally))}</p></header>'
        f'{_figures(report, tally)}<section class="first-page" aria-labelledby="mind">'
        f'<h2 id="mind">To keep in mind</h2>'
        f"{_limits(report)}</section>"
    )


def main_sentences(report: CaseloadReport, tally: Tally) -> list[str]:
    """What a colleague would say first."""
    if not report.clients:
        return ["No client of this file has a score that can be shown."]
    said = [change_sentence(tally, report.outcome)] if report.outcome else []
    return [*said, *([signal_sentence(tally, report.alliance)] if report.alliance else [])]


def _came_in(report: CaseloadReport, tally: Tally) -> str:
    """The input in one line."""
    intake = report.intake
    left = len(intake.left_out)
    whole = "; nothing was left out" if intake.used == intake.rows else ""
    noted = f"; {count(left, 'entry', 'entries')} left out, named below" if left else whole
    return (
        f"From {intake.source}: {count(tally.clients, 'client')}, {count(tally.sessions, 'session')}, "
        f"{grouped(intake.used)} of {count(intake.rows, 'row')} used{noted}."
    )


def _figures(report: CaseloadReport, tally: Tally) -> str:
    """Change on the left, signals and episodes on the right; nothing without its interval or its null rate."""
    scatter = _scatter(report.outcome, tally) if report.outcome and tally.pairs else ""
    sides = [_changes(report.outcome, tally)] if report.outcome else []
    sides += [_signals(report.alliance, tally)] if report.alliance and tally.monitored else []
    side = "".join(sides)
    if not scatter and not side:
        return ""
    alone = "" if scatter and side else " alone"
    right = f'<div class="side">{side}</div>' if side else ""
    return (
        '<section aria-labelledby="together"><h2 id="together" class="only-heard">All clients together</h2>'
        f'<div class="figures{alone}">{scatter}{right}</div></section>'
    )


def _scatter(study: OutcomeStudy, tally: Tally) -> str:
    """First score against last."""
    summary = scatter_summary(tally.pairs, study.name)
    figure = ScatterFigure(
        name="first-to-last",
        title=f"{study.name}, first score against last",
        summary=summary,
        measure=study.name,
        pairs=tally.pairs,
        higher_is=study.higher_is,
        reliable_points=study.reliable_points,
        cutoff=study.cutoff,
    )
    band = "" if study.reliable_points is None else " Within the band, measurement error alone may explain the change."
    line = "" if study.cutoff is None else f" Dotted: the cut-off {number(study.cutoff)}."
    note = f"One sign for each client, larger where several share both scores. Dashed: no change.{band}{line}"
    return (
        f'<div class="card"><h3>From first to last</h3>{change_scatter(figure)}'
        f'<p class="small soft">{safe(note)}</p></div>'
    )


def _changes(study: OutcomeStudy, tally: Tally) -> str:
    """How many changed, each share with its interval; nothing where no reliability was given."""
    if study.reliable_points is None:
        return (
            '<div class="card"><h3>Reliable change</h3><p>Not shown: it needs the reliability of the score, and none '
            "was given.</p></div>"
        )
    of = sum(tally.changes.values())
    rows = (
        ("Improved", tally.improved, ""),
        ("Unchanged", tally.changes.get("unchanged", 0), "calm"),
        ("Deteriorated", tally.changes.get("deteriorated", 0), "ember"),
    )
    bars = count_bars([_share_bar(label, found, of, tone) for label, found, tone in rows]) if of else ""
    recovered = tally.changes.get("recovered", 0)
    into = f" {grouped(recovered)} of the improved came into the functional range." if study.cutoff is not None else ""
    said = (
        f"More than {number(study.reliable_points)} points, first to last (Jacobson and Truax). Lines: 95 % intervals."
        f"{into} If nobody had changed, about 1 in 40 would still appear in each of the outer groups."
    )
    return f'<div class="card"><h3>Reliable change</h3>{bars}<p class="small soft">{said}</p></div>'


def _share_bar(label: str, found: int, of: int, tone: str) -> CountBar:
    """A count, its share and the interval of the share."""
    share = wilson_interval(found, of)
    words = f"{grouped(found)} \N{MIDDLE DOT} {percent(share.estimate)} ({ends(share.low, share.high)})"
    return CountBar(label=label, words=words, share=share.estimate, low=share.low, high=share.high, tone=tone)


def ends(low: float, high: float) -> str:
    """An interval of a share: 31 to 60 %."""
    return f"{percent(low).removesuffix(PER_CENT)} to {percent(high)}"


def _signals(study: AllianceStudy, tally: Tally) -> str:
    """Signals found beside what chance alone would give, on one scale; then what became of the episodes."""
    top = max(tally.signals, tally.by_chance, 1.0) * 1.15
    share = wilson_interval(min(tally.signals, tally.monitored), tally.monitored)
    bars = (
        CountBar(label="Found", words=f"{grouped(tally.signals)}", share=tally.signals / top, tone="ember"),
        CountBar(
            label="Chance alone",
            words=f"about {number(tally.by_chance, places=0)}",
            share=tally.by_chance / top,
            tone="calm",
        ),
    )
    rate = (
        f"{percent(share.estimate)} of {count(tally.monitored, 'monitored session')} (95 % interval "
        f"{ends(share.low, share.high)}). {_chance(study, tally)}"
    )
    return (
        f'<div class="card"><h3>Signals in the {safe(study.name)}</h3>{count_bars(bars)}'
        f'<p class="small soft">{rate}</p>'
        f'<h3>Rupture episodes</h3><p class="small soft">{episode_sentence(tally)}</p></div>'
    )


def _chance(study: AllianceStudy, tally: Tally) -> str:
    """What the rule gives when nothing has happened."""
    if tally.pooled:
        share = tally.by_chance / tally.monitored
        return f"If nothing had happened, at most {percent(share)} of them would raise a signal of any kind."
    return (
        f"If nothing had happened, the rule would flag {percent(study.rule.alpha)} of them as single low ratings, and "
        f"one slide in {number(study.rule.run_length, places=0)}."
    )


def _limits(report: CaseloadReport) -> str:
    """Three sentences that belong on the first page."""
    said = []
    if report.alliance:
        said.append("A signal is an unusual drop in a rating, not an observed rupture. Asking is the only way to know.")
        said.append(
            "No signal is no green light: a single dip of twice the usual spread is found about one time in three."
        )
    if report.outcome:
        said.append(
            "A change does not say what it came from; many begin at their worst, and chance alone brings some back."
        )
    said.append("This page describes what was rated. It foretells nothing, and it does not rank anybody.")
    return f"<ul>{''.join(f'<li>{sentence}</li>' for sentence in said)}</ul>"
