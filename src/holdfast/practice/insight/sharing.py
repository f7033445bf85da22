"""What the client chose to be shown, and what is shown instead of single answers where they chose a trend."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from holdfast.errors import RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.models import Kind, Purpose, Rater, Release, ReleaseChoice, Score
from holdfast.practice.answers.release import choose_releases, kinds_asked, predicted
from holdfast.practice.caseload.models import Dyad, Session
from holdfast.practice.caseload.queries import OpenedClient, client_of
from holdfast.practice.insight.figures import outcome_name
from holdfast.practice.lib import clock
from holdfast.practice.ruptures.voices import INSTRUMENT, SCALE
from holdfast.report.words import listed, number

BLOCK = 3
"""Answers that are averaged together: blocks never overlap, so that no single answer can be worked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingPage:
    """Every kind of answer with what may be chosen and what is chosen, and the choices there were."""

    client: OpenedClient
    kinds: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...]
    history: tuple[ReleaseChoice, ...]


def sharing_of(actor: Membership | None, client_id: UUID) -> SharingPage | None:
    """For the therapist, who puts down what the pair chose together."""
    found = client_of(actor, client_id)
    if actor is None or found is None or actor.role != Membership.Role.THERAPIST:
        return None
    rows = list(visible(actor, ReleaseChoice).filter(client=found.client).select_related("recorded_by__person"))
    now = {row.kind: row.release for row in rows if row.ended_at is None}
    return SharingPage(
        client=found,
        kinds=tuple(
            (kind.value, kind.label, now.get(kind, Release.AT_ONCE), _choices(kind))
            for kind in kinds_asked(found.client.practice)
        ),
        history=tuple(reversed(rows)),
    )


def trends_of(actor: Membership | None, dyad: Dyad) -> tuple[str, ...]:
    """Means of three answers at a time, where the client chose that no single one is shown."""
    rows = Score.objects.filter(
        check_in__in=predicted().filter(session__in=visible(actor, Session).filter(episode_of_care__dyad=dyad)),
        check_in__release=Release.TREND,
        check_in__rater=Rater.CLIENT,
    ).order_by("check_in__session__starts_at")
    courses: dict[tuple[str, str, str], list[float]] = {}
    for row in rows.select_related("check_in"):
        is_alliance = (row.instrument, row.scale) == (INSTRUMENT, SCALE)
        value = row.percent if is_alliance else row.raw
        if value is not None and (is_alliance or row.check_in.purpose != Purpose.AFTER):
            courses.setdefault((row.instrument, row.version, row.scale), []).append(value)
    return tuple(_in_words(key, values) for key, values in courses.items())


def _in_words(key: tuple[str, str, str], values: list[float]) -> str:
    name = "How it was between you, of 100" if key[2] == SCALE else outcome_name(key)
    blocks = [values[place : place + BLOCK] for place in range(0, len(values) - BLOCK + 1, BLOCK)]
    if not blocks:
        return f"{name}: a trend begins with three answers."
    means = [number(sum(block) / BLOCK, places=0 if key[2] == SCALE else 1) for block in blocks]
    return f"{name}, three answers at a time, on average: {listed(means)}."


def _choices(kind: Kind) -> tuple[tuple[str, str], ...]:
    return tuple((each.value, each.label) for each in Release if (kind, each) != (Kind.COMMENT, Release.TREND))


@require_http_methods(["GET", "POST"])
@staff_only
def sharing(request: HttpRequest, key: UUID) -> HttpResponse:
    """What the client wants to be shown, and when: put down together, changed whenever they like."""
    actor, at, wrong = actor_of(request), clock.now(), ""
    found = there(sharing_of(actor, key))
    note_read(actor=actor, target=found.client.client, at=at)
    if request.method == "POST":
        client = found.client.client
        chosen = {kind.value: request.POST.get(kind.value, "") for kind in kinds_asked(client.practice)}
        try:
            choose_releases(actor=actor, client=client, chosen=chosen, at=at)
        except RecordError as error:
            wrong = str(error)
        else:
            return redirect("sharing", key=key)
    shown = {"page": found, "wrong": wrong}
    return page(request, "insight/sharing", here="clients", status=422 if wrong else 200, **shown)
