"""The page to look at together, the summary to print or to keep, and a questionnaire on paper."""

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.insight.blank import form_on_paper
from holdfast.practice.insight.catalogue import preview
from holdfast.practice.insight.letter import PARTS, READERS, Summary, shared_page, summary
from holdfast.practice.insight.markup import figure
from holdfast.practice.insight.written import Written, written
from holdfast.practice.lib import clock
from holdfast.report.printed import pdf


@require_safe
@staff_only
def together(request: HttpRequest, key: UUID) -> HttpResponse:
    """Without the navigation and without anything of another client: the screen is turned to the client."""
    actor = actor_of(request)
    found = there(shared_page(actor, key, clock.now()))
    note_read(actor=actor, target=found.client.client, at=clock.now())
    return page(
        request,
        "insight/together",
        here="clients",
        page=found,
        alliance=figure(found.alliance) if found.alliance else "",
        outcomes=[figure(each) for each in found.outcomes],
    )


@require_safe
@staff_only
def letter(request: HttpRequest, key: UUID) -> HttpResponse:
    """A summary: whom it is for and what is in it is chosen in the address, so that it can be chosen without script."""
    reader, found, words = _letter(request, key)
    return page(
        request,
        "insight/letter",
        here="clients",
        page=found,
        written=words,
        sections=[(each, [figure(drawing) for drawing in each.figures]) for each in words.sections],
        reader=reader,
        readers=[(value, shown) for value, (shown, _) in READERS.items()],
        all_parts=PARTS.items(),
    )


@require_safe
@staff_only
def letter_pdf(request: HttpRequest, key: UUID) -> HttpResponse:
    """The same summary as a file. Its name says what it is and the day, and not of whom."""
    _, _, words = _letter(request, key)
    return as_pdf(pdf("letter", words.on_paper()), name=f"summary-{timezone.localdate(clock.now())}")


@require_safe
@staff_only
def form_pdf(request: HttpRequest, name: str) -> HttpResponse:
    """A questionnaire for somebody who answers on paper; what may not be shown is explained on its page."""
    language = request.GET.get("language", "en")
    found = there(preview(name, language))
    if found.form is None:
        return redirect(f"{reverse('form-preview', args=[name])}?{urlencode({'language': language})}")
    made = pdf("form", form_on_paper(found, is_simulated=actor_of(request).practice.is_simulated))
    return as_pdf(made, name=f"{found.instrument.id}-{found.instrument.version}-{found.language}")


def as_pdf(made: bytes, *, name: str) -> HttpResponse:
    """A PDF to keep; the middleware adds that nothing on the way may store it."""
    answer = HttpResponse(made, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return answer


def _letter(request: HttpRequest, key: UUID) -> tuple[str, Summary, Written]:
    """What was asked for, in words, and that it was read."""
    actor, at = actor_of(request), clock.now()
    asked = request.GET.get("reader", "client")
    reader = asked if asked in READERS else "client"
    found = there(summary(actor, key, request.GET.getlist("part") or READERS[reader][1]))
    note_read(actor=actor, target=found.client.client, at=at)
    return reader, found, written(found, reader=reader, actor=actor, at=at)
