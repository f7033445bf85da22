"""What somebody who answers sees: no name, no score, no earlier answer. No GET changes anything."""

import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from holdfast.errors import AnswerError, LinkError, TooManyTriesError
from holdfast.practice.accounts.limits import source_of
from holdfast.practice.answers.actions import OpenedForm, exit_form, open_form
from holdfast.practice.answers.content import Answers
from holdfast.practice.answers.envelopes import read_envelope, ticket_of
from holdfast.practice.answers.links import extend_form
from holdfast.practice.answers.models import OpenForm
from holdfast.practice.answers.queries import form_behind, is_spent
from holdfast.practice.answers.secrets import hidden_fields
from holdfast.practice.checkins import queries
from holdfast.practice.checkins.actions import submit
from holdfast.practice.checkins.queries import answering, exit_address_of
from holdfast.practice.checkins.questions import FOLDER, form_page, read_answers, words_of
from holdfast.practice.lib import clock
from holdfast.practice.lib.envelopes import public_key
from holdfast.practice.lib.origin import from_our_page
from holdfast.practice.lib.secrets import same
from holdfast.practice.lib.words import DEFAULT, Words, languages, moment_in

COOKIE_SECONDS = 60 * 60
LONGEST_COMMENT = 4000
MOST_TURNS = 30
"""So often the page after a form about safety comes again: 10 minutes."""


@require_safe
def door(request: HttpRequest, language: str = DEFAULT) -> HttpResponse:
    """The same bytes for everybody: robots may fetch it for ever, and nothing happens."""
    known = languages(FOLDER)
    shown = {"words": known[language], "script": _script(known[language]), "languages": known.values()}
    return render(request, "checkins/door.html", shown)


@require_safe
def who(request: HttpRequest) -> HttpResponse:
    return _plain(request, "checkins/who.html")


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return _plain(request, "checkins/thanks.html")


def closed(request: HttpRequest) -> HttpResponse:
    """Unknown, too early, expired, replaced, taken back, spent: one page, one status, the same bytes in a language."""
    if _by_script(request):
        return JsonResponse({"closed": True}, status=404)
    return _plain(request, "checkins/closed.html", status=404)


@from_our_page(closed)
def open_link(request: HttpRequest) -> HttpResponse:
    return _open(request, token=request.POST.get("token", ""))


@from_our_page(closed)
def open_code(request: HttpRequest) -> HttpResponse:
    return _open(request, code=request.POST.get("code", ""))


@from_our_page(closed)
def leave(request: HttpRequest) -> HttpResponse:
    """Quick exit: the link dies and the cookie goes. Without script the page that comes back moves on by itself."""
    opened = _opened(request) or _behind_token(request)
    if opened is not None:
        exit_form(form=opened, at=clock.now())
    answer = render(request, "checkins/left.html", {"exit_address": exit_address_of(opened)})
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    answer.delete_cookie(settings.FORM_COOKIE_NAME, samesite="Strict")
    return answer


def _plain(request: HttpRequest, template: str, *, status: int = 200) -> HttpResponse:
    """A page without a form behind it, in the language that the page before it was in."""
    given = request.POST.get("language") or request.GET.get("language") or DEFAULT
    return render(request, template, {"words": words_of(given)}, status=status)


def _show(request: HttpRequest) -> HttpResponse:
    opened = _opened(request)
    if opened is None or is_spent(opened):
        return closed(request)
    return _form(request, opened)


