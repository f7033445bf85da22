"""What everybody may open: a therapist's page with its form, the page on which proposed times are chosen, the feed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from holdfast.errors import LinkError, RecordError
from holdfast.practice.accounts.limits import source_of
from holdfast.practice.accounts.pages import there
from holdfast.practice.appointments import gate
from holdfast.practice.appointments.actions import behind, choose_time, request_appointment
from holdfast.practice.appointments.forms import RequestForm
from holdfast.practice.appointments.ics import calendar
from holdfast.practice.appointments.queries import feed_sessions, page_at
from holdfast.practice.appointments.taken import still_free
from holdfast.practice.lib import clock
from holdfast.practice.lib.origin import from_our_page

TOO_OLD = "This page was open for very long, or for a very short time. Look over what you wrote, and send it once more."
TOO_OFTEN = "Many requests have come from here in the last hour. Wait an hour, then send it again."


def public_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Who it is, how they work, and the form. It sets no cookie, and is the one page that may be found by search."""
    return _post(request, slug) if request.method == "POST" else _shown(request, slug)


def _shown(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, slug, RequestForm(auto_id="request-%s"))


def _refused(request: HttpRequest) -> HttpResponse:
    return render(request, "lib/too_old.html", status=403)


@from_our_page(_refused)
def _posted(request: HttpRequest) -> HttpResponse:
    slug = request.resolver_match.kwargs["slug"]  # type: ignore[union-attr]
    page = there(page_at(slug))
    form, at = RequestForm(request.POST, auto_id="request-%s"), clock.now()
    if not form.is_valid():
        return _page(request, slug, form, status=422)
    if not gate.is_person(request.POST.dict(), at.timestamp()):
        return _page(request, slug, form, wrong=TOO_OLD, status=422)
    if not gate.has_room(source_of(request), slug):
        return _page(request, slug, form, wrong=TOO_OFTEN, status=429)
    request_appointment(page=page, said=form.cleaned_data, at=at)
    return redirect("public-sent", slug=slug)


def _post(request: HttpRequest, slug: str) -> HttpResponse:
    return _posted(request)


public_page.csrf_exempt = True  # type: ignore[attr-defined]


@require_safe
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """The same words whether or not the person is known here."""
    return render(request, "appointments/sent.html", {"page": there(page_at(slug))})


def _page(request: HttpRequest, slug: str, form: RequestForm, *, wrong: str = "", status: int = 200) -> HttpResponse:
    shown = {
        "page": there(page_at(slug)),
        "form": form,
        "wrong": wrong,
        "ticket": gate.ticket(clock.now().timestamp()),
        "trap": gate.TRAP,
    }
    answer = render(request, "appointments/public.html", shown, status=status)
    answer.headers["X-Robots-Tag"] = "index, nofollow"
    return answer


@require_safe
def times_door(request: HttpRequest) -> HttpResponse:
    """The same bytes for everybody; the secret stands behind the # and is sent by a tap."""
    return render(request, "appointments/times_door.html")


def _closed(request: HttpRequest) -> HttpResponse:
    return render(request, "appointments/times_closed.html", status=404)


@from_our_page(_closed)
def times_open(request: HttpRequest) -> HttpResponse:
    return _times(request)


@from_our_page(_closed)
def times_choose(request: HttpRequest) -> HttpResponse:
    try:
        choose_time(token=request.POST.get("token", ""), choice=request.POST.get("time", ""), at=clock.now())
    except LinkError:
        return _closed(request)
    except RecordError as error:
        return _times(request, wrong=str(error), status=422)
    return render(request, "appointments/times_thanks.html")


def _times(request: HttpRequest, *, wrong: str = "", status: int = 200) -> HttpResponse:
    """The proposed times that are still free and nothing else: no name, no place."""
    token, at = request.POST.get("token", ""), clock.now()
    row = behind(token, at)
    if row is None:
        return _closed(request)
    shown = {"times": still_free(row, at), "token": token, "wrong": wrong}
    return render(request, "appointments/times.html", shown, status=status)


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A therapist's sessions for her own calendar program; one that opens nothing is not there."""
    at = clock.now()
    text = calendar(there(feed_sessions(token, at)), at=at)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
