"""One pair's ratings over its sessions, with what is expected of each and what became of every rupture."""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from holdfast.alliance.detect import Detection, detect
from holdfast.alliance.prior import Prior
from holdfast.alliance.repair.episodes import Episodes, follow
from holdfast.alliance.rule import Rule
from holdfast.errors import MethodError
from holdfast.stats.arrays import as_series


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One score of one dyad: the detection (arrays are (1, T)) and its episodes."""

    detection: Detection
    episodes: Episodes


def course(
    scores: ArrayLike, *, prior: Prior, rule: Rule | None = None, steps: ArrayLike | None = None, ended: bool = False
) -> Course:
    """Detect and follow for one pair at once.

    Rule, meaning and source: `detect` and `follow`. Shapes: scores and steps (T,), missing nan.
    Raises MethodError for more than one row of scores, and as the two do.
    """
    series = as_series(scores)
    if len(series) != 1:
        raise MethodError("A course is one pair's; {rows} rows were given. Use detect for many.", rows=len(series))
    detection = detect(series, prior=prior, rule=rule, steps=steps)
    return Course(detection=detection, episodes=follow(detection, ended=[ended]))