@from_our_page(closed, shown=_show)
def form(request: HttpRequest) -> HttpResponse:
    """Store everything at once; the same nonce again gets the same thanks and stores nothing."""
    opened = _opened(request)
    if opened is None:
        return closed(request)
    if not _is_its_own(request):
        return closed(request)
    hidden = hidden_fields(_cookie(request))
    comment = request.POST.get("comment", "").strip()
    try:
        asked = answering(opened)
        answers = read_answers(asked.forms, posted=request.POST.dict())
        wrong = _what_is_wrong(answers, comment, words_of(asked.language))
        if wrong:
            return _form(request, opened, wrong=wrong)
        submit(form=opened, answers=answers, comment=comment, nonce=hidden.nonce, at=clock.now())
    except AnswerError:
        return _form(request, opened, wrong=words_of(opened.invitation.language).say("not_offered"))
    except LinkError:
        return closed(request)
    if asked.asks_safety:  # whom to call stands in this very answer, whatever was said
        return (
            JsonResponse({"thanks": True, "onward": reverse("form-after")}) if _by_script(request) else after(request)
        )
    if _by_script(request):
        return JsonResponse({"thanks": True})
    thanks_page = reverse("form-thanks")
    return redirect(thanks_page if asked.language == DEFAULT else f"{thanks_page}?language={asked.language}")


@from_our_page(closed)
def longer(request: HttpRequest) -> HttpResponse:
    """Another hour. Without script the page comes back with everything that was marked and written."""
    opened = _opened(request)
    if opened is None or not _is_its_own(request):
        return closed(request)
    try:
        opened = extend_form(form=opened, at=clock.now())
    except LinkError:
        return closed(request)
    if not _by_script(request):
        return _with_cookie(_form(request, opened), _cookie(request))
    said = words_of(opened.invitation.language).say("open_until", time=_clock(opened))
    return _with_cookie(JsonResponse({"until": said, "seconds": _seconds_left(opened)}), _cookie(request))


@from_our_page(closed)
def sealed(request: HttpRequest) -> HttpResponse:
    """What waited on a phone for a connection. Whatever is wrong with it, the answer is that of a closed form.

    ``here`` says whether it was the form that is open in this browser now.
    """
    at = clock.now()
    try:
        envelope = read_envelope(request.POST.get("envelope", ""), at=at)
        answers = read_answers(envelope.forms, posted=envelope.fields)
        comment = envelope.fields.get("comment", "").strip()
        if _what_is_wrong(answers, comment, words_of(DEFAULT)):
            return closed(request)
        kept = submit(form=envelope.form, answers=answers, comment=comment, nonce=envelope.nonce, at=at)
    except (AnswerError, LinkError):
        return closed(request)
    opened = _opened(request)
    return JsonResponse({"thanks": True, "here": opened is not None and opened.invitation_id == kept.invitation_id})


def after(request: HttpRequest) -> HttpResponse:
    """The thanks for a form that asks about safety: whom to call, and how far an answer has come that calls for one.

    It comes again by itself every 20 seconds for 10 minutes, without script, unless that is stopped. It shows no more.
    """
    opened = _opened(request)
    found = queries.after(opened, clock.now()) if opened is not None else None
    if found is None:
        return thanks(request)
    given = request.GET.get("n", "1")
    turn = int(given) if given.isascii() and given.isdigit() and len(given) < 3 else MOST_TURNS
    words, standing = words_of(found.language), found.standing
    context: dict[str, object] = {"words": words, "exit_address": found.exit_address, **_help(words, found.help)}
    if standing is not None:
        context |= {
            "passing": words.say("passing", time=moment_in(found.language, standing.read_by)),
            "stands": words.say(
                f"passing_{standing.passing.value}",
                time=f"{localtime(standing.at):%H:%M}" if standing.at else "",
                phone=standing.phone or found.help.emergency,
            ),
            "next_turn": turn + 1 if turn < MOST_TURNS else 0,
            "most_turns": MOST_TURNS,
        }
    answer = render(request, "checkins/after.html", context)
    if context.get("next_turn"):
        answer.headers["Refresh"] = f"20; url={reverse('form-after')}?n={context['next_turn']}"
    return answer


def _script(words: Words) -> str:
    return json.dumps(dict(words.script), ensure_ascii=False)


def _help(words: Words, found: queries.Help) -> dict[str, object]:
    return {"help": found, "emergency_said": words.say("help_emergency", number=found.emergency)}


