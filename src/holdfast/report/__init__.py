"""Figures and HTML made from results; drawn here, without a plotting library."""

from holdfast.report.block import course_block, course_table
from holdfast.report.course import course_svg
from holdfast.report.figure import CourseFigure, Mark, Span

__all__ = ["CourseFigure", "Mark", "Span", "course_block", "course_svg", "course_table"]
