"""The settings of the simulated therapies: how much people differ, how ratings move, what goes wrong and when."""

from dataclasses import dataclass, fields

from holdfast.errors import MethodError


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that `simulate_sessions` needs to know; points are those of the scales 0-100 and 0-24.

    Alliance: start (mean), therapist_sd, client_sd, within_sd (median of the clients' own SDs), within_spread (SD of
    their logarithms), trend (points per doubling of the session number), autocorrelation (AR(1) of the ratings).
    Ruptures: rupture_rate (chance per session of an acute one), rupture_depth (in within-person SDs), repair_rate
    (chance per session that it is over), slide_rate (chance per client of a slow slide), slide_step (SDs per session).
    Therapist: therapist_correlation (of the errors of both ratings), therapist_lower (points by which therapists rate
    lower), prediction_error (SD of the guess). Outcome: outcome_start, outcome_sd, outcome_trend (points per doubling),
    outcome_link (points lower next session per 10 points of alliance above the client's own mean).
    missing_rate: chance that a session stays unrated. Raises MethodError for values out of range.
    """

    start: float = 72.0
    therapist_sd: float = 4.0
    client_sd: float = 10.0
    within_sd: float = 5.0
    within_spread: float = 0.35
    trend: float = 1.0
    autocorrelation: float = 0.0
    rupture_rate: float = 0.03
    rupture_depth: float = 4.0
    repair_rate: float = 0.5
    slide_rate: float = 0.1
    slide_step: float = 0.7
    therapist_correlation: float = 0.3
    therapist_lower: float = 4.0
    prediction_error: float = 6.0
    outcome_start: float = 14.0
    outcome_sd: float = 4.0
    outcome_trend: float = -1.2
    outcome_link: float = 0.8
    missing_rate: float = 0.08

    def __post_init__(self) -> None:
        """Refuse chances outside 0 to 1, correlations outside -1 to 1, and spreads below 0."""
        for field in fields(self):
            value, name = getattr(self, field.name), field.name
            shares = name.endswith("_rate")
            correlations = name in ("autocorrelation", "therapist_correlation")
            low, high = (0.0, 1.0) if shares else (-0.999, 0.999) if correlations else (-1e6, 1e6)
            if name.endswith(("_sd", "_spread", "_error")):
                low = 0.0
            if not low <= value <= high:
                raise MethodError(
                    "The world's {name} is {number}. It lies between {low} and {high}.",
                    name=name,
                    number=value,
                    low=low,
                    high=high,
                )
