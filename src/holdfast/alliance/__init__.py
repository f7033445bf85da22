"""Course, detection, episodes: the reason Holdfast exists."""

from holdfast.alliance.calibration import Calibration, calibrate
from holdfast.alliance.combine import Combination, combine
from holdfast.alliance.course import Course, course
from holdfast.alliance.detect import Detection, detect
from holdfast.alliance.episodes import Episodes, RepairStatus, RuptureEpisode, follow
from holdfast.alliance.ledger import EpisodeTable
from holdfast.alliance.prior import Prior, learn_prior, prior_for_range
from holdfast.alliance.rule import Rule
from holdfast.alliance.rules import (
    Noise,
    RuleAgreement,
    RuleEpisodes,
    RuleFlags,
    RuleSpec,
    compare_rules,
    find_rule,
    flag,
    list_rules,
)

__all__ = [
    "Calibration",
    "Combination",
    "Course",
    "Detection",
    "EpisodeTable",
    "Episodes",
    "Noise",
    "Prior",
    "RepairStatus",
    "Rule",
    "RuleAgreement",
    "RuleEpisodes",
    "RuleFlags",
    "RuleSpec",
    "RuptureEpisode",
    "calibrate",
    "combine",
    "compare_rules",
    "course",
    "detect",
    "find_rule",
    "flag",
    "follow",
    "learn_prior",
    "list_rules",
    "prior_for_range",
]
