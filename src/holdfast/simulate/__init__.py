"""A generative model of therapy: demonstration data, calibration studies, power. Everything it makes says so."""

from holdfast.simulate.draw import draw_from_prior
from holdfast.simulate.power import Power, Sought, power_of, smallest_design
from holdfast.simulate.sessions import SimulatedSessions, simulate_sessions
from holdfast.simulate.world import (
    Attachment,
    Ending,
    Facets,
    Outcome,
    People,
    Ratings,
    Reports,
    Ruptures,
    World,
    described,
)

__all__ = [
    "Attachment",
    "Ending",
    "Facets",
    "Outcome",
    "People",
    "Power",
    "Ratings",
    "Reports",
    "Ruptures",
    "SimulatedSessions",
    "Sought",
    "World",
    "described",
    "draw_from_prior",
    "power_of",
    "simulate_sessions",
    "smallest_design",
]
