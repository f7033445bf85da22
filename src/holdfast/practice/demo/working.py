"""What a therapist does about an open episode, session by session, where no story says it: see, speak, try, tell."""

from datetime import datetime

from holdfast.practice.accounts.models import Membership
from holdfast.practice.ruptures.actions import acknowledge, close, note, talk_about
from holdfast.practice.ruptures.attempts import plan, tell
from holdfast.practice.ruptures.models import RuptureEpisode

TRIES = (("make-room", "helped"), ("notice-gently", "little"), ("clear-up", "helped"), ("ask-again", "not"))
WORDS = {
    "helped": "We came back to it, and it was lighter afterwards.",
    "little": "It was named. Something is still in the room.",
    "not": "It was too early. I asked and they went silent.",
}
CLOSING = {
    "repaired": "Back where it was before, and we both said so.",
    "partly": "Better than it was. We know now what to look out for.",
    "not": "It did not ease. We agreed to leave it and to go on.",
}


def work_on(therapist: Membership, episode: RuptureEpisode, number: int, at: datetime) -> None:
    """One step for each session since the signal; after the fifth the therapist closes what has not closed itself."""
    since = number - episode.signal_session.number
    if episode.status != RuptureEpisode.Status.OPEN or since < 0:
        return
    strategy, judgement = TRIES[episode.signal_session.number % len(TRIES)]
    attempt = episode.attempts.first()
    if since == 0:
        acknowledge(actor=therapist, episode=episode, at=at)
    elif since == 1:
        talk_about(actor=therapist, episode=episode, at=at)
        plan(actor=therapist, episode=episode, strategy=strategy, text="", at=at)
    elif since == 2 and attempt is not None:
        tell(actor=therapist, attempt=attempt, judgement=judgement, text=WORDS[judgement], at=at)
        note(actor=therapist, episode=episode, text=WORDS[judgement], at=at)
    elif since >= 5:
        stands = episode.ratings_status
        status = stands if stands in CLOSING else "partly" if judgement != "not" else "not"
        close(actor=therapist, episode=episode, status=status, text=CLOSING[status], at=at)
