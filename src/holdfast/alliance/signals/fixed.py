"""A practice's fixed rule, kept apart from every signal: a rating at or below a cut-off is worth talking about."""

from dataclasses import dataclass

import numpy as np
from scipy.special import stdtr

from holdfast.alliance.detect import Detection
from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, freeze

METHOD = "talk-about-it"


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkAboutIt:
    """Where the rule applies, (N, T), and how often it would for this person if nothing happened.

    chance: the share of sessions in which this person's rating is expected at or below the cut-off, from the earlier
    ratings; for somebody who usually rates low it is large, and says nothing about a rupture.
    """

    applies: BoolArray
    cutoff: float
    chance: FloatArray
    method: str
    doubts: tuple[str, ...]


def talk_about_it(detection: Detection, *, cutoff: float) -> TalkAboutIt:
    """Mark ratings at or below a fixed cut-off, beside how often that is expected of this person anyway.

    Rule: rating <= cutoff. chance = T_cdf((cutoff - expected)/scale; n), the forecast's share at or below it, which for
    a person whose level and SD are known is Phi((cutoff - level)/sd).
    Meaning: a prompt for a conversation, never a rupture, and never part of a false-alarm rate.
    Units: points. Raises MethodError for a cut-off that is no number.
    Source: a fixed cut-off is how the Session Rating Scale is used (Duncan et al. 2003: total of 36 or less).
    """
    if not np.isfinite(cutoff):
        raise MethodError("The cut-off is {cutoff}. Give a number of the scale.", cutoff=cutoff)
    states = detection.states
    z = (cutoff - states.forecast) / states.scale
    return TalkAboutIt(
        applies=freeze(np.asarray(detection.scores <= cutoff)),
        cutoff=float(cutoff),
        chance=freeze(np.asarray(stdtr(states.forecast_freedom, z), dtype=np.float64)),
        method=METHOD,
        doubts=("A fixed cut-off does not know this pair: who usually rates low is marked often.",),
    )
