"""Who may see and work on rupture episodes: the therapist of an open dyad, once she rated the session of the signal."""

from django.db.models import QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import allows, rows_of, visible
from holdfast.practice.answers.models import CheckIn, Rater
from holdfast.practice.caseload.models import Dyad
from holdfast.practice.caseload.rules import own_caseload
from holdfast.practice.ruptures.models import Attempt, EpisodeNote, RuptureEpisode


@rows_of(RuptureEpisode)
def rupture_episodes(actor: Membership) -> QuerySet[RuptureEpisode]:
    if actor.role == Membership.Role.CLIENT:
        return RuptureEpisode.objects.none()  # it is the therapist who speaks of it
    rated = CheckIn.objects.filter(rater=Rater.THERAPIST).values("session")
    return RuptureEpisode.objects.filter(dyad__in=visible(actor, Dyad), signal_session__in=rated)


@rows_of(EpisodeNote)
def notes(actor: Membership) -> QuerySet[EpisodeNote]:
    return EpisodeNote.objects.filter(episode__in=rupture_episodes(actor))


@rows_of(Attempt)
def attempts(actor: Membership) -> QuerySet[Attempt]:
    return Attempt.objects.filter(episode__in=rupture_episodes(actor))


allows("plan", RuptureEpisode)(own_caseload)
allows("tell", Attempt)(own_caseload)
allows("reopen", RuptureEpisode)(own_caseload)
allows("acknowledge", RuptureEpisode)(own_caseload)
allows("talk about", RuptureEpisode)(own_caseload)
allows("note", RuptureEpisode)(own_caseload)
allows("close", RuptureEpisode)(own_caseload)
