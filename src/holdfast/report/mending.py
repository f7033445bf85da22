"""What became of the ruptures of all clients, what chance alone gives back, and whether the alliance is stronger."""

from holdfast.alliance import RepairStatus, Strengthening
from holdfast.report.model import CaseloadReport
from holdfast.report.phrases import STATUS
from holdfast.report.small import CountBar, count_bars
from holdfast.report.studies import Mending, Spread
from holdfast.report.trust import doubts_list
from holdfast.report.words import PER_CENT, count, grouped, interval, number, percent, safe, signed

FEWEST = 5  # clients; below this nothing is said of the direction
TONE = {RepairStatus.REPAIRED: "", RepairStatus.PARTLY: "", RepairStatus.NOT: "ember"}


def mending_chapter(report: CaseloadReport) -> str:
    """The chapter; nothing where no episode was opened."""
    found = report.mending
    if found is None:
        return ""
    return (
        '<section class="about" aria-labelledby="mending"><h2 id="mending">What became of the ruptures</h2>'
        f"<p>{safe(_sizes(found))}</p>{_statuses(found)}{_back(found)}{_stronger(found)}"
        f"{doubts_list(found.doubts)}</section>"
    )


def _sizes(found: Mending) -> str:
    """How many episodes, how deep, and how long until they were repaired in the ratings."""
    said = [f"{count(found.episodes, 'rupture episode')} in {count(found.clients, 'client')}."]
    if found.size and found.size_in_sd:
        said.append(
            f"The lowest rating lies {_middle(found.size, 'point')} below the level before; the median is "
            f"{number(found.size_in_sd.median)} times the client's own usual spread."
        )
    if found.latency:
        said.append(
            f"From onset to repair in the ratings it took {_middle(found.latency, 'session')}, in the "
            f"{grouped(found.latency.count)} repaired."
        )
    return " ".join(said)


def _middle(spread: Spread, unit: str) -> str:
    """The median with the range."""
    words = f"{number(spread.median)} {unit if spread.median == 1 else unit + 's'}"
    return words if spread.low == spread.high else f"{words} (median; {number(spread.low)} to {number(spread.high)})"


def _statuses(found: Mending) -> str:
    """How the episodes stand, each share with its interval."""
    bars = [
        CountBar(
            label=f"{STATUS[status][:1].upper()}{STATUS[status][1:]}",
            words=(
                f"{grouped(share.found)} \N{MIDDLE DOT} {percent(share.estimate)} ({number(100 * share.low, places=0)} "
                f"to {number(100 * share.high, places=0)}{PER_CENT})"
            ),
            share=share.estimate,
            low=share.low,
            high=share.high,
            tone=TONE.get(status, "calm"),
        )
        for status, share in found.statuses.items()
    ]
    return (
        f"<h3>How they stand in the ratings</h3>{count_bars(bars)}"
        f'<p class="small soft">Lines: 95{PER_CENT} intervals, clients as the units. Whether a strain eased, only the '
        "two can tell.</p>"
    )


def _back(found: Mending) -> str:
    """What came back beside what chance alone would give back."""
    if found.beyond is None:
        return ""
    beyond = found.beyond
    known = beyond.error == beyond.error
    much = f"{signed(beyond.value, places=1)} points {interval(beyond.low, beyond.high) if known else ''}".strip()
    said = (
        f"In the sessions after a signal {number(found.returned)} points came back on average (over "
        f"{count(found.compared, 'episode')}). After a rating as low, chance alone gives back {number(found.rebound)}. "
        f"What is left: {much}."
    )
    if not known:
        said += " With one client there is no interval."
    elif beyond.covers(0.0):
        said += " The interval holds 0: these data do not tell it from what chance gives back."
    return f"<h3>What came back, and what chance gives back</h3><p>{safe(said)}</p>"


def _stronger(found: Mending) -> str:
    """Level after less level before, over the archive."""
    heading = "<h3>Stronger afterwards than before?</h3>"
    seen = found.strengthening
    if seen is None:
        return ""
    return f"{heading}<p>{safe(stronger_words(seen))}</p>"


def stronger_words(seen: Strengthening) -> str:
    """The answer as a sentence, with its interval."""
    many = len(seen.row)
    if seen.estimate is None or seen.low is None or seen.high is None:
        return (
            f"Too few episodes to say: {count(many, 'episode')} of {count(seen.clients, 'client')} can be compared "
            "from both sides, and an interval takes two clients or more."
        )
    if seen.clients < FEWEST:
        tells = "Too few episodes to tell."
    elif seen.low > 0.0:
        tells = "The interval lies above 0: afterwards the alliance stood higher than before."
    elif seen.high < 0.0:
        tells = "The interval lies below 0: afterwards the alliance stood lower than before."
    else:
        tells = "The interval holds 0: these data do not tell."
    return (
        f"Over {count(many, 'episode')} of {count(seen.clients, 'client')} that can be compared from both sides, the "
        f"level after less the level before is {signed(seen.estimate, places=2)} of the client's usual spread "
        f"{interval(seen.low, seen.high, places=2)}. {tells} 0 is what chance, and a plain repair, would give."
    )
