"""Course, detection, episodes: the reason Holdfast exists."""

from holdfast.alliance.breaks import Breaks
from holdfast.alliance.calibration import Calibration, calibrate
from holdfast.alliance.combine import Combination, combine
from holdfast.alliance.course import Course, course
from holdfast.alliance.detect import Detection, detect
from holdfast.alliance.episodes import Episodes, RepairStatus, RuptureEpisode, follow
from holdfast.alliance.learn import learn_prior
from holdfast.alliance.ledger import EpisodeTable
from holdfast.alliance.live import LiveState, Verdict, advance, begin
from holdfast.alliance.prior import Prior, prior_for_range
from holdfast.alliance.rule import Rule
from holdfast.alliance.scale import RatingScale
from holdfast.alliance.screen import Screening, detections, screen

__all__ = [
    "Breaks",
    "Calibration",
    "Combination",
    "Course",
    "Detection",
    "EpisodeTable",
    "Episodes",
    "LiveState",
    "Prior",
    "RatingScale",
    "RepairStatus",
    "Rule",
    "RuptureEpisode",
    "Screening",
    "Verdict",
    "advance",
    "begin",
    "calibrate",
    "combine",
    "course",
    "detect",
    "detections",
    "follow",
    "learn_prior",
    "prior_for_range",
    "screen",
]
