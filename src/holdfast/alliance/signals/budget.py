"""How many false alarms a user is willing to see, and how they are spread over the kinds of signal."""

from dataclasses import dataclass
from types import MappingProxyType

from holdfast.alliance.kinds import SignalKind
from holdfast.errors import MethodError

MOST_PER_20 = 8.0
WEIGHTS = MappingProxyType(
    {SignalKind.ACUTE: 4.0, SignalKind.EROSION: 2.0, SignalKind.DISAGREEMENT: 1.0, SignalKind.TENSION: 1.0}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """False alarms per session that each kind of signal may have; their sum is the total."""

    acute: float
    erosion: float
    disagreement: float
    tension: float

    @property
    def total(self) -> float:
        """The most that all kinds together can have."""
        return self.acute + self.erosion + self.disagreement + self.tension


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The one dial: false alarms to expect in 20 sessions in which nothing has happened, over all kinds of signal.

    Default .6: acute .4 and erosion .2 when the client's ratings are all there is, as many as the detector has always
    had. With more sources the total stays; acute, erosion, disagreement and tension then share it 4 : 2 : 1 : 1, and
    what is not asked spends nothing (decision 0050).
    reports: "rare", reported tension is a signal of its own only where so much of it is rare enough for the budget;
    "said", it is one whenever enough was said, outside the budget, with its own rate beside it (decision 0052).
    Raises MethodError unless above 0 and at most 8, and for another word.
    """

    per_20: float = 0.6
    reports: str = "rare"

    def __post_init__(self) -> None:
        """Refuse a dial on which no rule could be set."""
        if not 0.0 < self.per_20 <= MOST_PER_20:
            raise MethodError(
                "{per_20} false alarms in 20 sessions were asked for. Ask for more than 0 and at most {most:g}.",
                per_20=self.per_20,
                most=MOST_PER_20,
            )
        if self.reports not in ("rare", "said"):
            raise MethodError("Reports of tension count as `{word}`. Write rare or said.", word=self.reports)

    @property
    def total(self) -> float:
        """The same per session."""
        return self.per_20 / 20.0

    def rates(self, *, disagreement: bool = False, tension: bool = False) -> Rates:
        """The total spread over the kinds of signal that the sources at hand can give.

        Rule: in proportion to the weights of the kinds present; by the union bound the rate of any signal at all is at
        most the sum. Shapes: one rate per kind, per session.
        """
        weights = dict(WEIGHTS)
        if not disagreement:
            weights[SignalKind.DISAGREEMENT] = 0.0
        if not tension or self.reports == "said":
            weights[SignalKind.TENSION] = 0.0
        unit = self.total / sum(weights.values())
        return Rates(
            acute=unit * weights[SignalKind.ACUTE],
            erosion=unit * weights[SignalKind.EROSION],
            disagreement=unit * weights[SignalKind.DISAGREEMENT],
            tension=unit * weights[SignalKind.TENSION],
        )
