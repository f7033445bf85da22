"""Rules from the literature as named presets, each beside the rate at which it flags pure noise."""

from holdfast.alliance.rules.agree import PairOfRules, RuleAgreement, compare_rules
from holdfast.alliance.rules.chance import ChanceRate, Noise
from holdfast.alliance.rules.flags import RuleFlags, flag
from holdfast.alliance.rules.following import SHAPES, RuleEpisodes
from holdfast.alliance.rules.presets import PRESETS, find_rule, list_rules
from holdfast.alliance.rules.spec import Fall, FallKind, Provenance, Return, RuleSpec, Unit

__all__ = [
    "PRESETS",
    "SHAPES",
    "ChanceRate",
    "Fall",
    "FallKind",
    "Noise",
    "PairOfRules",
    "Provenance",
    "Return",
    "RuleAgreement",
    "RuleEpisodes",
    "RuleFlags",
    "RuleSpec",
    "Unit",
    "compare_rules",
    "find_rule",
    "flag",
    "list_rules",
]
