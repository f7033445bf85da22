"""Two people and one relationship: congruence, attunement, surface on outcome, and consistency."""

from holdfast.alliance.pair.attunement import Attunement, attunement
from holdfast.alliance.pair.congruence import Congruence, congruence
from holdfast.alliance.pair.consistency import Consistency, consistency
from holdfast.alliance.pair.skill import Skill
from holdfast.alliance.pair.surface import Condition, PairSurface, pair_surface

__all__ = [
    "Attunement",
    "Condition",
    "Congruence",
    "Consistency",
    "PairSurface",
    "Skill",
    "attunement",
    "congruence",
    "consistency",
    "pair_surface",
]
