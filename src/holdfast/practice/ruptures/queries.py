"""What may be read of courses and rupture episodes."""

from dataclasses import dataclass

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.models import CheckIn
from holdfast.practice.caseload.models import Dyad, EpisodeOfCare
from holdfast.practice.caseload.sealing import open_text
from holdfast.practice.ruptures.course import CareCourse, follow_care
from holdfast.practice.ruptures.models import EpisodeNote, RuptureEpisode
from holdfast.practice.ruptures.voices import hear


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNote:
    """A note, opened."""

    note: EpisodeNote
    text: str


def course_of(actor: Membership | None, care: EpisodeOfCare) -> CareCourse | None:
    """The alliance course as the actor may see it now: a session they have not rated yet counts as unrated."""
    return follow_care(care, hear(care, check_ins=visible(actor, CheckIn)))


def episodes_of(actor: Membership | None, dyad: Dyad | None = None) -> list[RuptureEpisode]:
    """The rupture episodes of one dyad, or of the whole caseload: open ones first, then the newest."""
    rows = visible(actor, RuptureEpisode).select_related("dyad__client__practice", "onset_session", "signal_session")
    if dyad is not None:
        rows = rows.filter(dyad=dyad)
    return sorted(rows.order_by("-opened_at", "-number"), key=lambda row: row.status != RuptureEpisode.Status.OPEN)


def notes_of(actor: Membership | None, episode: RuptureEpisode) -> list[ReadNote]:
    """The notes of an episode, opened, oldest first."""
    rows = visible(actor, EpisodeNote).filter(episode=episode).select_related("author__person")
    client = episode.dyad.client
    return [ReadNote(note=row, text=open_text(client=client, row=row, column="sealed_text")) for row in rows]


def has_open_episode(dyad: Dyad) -> bool:
    """Whether the client's form asks how an episode went on: a yes or no for the form, so nobody is asked who."""
    return dyad.rupture_episodes.filter(status=RuptureEpisode.Status.OPEN).exists()
