"""The caseload report: one file that holds its own style, script and typefaces and asks nothing of any network."""

from holdfast.report.assets import policy, script, stylesheet
from holdfast.report.chapters import chapters, overview
from holdfast.report.mending import mending_chapter
from holdfast.report.methods import came_in, methods
from holdfast.report.model import CaseloadReport
from holdfast.report.opening import opening
from holdfast.report.published import published_chapter
from holdfast.report.sides import sides_chapter
from holdfast.report.tally import tally
from holdfast.report.trust import trust_chapter
from holdfast.report.words import safe

LINKS = (
    ("overview", "The caseload at a glance"),
    ("mending", "What became of the ruptures"),
    ("sides", "Client and therapist side by side"),
    ("clients", "Each client"),
    ("trust", "How far to trust the signals"),
    ("rules", "Published rules on these ratings"),
    ("came-in", "What came in"),
    ("methods", "How this was made, and its limits"),
)


def caseload_report(report: CaseloadReport, *, with_fonts: bool = True) -> str:
    """The whole report as one HTML text.

    Rule: the first page stands alone; then one line for each client, what became of all ruptures, a chapter for each
    client, how far to trust it, what published rules say, what came in, and the limits.
    Meaning: it describes what was rated and what it is compared with; it neither foretells nor ranks.
    Without fonts the file is about 130 kB smaller and uses the reader's own typefaces.
    """
    style, code = stylesheet(with_fonts=with_fonts), script()
    counts = tally(report)
    parts = (
        opening(report, counts),
        _jump(report),
        overview(report),
        mending_chapter(report),
        sides_chapter(report),
        chapters(report),
        trust_chapter(report),
        published_chapter(report),
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
    there = {"came-in", "methods"} | ({"overview", "clients"} if report.clients else set())
    there |= {name for name in ("mending", "sides", "trust", "rules") if getattr(report, name)}
    items = "".join(f'<li><a href="#{anchor}">{words}</a></li>' for anchor, words in LINKS if anchor in there)
    return f'<nav aria-label="In this report"><ul class="jump">{items}</ul></nav>'
