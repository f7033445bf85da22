"""Looks after the therapeutic alliance. The public names, each loaded when it is first used, and nothing else."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.alliance import (
        Calibration,
        Combination,
        Confirmation,
        Course,
        Detection,
        Episodes,
        Hindsight,
        Prior,
        Regimes,
        RepairStatus,
        Rule,
        RuptureEpisode,
        SignalKind,
        Strengthening,
        calibrate,
        combine,
        course,
        detect,
        follow,
        hindsight,
        learn_prior,
        learn_regimes,
        prior_for_range,
        strengthening,
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
        Reading,
        RuptureSearch,
        RuptureTable,
        ScoreTable,
        SessionShape,
        SessionTable,
        Table,
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
    "Calibration",
    "ChangeCategory",
    "Columns",
    "Combination",
    "Confirmation",
    "Course",
    "Detection",
    "Episodes",
    "Hindsight",
    "HoldfastError",
    "Instrument",
    "InstrumentError",
    "LeftOut",
    "MethodError",
    "Prior",
    "Reading",
    "Regimes",
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
    "SignalKind",
    "SimulatedSessions",
    "Strengthening",
    "Table",
    "TableError",
    "World",
    "calibrate",
    "caseload_report",
    "combine",
    "course",
    "detect",
    "find_ruptures",
    "follow",
    "functional_cutoff",
    "hindsight",
    "learn_prior",
    "learn_regimes",
    "list_instruments",
    "load",
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
    "strengthening",
    "write_table",
]

ROOMS = {
    "alliance": "Calibration Combination Confirmation Course Detection Episodes Hindsight Prior Regimes RepairStatus "
    "Rule RuptureEpisode SignalKind Strengthening calibrate combine course detect follow hindsight "
    "learn_prior learn_regimes prior_for_range strengthening",
    "errors": "AnswerError HoldfastError InstrumentError MethodError RightsError SettingsError TableError",
    "instruments": "Instrument list_instruments load",
    "interop": "Columns LeftOut Reading RuptureSearch RuptureTable ScoreTable SessionShape SessionTable Table "
    "find_ruptures read_sessions read_table ruptures score_frame score_table write_table",
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
