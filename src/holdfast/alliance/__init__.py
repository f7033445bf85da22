"""Course, detection, episodes: the reason Holdfast exists."""

from holdfast.alliance.calibration import Calibration, calibrate
from holdfast.alliance.combine import Combination, combine
from holdfast.alliance.course import Course, course
from holdfast.alliance.detect import Detection, detect
from holdfast.alliance.episodes import Episodes, RepairStatus, RuptureEpisode, follow
from holdfast.alliance.ledger import EpisodeTable
from holdfast.alliance.prior import Prior, learn_prior, prior_for_range
from holdfast.alliance.rule import Rule

__all__ = [
    "Calibration",
    "Combination",
    "Course",
    "Detection",
    "EpisodeTable",
    "Episodes",
    "Prior",
    "RepairStatus",
    "Rule",
    "RuptureEpisode",
    "calibrate",
    "combine",
    "course",
    "detect",
    "follow",
    "learn_prior",
    "prior_for_range",
]
