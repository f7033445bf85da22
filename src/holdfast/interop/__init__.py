"""Our objects and other people's tables: CSV, Parquet, pandas and polars, in and out."""

from holdfast.interop.checking import SessionShape
from holdfast.interop.gains import GainSearch, GainTable, find_gains
from holdfast.interop.pairs import PairColumns, PairSearch, PairTable, find_congruence
from holdfast.interop.priors import read_prior, write_prior
from holdfast.interop.problems import Reading
from holdfast.interop.process import ProcessColumns, ProcessTable, find_within_between
from holdfast.interop.reading import read_table
from holdfast.interop.rules import RuleSearch, RulesTable, apply_rules, published_rules
from holdfast.interop.ruptures import Columns, RuptureSearch, RuptureTable, find_ruptures, ruptures
from holdfast.interop.scores import ScoreTable, score_frame, score_table
from holdfast.interop.sessions import SessionTable, read_sessions
from holdfast.interop.table import LeftOut, Table
from holdfast.interop.writing import chosen_format, frame_of, write_table, write_whole

__all__ = [
    "Columns",
    "GainSearch",
    "GainTable",
    "LeftOut",
    "PairColumns",
    "PairSearch",
    "PairTable",
    "ProcessColumns",
    "ProcessTable",
    "Reading",
    "RuleSearch",
    "RulesTable",
    "RuptureSearch",
    "RuptureTable",
    "ScoreTable",
    "SessionShape",
    "SessionTable",
    "Table",
    "apply_rules",
    "chosen_format",
    "find_congruence",
    "find_gains",
    "find_ruptures",
    "find_within_between",
    "frame_of",
    "published_rules",
    "read_prior",
    "read_sessions",
    "read_table",
    "ruptures",
    "score_frame",
    "score_table",
    "write_prior",
    "write_table",
    "write_whole",
]
