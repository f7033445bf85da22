"""Looks after the therapeutic alliance. The public names, each loaded when it is first used, and nothing else."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.alliance import (
        Breaks,
        Calibration,
        Confirmation,
        Course,
        Detection,
        Episodes,
        Hindsight,
        LiveState,
        Noise,
        Prior,
        RatingScale,
        Regimes,
        RepairStatus,
        Rule,
        RuleAgreement,
        RuleFlags,
        RuleSpec,
        RuptureEpisode,
        Screening,
        SignalKind,
        Strengthening,
        Verdict,
        advance,
        begin,
        calibrate,
        compare_rules,
        course,
        detect,
        detections,
        find_rule,
        flag,
        follow,
        hindsight,
        learn_prior,
        learn_regimes,
        list_rules,
        prior_for_range,
        screen,
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
        RuleSearch,
        RulesTable,
        RuptureSearch,
        RuptureTable,
        ScoreTable,
        SessionShape,
        SessionTable,
        Table,
        apply_rules,
        find_ruptures,
        published_rules,
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
    "Confirmation",
    "Course",
    "Detection",
    "Episodes",
    "Hindsight",
    "HoldfastError",
    "Instrument",
    "InstrumentError",
    "LeftOut",
    "LiveState",
    "MethodError",
    "Noise",
    "Prior",
    "RatingScale",
    "Reading",
    "Regimes",
    "ReliableChange",
    "RepairStatus",
    "ReportRequest",
    "RightsError",
    "Rule",
    "RuleAgreement",
    "RuleFlags",
    "RuleSearch",
    "RuleSpec",
    "RulesTable",
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
    "SignalKind",
    "SimulatedSessions",
    "Strengthening",
    "Table",
    "TableError",
    "Verdict",
    "World",
    "advance",
    "apply_rules",
    "begin",
    "calibrate",
    "caseload_report",
    "compare_rules",
    "course",
    "detect",
    "detections",
    "find_rule",
    "find_ruptures",
    "flag",
    "follow",
    "functional_cutoff",
    "hindsight",
    "learn_prior",
    "learn_regimes",
    "list_instruments",
    "list_rules",
    "load",
    "prior_for_range",
    "published_rules",
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
    "strengthening",
    "write_prior",
    "write_table",
]

ROOMS = {
    "alliance": "Breaks Calibration Confirmation Course Detection Episodes Hindsight LiveState Noise "
    "Prior RatingScale Regimes RepairStatus Rule RuleAgreement RuleFlags RuleSpec RuptureEpisode Screening "
    "SignalKind Strengthening Verdict advance begin calibrate compare_rules course detect detections "
    "find_rule flag follow hindsight learn_prior learn_regimes list_rules prior_for_range screen strengthening",
    "errors": "AnswerError HoldfastError InstrumentError MethodError RightsError SettingsError TableError",
    "instruments": "Instrument list_instruments load",
    "interop": "Columns LeftOut Reading RuleSearch RulesTable RuptureSearch RuptureTable ScoreTable SessionShape "
    "SessionTable Table apply_rules find_ruptures published_rules read_prior read_sessions read_table ruptures "
    "score_frame score_table write_prior write_table",
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
