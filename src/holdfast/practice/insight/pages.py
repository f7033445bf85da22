"""How the larger pages are put together: the query's answer, the figures drawn, the forms as they were filled in."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from holdfast.practice.accounts.pages import actor_of, note_read, page
from holdfast.practice.insight.figures import STATUS, in_ratings
from holdfast.practice.insight.forms import BookingForm, ClosingForm, TextForm
from holdfast.practice.insight.markup import figure, qr_code
from holdfast.practice.insight.queries import ClientPage, EpisodePage, SessionPage
from holdfast.practice.lib import clock
from holdfast.practice.ruptures.models import RuptureEpisode

MARKS = (("held", "It was held"), ("missed", "They did not come"), ("cancelled", "It was cancelled"))


def client_page(
    request: HttpRequest, found: ClientPage, *, booking: BookingForm | None = None, reply: Any = None, wrong: str = ""
) -> HttpResponse:
    """A client's page, put on the log first. A form that was not accepted comes back as it was filled in."""
    at = clock.now()
    note_read(actor=actor_of(request), target=found.client.client, at=at)
    last = found.care.sessions[-1].starts_at if found.care.sessions else None
    return page(
        request,
        "insight/client",
        here="clients",
        status=422 if wrong or booking or reply else 200,
        page=found,
        alliance=figure(found.alliance) if found.alliance else "",
        outcomes=[figure(each) for each in found.outcomes],
        booking=booking or BookingForm.a_week_after(last, at),
        booking_open=booking is not None,
        reply=reply,
        wrong=wrong,
    )


def session_page(request: HttpRequest, found: SessionPage, *, made: Any = None, wrong: str = "") -> HttpResponse:
    """A session's page; ``made`` is a link just made, shown this once."""
    address = f"{request.build_absolute_uri('/f')}#{made.token}" if made else ""
    note_read(actor=actor_of(request), target=found.session, at=clock.now())
    return page(
        request,
        "insight/session",
        here="clients",
        status=422 if wrong else 200,
        page=found,
        made=made,
        address=address,
        code=f"{made.code[:4]} {made.code[4:]}" if made else "",
        qr=qr_code(address) if made else "",
        door=request.build_absolute_uri("/f"),
        now=clock.now(),
        marks=MARKS,
        wrong=wrong,
    )


def episode_page(
    request: HttpRequest,
    found: EpisodePage,
    *,
    noting: TextForm | None = None,
    closing: ClosingForm | None = None,
    wrong: str = "",
) -> HttpResponse:
    note_read(actor=actor_of(request), target=found.row, at=clock.now())
    return page(
        request,
        "insight/episode",
        here="episodes",
        status=422 if noting or closing or wrong else 200,
        page=found,
        figure=figure(found.figure) if found.figure else "",
        noting=noting or TextForm(),
        closing=closing or ClosingForm(),
        closing_open=closing is not None,
        standing=STATUS[RuptureEpisode.Status(found.row.status)],
        in_ratings=in_ratings(found.row),
        wrong=wrong,
    )
