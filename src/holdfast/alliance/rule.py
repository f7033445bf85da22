"""When a rating counts as a signal, and when a rupture counts as repaired: the settings, in one place."""

from dataclasses import dataclass

from holdfast.errors import MethodError
from holdfast.stats.cusum import cusum_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The settings of the detector and of the follow-up; every result carries them.

    alpha: share of sessions with an acute signal when nothing has happened; robust: ratings further than this many
    expected SDs from expectation are weighted down (None: never); consistent: whether the variance then allows for what
    was weighted down (no: the plain recursion, with about a tenth more false signals); slack and run_length: the slide
    detector (CUSUM) and the average number of sessions between its false signals; first_alarm: the first rated session
    that may raise a signal; window: rated sessions after the signal in which a repair is looked for;
    repair_probability: how sure the return has to be; tolerance: how close to the baseline counts as back, in
    within-person SDs.
    Raises MethodError for settings out of range.
    """

    alpha: float = 0.02
    robust: float | None = 2.5
    consistent: bool = True
    slack: float = 0.75
    run_length: float = 100.0
    first_alarm: int = 3
    window: int = 4
    repair_probability: float = 0.8
    tolerance: float = 0.5

    def __post_init__(self) -> None:
        """Refuse settings with which the words above would not be true."""
        bounds = (
            ("alpha", 0.0 < self.alpha < 0.5, "above 0 and below .5"),
            ("robust", self.robust is None or self.robust > 0.0, "above 0, or None"),
            ("slack", self.slack >= 0.0, "0 or more"),
            ("first_alarm", self.first_alarm >= 2, "2 or more"),
            ("window", self.window >= 1, "1 or more"),
            ("repair_probability", 0.0 < self.repair_probability < 1.0, "between 0 and 1"),
            ("tolerance", self.tolerance >= 0.0, "0 or more"),
        )
        for name, fits, wanted in bounds:
            if not fits:
                raise MethodError(
                    "The rule's {name} is {number}. It has to be {wanted}.",
                    name=name,
                    number=getattr(self, name),
                    wanted=wanted,
                )
        cusum_limit(self.slack, self.run_length)

    @property
    def limit(self) -> float:
        """The CUSUM limit that gives the run length; slack .75 and run length 100 give 2.0369."""
        return cusum_limit(self.slack, self.run_length)

    @property
    def false_signals_per_20(self) -> float:
        """Acute signals to expect in 20 monitored sessions when nothing has happened."""
        return 20.0 * self.alpha
