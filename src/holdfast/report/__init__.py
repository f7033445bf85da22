"""Figures and HTML made from results; drawn here, without a plotting library."""

from holdfast.report.block import course_block, course_table, prediction_block
from holdfast.report.course import course_svg, prediction_svg
from holdfast.report.figure import CourseFigure, Mark, Span
from holdfast.report.from_table import ReportRequest, TableReport, report_from_table
from holdfast.report.model import AllianceStudy, CaseloadReport, ClientCourse, Intake, Omission, OutcomeStudy
from holdfast.report.page import caseload_report
from holdfast.report.scatter import Pair, ScatterFigure, change_scatter
from holdfast.report.small import CountBar, FacetBar, count_bars, facet_bars, spark

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
