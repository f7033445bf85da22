"""What may be read of courses and rupture episodes."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.models import CheckIn
from holdfast.practice.caseload.models import Dyad, EpisodeOfCare
from holdfast.practice.caseload.sealing import open_text
from holdfast.practice.ruptures.course import CareCourse, follow_care
from holdfast.practice.ruptures.models import EpisodeNote, RuptureEpisode
from holdfast.practice.ruptures.voices import hear_all


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNote:
    """A note, opened."""

    note: EpisodeNote
    text: str


def course_of(actor: Membership | None, care: EpisodeOfCare) -> CareCourse | None:
    """The alliance course as the actor may see it now: a session they have not rated yet counts as unrated."""
    return courses_of(actor, [care])[care.pk]


def courses_of(actor: Membership | None, cares: Sequence[EpisodeOfCare]) -> dict[UUID, CareCourse | None]:
    """The same for several episodes of care, by their keys. Two queries where the sessions are at hand."""
    heard = hear_all(cares, check_ins=visible(actor, CheckIn))
    return {care.pk: follow_care(care, heard[care.pk]) for care in cares}


def episodes_of(actor: Membership | None, dyads: Sequence[Dyad] | None = None) -> list[RuptureEpisode]:
    """The rupture episodes of some dyads, or of the whole caseload: open ones first, then the newest."""
    rows = visible(actor, RuptureEpisode).select_related(
        "onset_session", "signal_session__episode_of_care__dyad__client__practice"
    )
    if dyads is not None:
        rows = rows.filter(dyad__in=dyads)
    return sorted(rows.order_by("-opened_at", "-number"), key=lambda row: row.status != RuptureEpisode.Status.OPEN)


def notes_of(actor: Membership | None, episode: RuptureEpisode) -> list[ReadNote]:
    """The notes of an episode, opened, oldest first."""
    rows = visible(actor, EpisodeNote).filter(episode=episode).select_related("author__person")
    client = episode.dyad.client
    return [ReadNote(note=row, text=open_text(client=client, row=row, column="sealed_text")) for row in rows]


def has_open_episode(dyad: Dyad) -> bool:
    """Whether the client's form asks how an episode went on: a yes or no for the form, so nobody is asked who."""
    return dyad.rupture_episodes.filter(status=RuptureEpisode.Status.OPEN).exists()
