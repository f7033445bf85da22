"""The practice as a whole, for its owner: counts and means of a year, with intervals, of ten clients or more."""

import statistics
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np
from django.db.models import Count, Q

from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.models import CheckIn, Invitation, Purpose, Rater, Score
from holdfast.practice.appointments.queries import waiting_in
from holdfast.practice.caseload.models import EpisodeOfCare, Session
from holdfast.practice.caseload.rules import demand
from holdfast.practice.insight.figures import outcome_name
from holdfast.practice.ruptures.models import RuptureEpisode
from holdfast.report.words import count, interval, number, signed
from holdfast.stats.proportion import Share, wilson_interval
from holdfast.stats.student import student_quantile

YEAR = timedelta(days=365)
FEWEST = 10
WHEN = {Purpose.BEFORE: "before sessions", Purpose.AFTER: "after sessions", Purpose.MONTHLY: "once a month"}
TOO_FEW = "Fewer than ten clients: not shown, so that nobody can be made out."
ENDED = (RuptureEpisode.Status.REPAIRED, RuptureEpisode.Status.PARTLY, RuptureEpisode.Status.NOT)


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeFigure:
    """One thing about the practice: what it is, what came out, and what to know about it."""

    head: str
    said: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePage:
    since: datetime
    clients: int
    figures: tuple[PracticeFigure, ...]


def practice_of(actor: Membership | None, at: datetime) -> PracticePage:
    """The year until now. Raises PermissionDenied for whoever does not own the practice."""
    practice = demand(actor, "see figures", actor.practice if actor else Practice()).practice
    since = at - YEAR
    held = Session.objects.filter(
        episode_of_care__dyad__client__practice=practice, starts_at__gte=since, state=Session.State.HELD
    )
    clients = held.aggregate(clients=Count("episode_of_care__dyad__client", distinct=True))["clients"]
    made = (*_responses(practice, since), _filling(practice, since), _episodes(practice, since))
    made = (*made, *_outcomes(practice, since), _therapies(practice, since), _requests(practice))
    return PracticePage(since=since, clients=clients, figures=made)


def _responses(practice: Practice, since: datetime) -> Iterator[PracticeFigure]:
    rows = Invitation.objects.filter(client__practice=practice, made_at__gte=since)
    counted = rows.exclude(state__in=[Invitation.State.REVOKED, Invitation.State.REPLACED, Invitation.State.OPEN])
    for purpose in _asked(practice):
        of = counted.filter(purpose=purpose).aggregate(
            all=Count("pk"), back=Count("pk", filter=Q(state="submitted")), clients=Count("client", distinct=True)
        )
        said = f"{_share(of['back'], of['all'])} were answered." if of["clients"] >= FEWEST else TOO_FEW
        yield PracticeFigure(
            head=f"Forms {WHEN[purpose]}",
            said=(said,),
            note="Links that were taken back, replaced or are still open are not counted.",
        )


def _requests(practice: Practice) -> PracticeFigure:
    """How many wait; who and for what stays between them and the therapist."""
    wait = waiting_in(practice)
    said = "None waits." if not wait else f"{count(wait, 'request')} {'waits' if wait == 1 else 'wait'} for an answer."
    return PracticeFigure(head="Requests for an appointment", said=(said,), note="Each therapist answers their own.")


def _asked(practice: Practice) -> list[Purpose]:
    """The occasions on which this practice asks at all."""
    return [each for each in Purpose if each != Purpose.MONTHLY or practice.monthly_forms]


def _filling(practice: Practice, since: datetime) -> PracticeFigure:
    rows = CheckIn.objects.filter(
        session__episode_of_care__dyad__client__practice=practice,
        submitted_at__gte=since,
        rater=Rater.CLIENT,
        invitation__open_form__isnull=False,
    ).values_list("purpose", "invitation__open_form__opened_at", "submitted_at", "invitation__client")
    found = list(rows)
    said = []
    for purpose in _asked(practice):
        own = [row for row in found if row[0] == purpose]
        if len({row[3] for row in own}) >= FEWEST:
            seconds = [(row[2] - row[1]).total_seconds() for row in own]
            said.append(
                f"{WHEN[purpose].capitalize()}: half took {number(statistics.median(seconds), places=0)} s or less."
            )
    return PracticeFigure(
        head="Time to fill in a form",
        said=tuple(said) or (TOO_FEW,),
        note="From opening the form to sending it, pauses included.",
    )


