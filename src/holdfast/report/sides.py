"""Client and therapist side by side: who rates higher, how far they move together, how near guesses come."""

from holdfast.alliance.pair import Attunement, Congruence, Consistency
from holdfast.report.model import CaseloadReport
from holdfast.report.trust import doubts_list
from holdfast.report.words import PER_CENT, count, number, safe, signed
from holdfast.stats.estimate import Estimate


def sides_chapter(report: CaseloadReport) -> str:
    """The chapter; nothing without a therapist's ratings or guesses."""
    found = report.sides
    if found is None:
        return ""
    said = [*(congruence_words(found.congruence) if found.congruence else ())]
    said += attunement_words(found.attunement) if found.attunement else ()
    said += [consistency_words(found.consistency)] if found.consistency else []
    said += found.not_computed
    items = "".join(f"<li>{safe(each)}</li>" for each in said)
    return (
        '<section class="about" aria-labelledby="sides"><h2 id="sides">Client and therapist side by side</h2>'
        f'<ul>{items}</ul><p class="small soft">Over all pairs together; none of it is a grade. Intervals are '
        f"95{PER_CENT}.</p>{doubts_list(found.doubts)}</section>"
    )


def _told(found: Estimate, *, sign: bool = False, places: int = 1) -> str:
    """A value with its interval."""
    form = signed if sign else number
    if found.error != found.error:
        return form(found.value, places=places)
    ends = f"{form(found.low, places=places)} to {form(found.high, places=places)}"
    return f"{form(found.value, places=places)} ({ends})"


def congruence_words(found: Congruence) -> list[str]:
    """Who rates higher, and whether the two move together."""
    gap = found.directional_discrepancy
    if gap.low > 0.0:
        level = "Therapists rate the session higher than their clients do"
    elif gap.high < 0.0:
        level = "Therapists rate the session lower than their clients do"
    else:
        level = "Neither side rates the session clearly higher"
    rise = ""
    if found.rise:
        over = "does not clearly change" if found.rise.covers(0.0) else "changes"
        rise = f" Over the sessions it {over}: {_told(found.rise, sign=True, places=2)} per doubling."
    implied = ", ".join(f"{each.value:.2f} at {share:g}" for share, each in found.implied.items())
    return [
        f"{level}: {_told(gap, sign=True)} points on average; pairs differ in it by "
        f"{_told(found.discrepancy_sd)}, as an SD.",
        "When a client's rating moves by one point, the therapist's moves by "
        f"{_told(found.temporal_congruence, places=2)} (a correlation of {number(found.within_correlation, places=2)} "
        f"within pairs).{rise}",
        f"If the client's changes had a reliability below 1, that would be {implied}.",
        "Published beside it: with 213 clients of 49 therapists, the two moved together and therapists rated lower "
        "(Atzil-Slonim and others 2015).",
    ]


def attunement_words(found: Attunement) -> list[str]:
    """How near the therapists' guesses come, and whether they come nearer."""
    near = found.narrowing
    if near.high < 0.0:
        over = "they come nearer"
    elif near.low > 0.0:
        over = "they move further away"
    else:
        over = "whether they come nearer these data do not tell"
    skill = found.skill.overall
    usual = (
        f" Against guessing the client's usual each time, the squared distance is smaller by the share "
        f"{_told(skill, places=2)}; 0 would be no nearer, 1 exact."
        if skill.value == skill.value
        else ""
    )
    return [
        f"Therapists' guesses of the client's rating lie {_told(found.bias, sign=True)} points from it on average "
        f"(above 0: too high). In the first session they are {_told(found.first_miss)} points off, either "
        f"way; over the sessions {over} ({_told(near, sign=True, places=2)} points per doubling of the session).{usual}"
    ]


def consistency_words(found: Consistency) -> str:
    """How much ratings usually swing."""
    swing = sorted(found.swing.tolist())
    middle = swing[len(swing) // 2]
    return (
        f"From session to session a client's rating usually swings by {number(middle)} points (the client in the "
        f"middle of {count(len(swing), 'client')}; from {number(swing[0])} to {number(swing[-1])} over all). A wide "
        "swing is a fact about a course, nobody's fault."
    )
