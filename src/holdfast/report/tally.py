"""What the report counts, once, so that its sentences, bars and tables cannot disagree."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from holdfast.alliance import RepairStatus
from holdfast.outcome import ChangeCategory
from holdfast.report.figure import known
from holdfast.report.model import CaseloadReport, ClientCourse
from holdfast.report.scatter import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """clients and sessions: all of them; rated: sessions with an alliance rating; monitored: those late enough to
    raise a signal; acute to disagreement: sessions that this signal leads in; said: sessions with reported tension and
    no other signal, where such reports have no chance rate (they are not among the signals); pooled: whether more was
    given than the rating; by_chance: how many signals come up in as many monitored sessions when nothing has happened;
    statuses: of the rupture episodes; with_episode: clients with one; pairs: first and last outcome of clients with
    two; changes: how many in each category."""

    clients: int
    sessions: int
    rated: int
    monitored: int
    acute: int
    erosion: int
    tension: int
    disagreement: int
    said: int
    pooled: bool
    by_chance: float
    statuses: Mapping[RepairStatus, int]
    with_episode: int
    pairs: tuple[Pair, ...]
    changes: Mapping[str, int]

    @property
    def signals(self) -> int:
        """Sessions with a signal of any kind that has a chance rate."""
        return self.acute + self.erosion + self.tension + self.disagreement

    @property
    def rupture_episodes(self) -> int:
        """All episodes, whatever became of them."""
        return sum(self.statuses.values())

    @property
    def improved(self) -> int:
        """Clients who improved reliably, those among them who recovered included."""
        return self.changes.get(ChangeCategory.IMPROVED, 0) + self.changes.get(ChangeCategory.RECOVERED, 0)


def tally(report: CaseloadReport) -> Tally:
    """Count everything once."""
    rule, trust = (report.alliance.rule if report.alliance else None), report.trust
    signals = Counter(signal for client in report.clients for signal in client.signals)
    rated = [len(known(client.alliance)) for client in report.clients]
    monitored = sum(max(0, number - rule.first_alarm + 1) for number in rated) if rule else 0
    as_said = signals["tension"] if trust and not trust.rates.tension else 0
    by_chance = monitored * (rule.alpha + 1.0 / rule.run_length) if rule else 0.0
    pairs = tuple(pair for client in report.clients if (pair := pair_of(client)))
    statuses = Counter(found.status for client in report.clients for found in client.episodes)
    return Tally(
        clients=len(report.clients),
        sessions=sum(len(client.sessions) for client in report.clients),
        rated=sum(rated),
        monitored=monitored,
        acute=signals["acute"],
        erosion=signals["erosion"],
        tension=signals["tension"] - as_said,
        disagreement=signals["disagreement"],
        said=as_said,
        pooled=bool(trust and trust.pooled),
        by_chance=trust.by_chance if trust else by_chance,
        statuses=MappingProxyType(dict(statuses)),
        with_episode=sum(1 for client in report.clients if client.episodes),
        pairs=pairs,
        changes=MappingProxyType(dict(Counter(pair.category for pair in pairs))),
    )


def pair_of(client: ClientCourse) -> Pair | None:
    """First and last outcome score; None with fewer than two."""
    scored = known(client.outcome)
    if len(scored) < 2:
        return None
    first, last = float(client.outcome[scored[0]]), float(client.outcome[scored[-1]])
    return Pair(first=first, last=last, category=client.category)
