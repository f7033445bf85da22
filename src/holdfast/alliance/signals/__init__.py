"""Signals: what each session holds, out of everything that was said in it, at the false-alarm rate that was chosen."""

from holdfast.alliance.signals.apart import Apart, Direction, prior_for_misses, rater_gap
from holdfast.alliance.signals.budget import Budget, Rates
from holdfast.alliance.signals.facets import FacetFalls, facets_that_fell
from holdfast.alliance.signals.find import Archive, Signals, find_signals, habits_of
from holdfast.alliance.signals.fixed import TalkAboutIt, talk_about_it
from holdfast.alliance.signals.pool import Pattern, Ties, pooled_tail
from holdfast.alliance.signals.sources import Sources, Way, sources_of
from holdfast.alliance.signals.tension import TensionRule, tension_rule

__all__ = [
    "Apart",
    "Archive",
    "Budget",
    "Direction",
    "FacetFalls",
    "Pattern",
    "Rates",
    "Signals",
    "Sources",
    "TalkAboutIt",
    "TensionRule",
    "Ties",
    "Way",
    "facets_that_fell",
    "find_signals",
    "habits_of",
    "pooled_tail",
    "prior_for_misses",
    "rater_gap",
    "sources_of",
    "talk_about_it",
    "tension_rule",
]
