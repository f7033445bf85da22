"""The caseload report: one file that holds its own style, script and typefaces and asks nothing of any network."""

from holdfast.report.assets import policy, script, stylesheet
from holdfast.report.chapters import chapters, overview
from holdfast.report.methods import came_in, methods
from holdfast.report.model import CaseloadReport
from holdfast.report.opening import opening
from holdfast.report.tally import tally
from holdfast.report.words import safe

LINKS = (
    ("overview", "The caseload at a glance"),
    ("clients", "Each client"),
    ("came-in", "What came in"),
    ("methods", "How this was made, and its limits"),
)


def caseload_report(report: CaseloadReport, *, with_fonts: bool = True) -> str:
    """The whole report as one HTML text.

    Rule: the first page stands alone; then one line for each client, a chapter for each, what came in, and the limits.
    Meaning: it describes what was rated and what it is compared with; it neither foretells nor ranks.
    Without fonts the file is about 130 kB smaller and uses the reader's own typefaces.
    """
    style, code = stylesheet(with_fonts=with_fonts), script()
    counts = tally(report)
    parts = (
        opening(report, counts),
        _jump(report),
        overview(report),
        chapters(report),
        came_in(report),
        methods(report),
        '<p class="end">Made with Holdfast, free software for the therapeutic alliance.</p>',
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style, code)}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="generator" content="Holdfast">'
        f"<title>{safe(report.title)}</title><style>{style}</style></head>\n"
        '<body><a class="skip" href="#main">Skip to the report</a><main id="main" class="report">'
        f"{''.join(parts)}</main><script>{code}</script></body></html>\n"
    )


def _jump(report: CaseloadReport) -> str:
    """Where to go from the first page."""
    links = LINKS if report.clients else LINKS[2:]
    items = "".join(f'<li><a href="#{anchor}">{words}</a></li>' for anchor, words in links)
    return f'<nav aria-label="In this report"><ul class="jump">{items}</ul></nav>'
