"""What a therapist does on the pages: each post calls one action and goes back to where the result stands."""

from uuid import UUID

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.errors import AnswerError, HoldfastError, RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, page, there
from holdfast.practice.answers.actions import issue_link, reply, revoke_link
from holdfast.practice.caseload.actions import add_client, book_session, mark_session, set_language
from holdfast.practice.caseload.rules import demand_therapist
from holdfast.practice.checkins.actions import enter_from_paper, hand_over, rate, skip_rating
from holdfast.practice.checkins.questions import read_answers
from holdfast.practice.checkins.views import with_form_cookie
from holdfast.practice.insight import queries
from holdfast.practice.insight.forms import BookingForm, ClientForm, LanguageForm, TextForm
from holdfast.practice.insight.pages import client_page, session_page
from holdfast.practice.lib import clock

NOT_BEGUN = "This session has not begun. Rate it when you have met."
UNRATED = "Some questions are not marked yet. Mark all six, or skip the rating."


@require_http_methods(["GET", "POST"])
@staff_only
def new_client(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    demand_therapist(actor)
    form = ClientForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        contact = {"reach": given["contact"]} if given["contact"] else None
        try:
            made = add_client(
                actor=actor,
                code=given["code"],
                name=given["name"],
                contact=contact,
                language=given["language"] or "en",
                at=clock.now(),
            )
        except RecordError as error:
            form.add_error("code", str(error))
        else:
            return redirect("client", key=made.pk)
    return page(request, "insight/new_client", here="clients", form=form, status=422 if form.errors else 200)


@require_POST
@staff_only
def choose_language(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = there(queries.client(actor, key, clock.now()))
    form = LanguageForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data["language"]
        set_language(actor=actor, client=found.client.client, language=given, at=clock.now())
    return redirect("client", key=key)


@require_POST
@staff_only
def book(request: HttpRequest, key: UUID) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    found = there(queries.client(actor, key, at))
    form = BookingForm(request.POST)
    if not form.is_valid():
        return client_page(request, found, booking=form)
    try:
        session = book_session(actor=actor, dyad=found.client.dyad, starts_at=form.starts_at(), at=at)
    except RecordError as error:
        form.add_error(None, str(error))
        return client_page(request, found, booking=form)
    return redirect("session", key=session.pk)


@require_POST
@staff_only
def make_link(request: HttpRequest, key: UUID) -> HttpResponse:
    """Make a link and show it, this once: neither token nor code can be read again."""
    actor, at = actor_of(request), clock.now()
    found = there(queries.session(actor, key, at))
    try:
        made = issue_link(actor=actor, session=found.session, purpose=request.POST.get("purpose", ""), at=at)
    except HoldfastError as error:
        return session_page(request, found, wrong=str(error))
    return session_page(request, there(queries.session(actor, key, at)), made=made)


@require_POST
@staff_only
def give_device(request: HttpRequest, key: UUID) -> HttpResponse:
    """Turn this browser into the client's form and nothing else: whoever signed in is signed out with the same tap."""
    actor, at = actor_of(request), clock.now()
    found = there(queries.session(actor, key, at))
    try:
        opened = hand_over(actor=actor, session=found.session, purpose=request.POST.get("purpose", ""), at=at)
    except HoldfastError as error:
        return session_page(request, found, wrong=str(error))
    logout(request)
    answer = with_form_cookie(redirect("form"), opened)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@require_http_methods(["GET", "POST"])
@staff_only
def paper(request: HttpRequest, key: UUID, purpose: str) -> HttpResponse:
    """Put in what was answered on paper."""
    actor, at = actor_of(request), clock.now()
    found = there(queries.paper(actor, key, purpose, at, posted=request.POST.dict()))
    comment, wrong = request.POST.get("comment", "").strip(), ""
    if request.method == "POST":
        try:
            answers = read_answers(found.forms, posted=request.POST.dict())
            if not comment and not any(answers.values()):
                raise RecordError("Nothing is marked yet. Mark what stands on the paper, and keep it then.")
            enter_from_paper(
                actor=actor, session=found.session, purpose=purpose, answers=answers, comment=comment, at=at
            )
        except HoldfastError as error:
            wrong = str(error)
        else:
            return redirect("session", key=key)
    shown = {"page": found, "purpose": purpose, "comment": comment, "wrong": wrong}
    return page(request, "insight/paper", here="clients", status=422 if wrong else 200, **shown)


@require_POST
@staff_only
def revoke(request: HttpRequest, key: UUID) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    row = there(queries.invitation(actor, key))
    try:
        revoke_link(actor=actor, invitation=row, at=at)
    except RecordError as error:
        return session_page(request, there(queries.session(actor, row.session_id, at)), wrong=str(error))
    return redirect("session", key=row.session_id)


@require_POST
@staff_only
def mark(request: HttpRequest, key: UUID) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    found = there(queries.session(actor, key, at))
    try:
        mark_session(actor=actor, session=found.session, state=request.POST.get("state", ""), at=at)
    except RecordError as error:
        return session_page(request, found, wrong=str(error))
    return redirect("session", key=key)


@require_http_methods(["GET", "POST"])
@staff_only
def rate_session(request: HttpRequest, key: UUID) -> HttpResponse:
    """Predict and rate; from then on the client's answers to this session can be read."""
    actor = actor_of(request)
    found = there(queries.rating(actor, key, clock.now(), posted=request.POST.dict()))
    wrong = ""
    if request.method == "POST":
        try:
            answers = read_answers(found.forms, posted=request.POST.dict())
            if not found.has_begun:
                wrong = NOT_BEGUN
            elif any(question.chosen is None for question in found.form.questions):
                wrong = UNRATED
            else:
                rate(actor=actor, session=found.session, answers=answers, at=clock.now())
                return redirect(f"{reverse('client', args=[found.client.id])}?rated=1")
        except (AnswerError, RecordError) as error:
            wrong = str(error)
    return page(request, "insight/rate", here="clients", page=found, wrong=wrong, status=422 if wrong else 200)


@require_POST
@staff_only
def skip(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = there(queries.rating(actor, key, clock.now(), posted={}))
    if not found.has_begun:
        return page(request, "insight/rate", here="clients", page=found, wrong=NOT_BEGUN, status=422)
    try:
        skip_rating(actor=actor, session=found.session, at=clock.now())
    except RecordError as error:
        return page(request, "insight/rate", here="clients", page=found, wrong=str(error), status=422)
    return redirect("client", key=found.client.id)


@require_POST
@staff_only
def answer_comment(request: HttpRequest, key: UUID) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    row = there(queries.comment(actor, key))
    client = row.check_in.session.episode_of_care.dyad.client_id
    form = TextForm(request.POST)
    if not form.is_valid():
        return client_page(request, there(queries.client(actor, client, at)), reply=(row.pk, form))
    reply(actor=actor, comment=row, text=form.cleaned_data["text"], at=at)
    return redirect("client", key=client)
