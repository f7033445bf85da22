"""Course, detection, episodes: the reason Holdfast exists."""

from holdfast.alliance.calibration import Calibration, calibrate
from holdfast.alliance.combine import Combination, combine
from holdfast.alliance.course import Course, course
from holdfast.alliance.detect import Detection, detect
from holdfast.alliance.episodes import Episodes, RuptureEpisode, follow
from holdfast.alliance.hindsight import Hindsight, Regimes, hindsight, learn_regimes
from holdfast.alliance.kinds import SignalKind
from holdfast.alliance.prior import Prior, learn_prior, prior_for_range
from holdfast.alliance.rule import Rule
from holdfast.alliance.standing import Confirmation, RepairStatus
from holdfast.alliance.strengthening import Strengthening, strengthening
from holdfast.alliance.stretches import Stretches
from holdfast.alliance.table import EpisodeTable

__all__ = [
    "Calibration",
    "Combination",
    "Confirmation",
    "Course",
    "Detection",
    "EpisodeTable",
    "Episodes",
    "Hindsight",
    "Prior",
    "Regimes",
    "RepairStatus",
    "Rule",
    "RuptureEpisode",
    "SignalKind",
    "Strengthening",
    "Stretches",
    "calibrate",
    "combine",
    "course",
    "detect",
    "follow",
    "hindsight",
    "learn_prior",
    "learn_regimes",
    "prior_for_range",
    "strengthening",
]