def _what_is_wrong(answers: Answers, comment: str, words: Words) -> str:
    if len(comment) > LONGEST_COMMENT:
        return words.say("too_long", most=LONGEST_COMMENT)
    return "" if comment or any(answers.values()) else words.say("nothing_marked")


def _open(request: HttpRequest, *, token: str | None = None, code: str | None = None) -> HttpResponse:
    """Only this deliberate tap does anything."""
    try:
        opened = open_form(
            at=clock.now(), token=token, code=code, address=source_of(request), older_cookie=_cookie(request) or None
        )
    except TooManyTriesError:
        return _plain(request, "checkins/wait.html", status=429)
    except LinkError:
        return closed(request)
    return with_form_cookie(redirect("form"), opened)


def with_form_cookie(answer: HttpResponse, opened: OpenedForm) -> HttpResponse:
    """The cookie that an opened form stands behind, for an hour."""
    return _with_cookie(answer, opened.cookie)


def _with_cookie(answer: HttpResponse, cookie: str) -> HttpResponse:
    answer.set_cookie(
        settings.FORM_COOKIE_NAME,
        cookie,
        max_age=COOKIE_SECONDS,
        httponly=True,
        secure=settings.TLS,
        samesite="Strict",
    )
    return answer


def _behind_token(request: HttpRequest) -> OpenForm | None:
    """The form of a link that was not opened yet: whoever leaves at the door wants the link dead too."""
    token = request.POST.get("token", "")
    try:
        return open_form(at=clock.now(), token=token).form if token else None
    except LinkError:
        return None


def _opened(request: HttpRequest) -> OpenForm | None:
    return form_behind(_cookie(request), clock.now())


def _cookie(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.FORM_COOKIE_NAME, "")


def _is_its_own(request: HttpRequest) -> bool:
    """Whether a post carries the id and nonce of the form that is open in this browser."""
    hidden, given = hidden_fields(_cookie(request)), request.POST
    return same(given.get("form", ""), hidden.form_id) and same(given.get("nonce", ""), hidden.nonce)


def _seconds_left(opened: OpenForm) -> int:
    return max(0, int((opened.expires_at - clock.now()).total_seconds()))


def _clock(opened: OpenForm) -> str:
    return f"{localtime(opened.expires_at):%H:%M}"


def _by_script(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _form(request: HttpRequest, opened: OpenForm, *, wrong: str = "") -> HttpResponse:
    """The form, with what was chosen and written still in it."""
    if wrong and _by_script(request):
        return JsonResponse({"sentence": wrong}, status=422)
    asked = answering(opened)
    laid_out = form_page(
        asked.forms,
        purpose=asked.purpose,
        posted=request.POST.dict(),
        always=asked.always,
        language=asked.language,
    )
    context: dict[str, object] = {
        "words": laid_out.words,
        "script": _script(laid_out.words),
        "page": laid_out,
        "hidden": hidden_fields(_cookie(request)),
        "comment": request.POST.get("comment", ""),
        "wrong": wrong,
        "longest_comment": LONGEST_COMMENT,
        "exit_address": asked.exit_address,
        "open_until": laid_out.words.say("open_until", time=_clock(opened)),
        "seconds_left": _seconds_left(opened),
    }
    if asked.asks_safety:
        practice, language = opened.invitation.client.practice, asked.language
        until = queries.read_by_when(practice, clock.now())
        said = laid_out.words.say("before_safety", time=moment_in(language, until))
        context |= {"before_safety": said, **_help(laid_out.words, queries.help_for(practice, language))}
    if opened.invitation.client.practice.keeps_sealed and not asked.asks_safety:
        context["sealing"] = {
            "key": public_key(),
            "ticket": ticket_of(opened, nonce=hidden_fields(_cookie(request)).nonce),
        }
    return render(request, "checkins/form.html", context, status=422 if wrong else 200)
