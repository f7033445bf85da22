"""Looks after the therapeutic alliance. The public names, each loaded when it is first used, and nothing else."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.alliance import (
        Calibration,
        Combination,
        Course,
        Detection,
        Episodes,
        Prior,
        RepairStatus,
        Rule,
        RuptureEpisode,
        calibrate,
        combine,
        course,
        detect,
        follow,
        learn_prior,
        prior_for_range,
    )
    from holdfast.alliance.pair import (
        Attunement,
        Congruence,
        Consistency,
        PairSurface,
        attunement,
        congruence,
        consistency,
        pair_surface,
    )
    from holdfast.errors import (
        AnswerError,
        HoldfastError,
        InstrumentError,
        MethodError,
        RightsError,
        SettingsError,
        TableError,
    )
    from holdfast.instruments import Instrument, list_instruments, load
    from holdfast.interop import (
        Columns,
        LeftOut,
        PairColumns,
        PairSearch,
        PairTable,
        Reading,
        RuptureSearch,
        RuptureTable,
        ScoreTable,
        SessionShape,
        SessionTable,
        Table,
        find_congruence,
        find_ruptures,
        read_sessions,
        read_table,
        ruptures,
        score_frame,
        score_table,
        write_table,
    )
    from holdfast.outcome import ChangeCategory, ReliableChange, functional_cutoff, reliable_change
    from holdfast.report import ReportRequest, caseload_report, report_from_table
    from holdfast.scoring import ScaleColumns, Score, Scores, score, score_columns
    from holdfast.simulate import SimulatedSessions, World, simulate_sessions

__all__ = [
    "AnswerError",
    "Attunement",
    "Calibration",
    "ChangeCategory",
    "Columns",
    "Combination",
    "Congruence",
    "Consistency",
    "Course",
    "Detection",
    "Episodes",
    "HoldfastError",
    "Instrument",
    "InstrumentError",
    "LeftOut",
    "MethodError",
    "PairColumns",
    "PairSearch",
    "PairSurface",
    "PairTable",
    "Prior",
    "Reading",
    "ReliableChange",
    "RepairStatus",
    "ReportRequest",
    "RightsError",
    "Rule",
    "RuptureEpisode",
    "RuptureSearch",
    "RuptureTable",
    "ScaleColumns",
    "Score",
    "ScoreTable",
    "Scores",
    "SessionShape",
    "SessionTable",
    "SettingsError",
    "SimulatedSessions",
    "Table",
    "TableError",
    "World",
    "attunement",
    "calibrate",
    "caseload_report",
    "combine",
    "congruence",
    "consistency",
    "course",
    "detect",
    "find_congruence",
    "find_ruptures",
    "follow",
    "functional_cutoff",
    "learn_prior",
    "list_instruments",
    "load",
    "pair_surface",
    "prior_for_range",
    "read_sessions",
    "read_table",
    "reliable_change",
    "report_from_table",
    "ruptures",
    "score",
    "score_columns",
    "score_frame",
    "score_table",
    "simulate_sessions",
    "write_table",
]

ROOMS = {
    "alliance": "Calibration Combination Course Detection Episodes Prior RepairStatus Rule RuptureEpisode calibrate "
    "combine course detect follow learn_prior prior_for_range",
    "alliance.pair": "Attunement Congruence Consistency PairSurface attunement congruence consistency pair_surface",
    "errors": "AnswerError HoldfastError InstrumentError MethodError RightsError SettingsError TableError",
    "instruments": "Instrument list_instruments load",
    "interop": "Columns LeftOut PairColumns PairSearch PairTable Reading RuptureSearch RuptureTable ScoreTable "
    "SessionShape SessionTable Table "
    "find_congruence find_ruptures read_sessions read_table ruptures score_frame score_table write_table",
    "outcome": "ChangeCategory ReliableChange functional_cutoff reliable_change",
    "report": "ReportRequest caseload_report report_from_table",
    "scoring": "ScaleColumns Score Scores score score_columns",
    "simulate": "SimulatedSessions World simulate_sessions",
}
_ROOM_OF = {name: room for room, names in ROOMS.items() for name in names.split()}


def __getattr__(name: str) -> object:
    """Load a public name from its room when it is first asked for."""
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'holdfast' has no attribute {name!r}")
    found: object = getattr(import_module(f"holdfast.{_ROOM_OF[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """The public names, loaded or not."""
    return sorted({*globals(), *__all__})
