"""Looks after the therapeutic alliance. The public names, each loaded when it is first used, and nothing else."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.alliance import (
        Breaks,
        Calibration,
        Combination,
        Course,
        Detection,
        Episodes,
        LiveState,
        Prior,
        RatingScale,
        RepairStatus,
        Rule,
        RuptureEpisode,
        Screening,
        Verdict,
        advance,
        begin,
        calibrate,
        combine,
        course,
        detect,
        detections,
        follow,
        learn_prior,
        prior_for_range,
        screen,
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
        read_prior,
        read_sessions,
        read_table,
        ruptures,
        score_frame,
        score_table,
        write_prior,
        write_table,
    )
    from holdfast.outcome import ChangeCategory, ReliableChange, functional_cutoff, reliable_change
    from holdfast.report import ReportRequest, caseload_report, report_from_table
    from holdfast.scoring import ScaleColumns, Score, Scores, score, score_columns
    from holdfast.simulate import SimulatedSessions, World, simulate_sessions

__all__ = [
    "AnswerError",
    "Breaks",
    "Calibration",
    "ChangeCategory",
    "Columns",
    "Combination",
    "Course",
    "Detection",
    "Episodes",
    "HoldfastError",
    "Instrument",
    "InstrumentError",
    "LeftOut",
    "LiveState",
    "MethodError",
    "Prior",
    "RatingScale",
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
    "Screening",
    "SessionShape",
    "SessionTable",
    "SettingsError",
    "SimulatedSessions",
    "Table",
    "TableError",
    "Verdict",
    "World",
    "advance",
    "begin",
    "calibrate",
    "caseload_report",
    "combine",
    "course",
    "detect",
    "detections",
    "find_ruptures",
    "follow",
    "functional_cutoff",
    "learn_prior",
    "list_instruments",
    "load",
    "prior_for_range",
    "read_prior",
    "read_sessions",
    "read_table",
    "reliable_change",
    "report_from_table",
    "ruptures",
    "score",
    "score_columns",
    "score_frame",
    "score_table",
    "screen",
    "simulate_sessions",
    "write_prior",
    "write_table",
]

ROOMS = {
    "alliance": "Breaks Calibration Combination Course Detection Episodes LiveState Prior RatingScale RepairStatus "
    "Rule RuptureEpisode Screening Verdict advance begin calibrate combine course detect detections follow learn_prior "
    "prior_for_range screen",
    "errors": "AnswerError HoldfastError InstrumentError MethodError RightsError SettingsError TableError",
    "instruments": "Instrument list_instruments load",
    "interop": "Columns LeftOut Reading RuptureSearch RuptureTable ScoreTable SessionShape SessionTable Table "
    "find_ruptures read_prior read_sessions read_table ruptures score_frame score_table write_prior write_table",
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