def _episodes(practice: Practice, since: datetime) -> PracticeFigure:
    rows = RuptureEpisode.objects.filter(dyad__client__practice=practice, opened_at__gte=since)
    of = rows.aggregate(clients=Count("dyad__client", distinct=True), all=Count("pk"))
    rated = CheckIn.objects.filter(
        session__episode_of_care__dyad__client__practice=practice,
        submitted_at__gte=since,
        rater=Rater.CLIENT,
        purpose=Purpose.AFTER,
    )
    sessions = rated.aggregate(all=Count("pk"), clients=Count("session__episode_of_care__dyad__client", distinct=True))
    note = (
        f"If nothing happens, up to {number(practice.false_alarms_per_20)} of the computed signals still come up in 20 "
        "sessions. An episode is a reason to ask, not a finding about anybody."
    )
    if sessions["clients"] < FEWEST:
        return PracticeFigure(head="Episodes", said=(TOO_FEW,), note=note)
    said = [f"{count(of['all'], 'episode')} opened in {count(sessions['all'], 'rated session')}."]
    closed = rows.filter(status__in=ENDED).aggregate(
        all=Count("pk"),
        mended=Count("pk", filter=Q(status=RuptureEpisode.Status.REPAIRED)),
        clients=Count("dyad__client", distinct=True),
    )
    mended = _share(closed["mended"], closed["all"])
    said.append(f"Of those closed, {mended} were repaired." if closed["clients"] >= FEWEST else "Closed: " + TOO_FEW)
    return PracticeFigure(head="Episodes", said=tuple(said), note=note)


def _outcomes(practice: Practice, since: datetime) -> Iterator[PracticeFigure]:
    """The change from the first to the last form before a session, within one episode of care, per scale."""
    rows = Score.objects.filter(
        check_in__session__episode_of_care__dyad__client__practice=practice,
        check_in__purpose=Purpose.BEFORE,
        check_in__submitted_at__gte=since,
        raw__isnull=False,
    ).order_by("check_in__submitted_at")
    courses: dict[tuple[str, str, str], dict[UUID, list[float]]] = {}
    names = ("instrument", "version", "scale", "check_in__session__episode_of_care", "raw")
    for instrument, version, scale, care, raw in rows.values_list(*names):
        courses.setdefault((instrument, version, scale), {}).setdefault(care, []).append(raw)
    for (instrument, version, scale), by_care in sorted(courses.items()):
        changes = [course[-1] - course[0] for course in by_care.values() if len(course) > 1]
        head = f"{outcome_name((instrument, version, scale))}, from first to last"
        if len(changes) >= FEWEST:
            yield PracticeFigure(
                head=head,
                said=(_mean(changes),),
                note="Everybody who answered twice. What made it change is not said.",
            )
        else:
            yield PracticeFigure(head=head, said=(TOO_FEW,))


def _therapies(practice: Practice, since: datetime) -> PracticeFigure:
    rows = EpisodeOfCare.objects.filter(dyad__client__practice=practice).annotate(
        held=Count("sessions", filter=Q(sessions__state=Session.State.HELD))
    )
    ended = list(rows.filter(ended_at__gte=since).values_list("held", flat=True))
    running = rows.filter(ended_at=None).count()
    said = [f"{count(running, 'therapy', 'therapies')} running, {len(ended) or 'none'} ended in the year."]
    if len(ended) >= FEWEST:
        said.append(f"Half of those that ended had {number(statistics.median(ended), places=0)} sessions or fewer.")
    return PracticeFigure(head="Therapies", said=tuple(said), note="Whether an ending was agreed is not recorded yet.")


def _share(found: int, of: int) -> str:
    """7 of 10 (70 %; 95 % interval 40 to 89)."""
    share: Share = wilson_interval(found, of)
    bounds = f"95 % interval {100 * share.low:.0f} to {100 * share.high:.0f}"
    return f"{found} of {of} ({100 * share.estimate:.0f} %; {bounds})" if of else "none"


def _mean(changes: Iterable[float]) -> str:
    values = np.array(list(changes))
    half = float(student_quantile(0.975, np.asarray(len(values) - 1.0)) * values.std(ddof=1) / np.sqrt(len(values)))
    mean = float(values.mean())
    therapies = count(len(values), "therapy", "therapies")
    return f"{signed(mean)} points on average {interval(mean - half, mean + half)}, {therapies}."
