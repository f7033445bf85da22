"""Figures and HTML made from results; drawn here, without a plotting library."""

from importlib import import_module
from typing import TYPE_CHECKING

from holdfast.report.block import course_block, course_table, prediction_block
from holdfast.report.course import course_svg, prediction_svg
from holdfast.report.figure import CourseFigure, Mark, Span
from holdfast.report.model import AllianceStudy, CaseloadReport, ClientCourse, Intake, Omission, OutcomeStudy
from holdfast.report.page import caseload_report
from holdfast.report.scatter import Pair, ScatterFigure, change_scatter
from holdfast.report.small import CountBar, FacetBar, count_bars, facet_bars, spark

if TYPE_CHECKING:
    from holdfast.report.from_table import TableReport, report_from_table
    from holdfast.report.request import ReportRequest

__all__ = [
    "AllianceStudy",
    "CaseloadReport",
    "ClientCourse",
    "CountBar",
    "CourseFigure",
    "FacetBar",
    "Intake",
    "Mark",
    "Omission",
    "OutcomeStudy",
    "Pair",
    "ReportRequest",
    "ScatterFigure",
    "Span",
    "TableReport",
    "caseload_report",
    "change_scatter",
    "count_bars",
    "course_block",
    "course_svg",
    "course_table",
    "facet_bars",
    "prediction_block",
    "prediction_svg",
    "report_from_table",
    "spark",
]

FROM_TABLE = frozenset({"ReportRequest", "TableReport", "report_from_table"})
"""What needs the table library, loaded on first use: the practice draws figures and never opens a table."""


def __getattr__(name: str) -> object:
    if name not in FROM_TABLE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("holdfast.report.from_table"), name)
