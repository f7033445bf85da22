"""The pages of whoever runs the practice: its figures, and its settings in words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.errors import HoldfastError, RecordError
from holdfast.practice.accounts.actions import set_practice
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.accounts.policy import may
from holdfast.practice.answers.actions import choose_forms
from holdfast.practice.answers.licensed import LARGEST, load_words, remove_words
from holdfast.practice.insight.catalogue import OCCASIONS, catalogue, chosen, preview
from holdfast.practice.insight.forms import SettingsForm
from holdfast.practice.insight.practice import practice_of
from holdfast.practice.lib import clock
from holdfast.practice.ruptures.actions import set_signals
from holdfast.report.words import number


@require_safe
@staff_only
def practice(request: HttpRequest) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    found = practice_of(actor, at)
    note_read(actor=actor, target=actor.practice, at=at)
    return page(request, "insight/practice", here="practice", page=found)


@require_http_methods(["GET", "POST"])
@staff_only
def forms(request: HttpRequest) -> HttpResponse:
    """Which questionnaires are asked; whoever runs the practice chooses them."""
    actor, wrong = actor_of(request), ""
    if request.method == "POST":
        occasion = request.POST.get("occasion", "")
        posted = {name: request.POST.getlist(name) for name in OCCASIONS}
        try:
            ids = chosen(posted, actor.practice, occasion) if occasion in OCCASIONS else []
            choose_forms(actor=actor, practice=actor.practice, occasion=occasion, ids=ids, at=clock.now())
        except HoldfastError as error:
            wrong = str(error)
            actor.practice.refresh_from_db()
        else:
            return redirect("forms")
    return _forms(request, wrong)


@require_POST
@staff_only
def words(request: HttpRequest) -> HttpResponse:
    """Words that the practice holds a licence for: loaded, or taken out again. The upload's own name is never used."""
    actor, given = actor_of(request), request.POST
    named = {"instrument_id": given.get("instrument", ""), "language": given.get("language", "").strip()}
    try:
        if given.get("do") == "remove":
            remove_words(actor=actor, at=clock.now(), **named)
        else:
            sent = request.FILES.get("file")
            if sent is None:
                raise RecordError("No file was chosen. Choose the file with the words.")
            load_words(actor=actor, content=sent.read(LARGEST + 1), at=clock.now(), **named)
    except HoldfastError as error:
        return _forms(request, str(error))
    return redirect("forms")


def _forms(request: HttpRequest, wrong: str) -> HttpResponse:
    actor = actor_of(request)
    may_set = may(actor, "set", actor.practice)
    shown = {"page": catalogue(actor), "may_set": may_set, "wrong": wrong, "given": request.POST if wrong else None}
    return page(request, "insight/forms", here="settings", status=422 if wrong else 200, **shown)


@require_safe
@staff_only
def form_preview(request: HttpRequest, name: str) -> HttpResponse:
    """One questionnaire as a client sees it, to look at or to print for somebody who answers on paper."""
    found = there(preview(name, request.GET.get("language", "en")))
    return page(request, "insight/form_preview", here="settings", page=found)


@require_http_methods(["GET", "POST"])
@staff_only
def settings(request: HttpRequest) -> HttpResponse:
    """Everybody reads how the practice works; whoever runs it changes it."""
    actor, at = actor_of(request), clock.now()
    may_set = may(actor, "set", actor.practice)
    form = SettingsForm(request.POST) if request.method == "POST" else SettingsForm.of(actor.practice)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            set_practice(
                actor=actor,
                exit_address=given["exit_address"],
                clients_sign_in=given["clients_sign_in"],
                keeps_sealed=given["keeps_sealed"],
                at=at,
            )
            set_signals(
                actor=actor,
                practice=actor.practice,
                per_20=given["false_alarms_per_20"],
                talk_at=given["talk_at"],
                clear=given["talk_at"] is None,
                at=at,
            )
        except HoldfastError as error:
            form.add_error(None, str(error))
        else:
            return redirect("settings")
    return page(
        request,
        "insight/settings",
        here="settings",
        status=422 if form.errors else 200,
        form=form,
        may_set=may_set,
        dial=number(actor.practice.false_alarms_per_20, places=2),
        talk="" if actor.practice.talk_at is None else number(actor.practice.talk_at),
    )
