"""What somebody who answers sees. No page here shows a name, a score or an earlier answer, and no GET changes anything."""

import hashlib
import hmac

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from holdfast.errors import AnswerError, LinkError, TooManyTriesError
from holdfast.practice.answers.actions import exit_form, open_form
from holdfast.practice.answers.models import OpenForm
from holdfast.practice.answers.queries import open_form_of
from holdfast.practice.checkins.actions import submit
from holdfast.practice.checkins.origin import from_our_page
from holdfast.practice.checkins.queries import answering, exit_address_of
from holdfast.practice.checkins.questions import form_page, read_answers
from holdfast.practice.lib.clock import now
from holdfast.practice.lib.keys import keyring

COOKIE_SECONDS = 60 * 60
LONGEST_COMMENT = 4000
NOTHING_MARKED = "Nothing is marked yet. Mark an answer, or “I would rather not say”, and send again."
TOO_LONG = f"The comment is longer than {LONGEST_COMMENT} characters. Shorten it and send again; nothing is lost."


@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """The same bytes for everybody: robots may fetch it for ever, and nothing happens."""
    return render(request, "checkins/door.html")


@require_safe
def who(request: HttpRequest) -> HttpResponse:
    return render(request, "checkins/who.html")


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "checkins/thanks.html")


def closed(request: HttpRequest) -> HttpResponse:
    """Unknown, too early, expired, replaced, taken back, spent: one page, one status, the same bytes."""
    return render(request, "checkins/closed.html", status=404)


@from_our_page(closed)
def open_link(request: HttpRequest) -> HttpResponse:
    return _open(request, token=request.POST.get("token", ""))


@from_our_page(closed)
def open_code(request: HttpRequest) -> HttpResponse:
    return _open(request, code=request.POST.get("code", ""))


@from_our_page(closed)
def leave(request: HttpRequest) -> HttpResponse:
    """Quick exit: the link dies and the cookie goes. Without script the page that comes back moves on by itself."""
    opened = _opened(request)
    address = exit_address_of(opened)
    exit_form(form=opened, token=request.POST.get("token", ""), at=now())
    answer = render(request, "checkins/left.html", {"exit_address": address})
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    answer.delete_cookie(settings.FORM_COOKIE_NAME, samesite="Strict")
    return answer


def _show(request: HttpRequest) -> HttpResponse:
    opened = _opened(request)
    if opened is None or opened.invitation.state != "open":
        return closed(request)
    return _form(request, opened)


@from_our_page(closed, shown=_show)
def form(request: HttpRequest) -> HttpResponse:
    """Store everything at once; the same nonce again gets the same thanks and stores nothing."""
    opened = _opened(request)
    if opened is None or not hmac.compare_digest(request.POST.get("form", ""), _bound(request, "form id")):
        return closed(request)
    forms = answering(opened).forms
    comment = request.POST.get("comment", "").strip()
    try:
        answers = read_answers(forms, posted=request.POST)
        if not comment and not any(answers.values()):
            return _form(request, opened, wrong=NOTHING_MARKED)
        if len(comment) > LONGEST_COMMENT:
            return _form(request, opened, wrong=TOO_LONG)
        submit(form=opened, answers=answers, comment=comment, nonce=_bound(request, "nonce"), at=now())
    except AnswerError as error:
        return _form(request, opened, wrong=str(error))
    except LinkError:
        return closed(request)
    return JsonResponse({"thanks": True}) if _by_script(request) else redirect("form-thanks")


def _open(request: HttpRequest, *, token: str = "", code: str = "") -> HttpResponse:
    try:
        opened = open_form(token=token, code=code, source=request.META.get("REMOTE_ADDR", ""), at=now())
    except TooManyTriesError:
        return render(request, "checkins/wait.html", status=429)
    except LinkError:
        return closed(request)
    answer = redirect("form")
    answer.set_cookie(
        settings.FORM_COOKIE_NAME,
        opened.cookie,
        max_age=COOKIE_SECONDS,
        httponly=True,
        secure=settings.TLS,
        samesite="Strict",
    )
    return answer


def _opened(request: HttpRequest) -> OpenForm | None:
    cookie = request.COOKIES.get(settings.FORM_COOKIE_NAME, "")
    return open_form_of(cookie, at=now()) if cookie else None


def _bound(request: HttpRequest, label: str) -> str:
    """A value only this cookie's form has; derived, so that showing the form changes nothing."""
    cookie = request.COOKIES[settings.FORM_COOKIE_NAME]
    return hmac.new(keyring().derive(f"holdfast {label}"), cookie.encode(), hashlib.sha256).hexdigest()


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _form(request: HttpRequest, opened: OpenForm, *, wrong: str = "") -> HttpResponse:
    """The form, with what was chosen and written still in it."""
    if wrong and _by_script(request):
        return JsonResponse({"sentence": wrong}, status=422)
    asked = answering(opened)
    context = {
        "page": form_page(asked.forms, purpose=asked.purpose, posted=request.POST, always=asked.always),
        "form_id": _bound(request, "form id"),
        "nonce": _bound(request, "nonce"),
        "comment": request.POST.get("comment", ""),
        "wrong": wrong,
        "longest_comment": LONGEST_COMMENT,
        "exit_address": asked.exit_address,
    }
    return render(request, "checkins/form.html", context, status=422 if wrong else 200)
