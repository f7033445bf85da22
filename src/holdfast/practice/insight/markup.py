"""The one door through which drawn figures enter a page as markup. What they hold is escaped where they are drawn."""

import segno
from django.utils.safestring import SafeString, mark_safe

from holdfast.report import CourseFigure, course_block, course_svg


def figure(drawn: CourseFigure) -> SafeString:
    """A course with its readout, key and table."""
    return mark_safe(course_block(drawn))  # noqa: S308 - our own drawing, every word in it escaped by report.words


def drawing(drawn: CourseFigure) -> SafeString:
    """The drawing alone, for a page that says everything else in its own language."""
    return mark_safe(course_svg(drawn))  # noqa: S308 - our own drawing, every word in it escaped by report.words


def qr_code(address: str) -> SafeString:
    """The address as a picture for a phone's camera: paths and classes, no style."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, border=2, title="QR code of the link", svgclass="qr-code", lineclass=None
    )
    return mark_safe(drawing)  # noqa: S308 - squares alone; the address itself is not in it
