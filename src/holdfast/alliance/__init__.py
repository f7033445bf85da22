"""Course, detection, episodes: the reason Holdfast exists."""

from holdfast.alliance.breaks import Breaks
from holdfast.alliance.calibration import Calibration, calibrate
from holdfast.alliance.course import Course, course
from holdfast.alliance.detect import Detection, detect
from holdfast.alliance.hindsight import Hindsight, Regimes, hindsight, learn_regimes
from holdfast.alliance.kinds import SignalKind
from holdfast.alliance.learn import learn_prior
from holdfast.alliance.live import LiveState, Verdict, advance, begin
from holdfast.alliance.prior import Prior, prior_for_range
from holdfast.alliance.repair.episodes import Episodes, RuptureEpisode, follow
from holdfast.alliance.repair.standing import Confirmation, RepairStatus
from holdfast.alliance.repair.strengthening import Strengthening, strengthening
from holdfast.alliance.repair.table import EpisodeTable
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
from holdfast.alliance.scale import RatingScale
from holdfast.alliance.screen import Screening, detections, screen
from holdfast.alliance.stretches import Stretches

__all__ = [
    "Breaks",
    "Calibration",
    "Confirmation",
    "Course",
    "Detection",
    "EpisodeTable",
    "Episodes",
    "Hindsight",
    "LiveState",
    "Noise",
    "Prior",
    "RatingScale",
    "Regimes",
    "RepairStatus",
    "Rule",
    "RuleAgreement",
    "RuleEpisodes",
    "RuleFlags",
    "RuleSpec",
    "RuptureEpisode",
    "Screening",
    "SignalKind",
    "Strengthening",
    "Stretches",
    "Verdict",
    "advance",
    "begin",
    "calibrate",
    "compare_rules",
    "course",
    "detect",
    "detections",
    "find_rule",
    "flag",
    "follow",
    "hindsight",
    "learn_prior",
    "learn_regimes",
    "list_rules",
    "prior_for_range",
    "screen",
    "strengthening",
]
