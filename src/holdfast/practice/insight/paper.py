"""The page to look at together, and the summary to print."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.insight.letter import PARTS, READERS, shared_page, summary
from holdfast.practice.insight.markup import figure
from holdfast.practice.lib import clock


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
    actor, at = actor_of(request), clock.now()
    reader = request.GET.get("reader", "client")
    heading, usual = READERS.get(reader, READERS["client"])
    parts = request.GET.getlist("part") or list(usual)
    found = there(summary(actor, key, parts))
    note_read(actor=actor, target=found.client.client, at=at)
    return page(
        request,
        "insight/letter",
        here="clients",
        page=found,
        heading=heading,
        reader=reader,
        readers=[(value, words) for value, (words, _) in READERS.items()],
        all_parts=PARTS.items(),
        alliance=figure(found.alliance) if found.alliance else "",
        outcomes=[figure(each) for each in found.outcomes],
        at=at,
    )
