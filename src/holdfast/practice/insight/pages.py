"""How the larger pages are put together: the query's answer, the figures drawn, the forms as they were filled in."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from holdfast.practice.accounts.pages import actor_of, note_read, page
from holdfast.practice.checkins.questions import door_of
from holdfast.practice.insight.forms import BookingForm, LanguageForm
from holdfast.practice.insight.lines import ToDo
from holdfast.practice.insight.markup import drawing, figure, qr_code
from holdfast.practice.insight.months import in_numbers
from holdfast.practice.insight.queries import ClientPage, SessionPage
from holdfast.practice.lib import clock

MARKS = (("held", "It was held"), ("missed", "They did not come"), ("cancelled", "It was cancelled"))


def client_page(
    request: HttpRequest,
    found: ClientPage,
    *,
    booking: BookingForm | None = None,
    reply: Any = None,
    wrong: str = "",
    onward: ToDo | None = None,
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
        months=[(each.title, drawing(each), in_numbers(each)) for each in found.months.figures],
        booking=booking or BookingForm.a_week_after(last, at),
        booking_open=booking is not None,
        reply=reply,
        language=LanguageForm(initial={"language": found.client.client.language}),
        wrong=wrong,
        onward=onward,
    )


def session_page(request: HttpRequest, found: SessionPage, *, made: Any = None, wrong: str = "") -> HttpResponse:
    """A session's page; ``made`` is a link just made, shown this once."""
    door = request.build_absolute_uri(door_of(found.client.client.language))
    address = f"{door}#{made.token}" if made else ""
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
        door=door,
        now=clock.now(),
        marks=MARKS,
        wrong=wrong,
    )
