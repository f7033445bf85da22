"""The simulated practice, played through the real actions in the order in which it would have happened."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from holdfast.practice.accounts.actions import add_person, create_practice, set_practice
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.actions import choose_forms, issue_link, open_form, reply
from holdfast.practice.answers.models import Comment
from holdfast.practice.answers.monthly import is_monthly_due
from holdfast.practice.appointments.actions import request_appointment, set_page
from holdfast.practice.caseload.actions import add_client, book_session, mark_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.caseload.sharing import record_consent, say_in_supervision, share
from holdfast.practice.checkins.actions import rate, submit
from holdfast.practice.demo import stories
from holdfast.practice.demo.answering import before_forms, monthly_form, session_form, therapist_form
from holdfast.practice.demo.moments import LONGEST, Moment, moments_of_all
from holdfast.practice.demo.others import CLIENTS, MOST, THERAPISTS, YEAR, others
from holdfast.practice.demo.stories import EMAIL, STORIES, SUPERVISOR, Story
from holdfast.practice.demo.understood import Understanding
from holdfast.practice.demo.working import work_on
from holdfast.practice.ruptures.actions import acknowledge, end_episode_of_care, note, talk_about
from holdfast.practice.ruptures.attempts import plan, tell
from holdfast.practice.ruptures.models import RuptureEpisode
from holdfast.practice.safety.actions import DutyTerms, read_alert, set_duty
from holdfast.practice.safety.models import Alert

Event = tuple[datetime, Callable[[datetime], object]]


@dataclass(kw_only=True)
class Play:
    """One simulated client on the way through the practice."""

    therapist: Membership
    story: Story
    moments: tuple[Moment, ...]
    client: Client = field(init=False)
    sessions: dict[int, Session] = field(default_factory=dict)
    understanding: Understanding = field(default_factory=Understanding)

    def start(self, number: int, now: datetime) -> datetime:
        """When a session was: weekly, the last one ``days_ago`` before today."""
        today = now.replace(hour=self.story.hour, minute=0, second=0, microsecond=0)
        return today - timedelta(days=self.story.days_ago + self.story.every * (len(self.moments) - number))

    def events(self, now: datetime) -> Iterator[Event]:
        """Everything that happened, with its time."""
        yield self.start(1, now) - timedelta(days=7), self.arrive
        for moment in self.moments:
            yield from self.week(moment, self.start(moment.number, now))
        last = self.start(len(self.moments), now)
        if not self.story.ended:
            yield from self.ahead(len(self.moments) + 1, last, now)
        if self.story.ended:
            yield last + timedelta(hours=3), self.end

    def ahead(self, number: int, last: datetime, now: datetime) -> Iterator[Event]:
        """The next session: today, with the form before it answered, or later."""
        today = last + timedelta(days=self.story.days_ago)
        begins = today if self.story.meets_today else self.next_after(last)
        yield last + timedelta(hours=2), lambda at: self.book(number, begins, at)
        if self.story.meets_today:
            yield min(now, begins) - timedelta(minutes=20), lambda at: self.say_before(self.coming(number), at)

    def next_after(self, last: datetime) -> datetime:
        """The next time in the rhythm of this therapy that is still to come."""
        rounds = 1 + self.story.days_ago // self.story.every
        return last + timedelta(days=self.story.every * rounds)

    def week(self, moment: Moment, begins: datetime) -> Iterator[Event]:
        number = moment.number
        yield begins - timedelta(days=6), lambda at: self.book(number, begins, at)
        if number in self.story.missed:
            yield begins + timedelta(hours=1), lambda at: self.miss(number, at)
            return
        if self.leaves_out(number):
            yield begins - timedelta(hours=2), lambda at: self.only_sent(number, at)
        else:
            yield begins - timedelta(hours=2), lambda at: self.say_before(moment, at)
        if moment.alliance is not None:
            yield begins + timedelta(hours=1), lambda at: self.say_after(moment, at)
        if number % 4 == 1:
            yield begins + timedelta(hours=26), lambda at: self.say_monthly(moment, at)
        if number not in self.story.unrated_by_therapist:
            yield begins + timedelta(hours=1, minutes=10), lambda at: self.rate(moment, at)
        yield begins + timedelta(hours=1, minutes=20), lambda at: self.work(number, at)
        yield (
            begins + timedelta(hours=1, minutes=30),
            lambda at: self.understanding.after(self.therapist, self.sessions[number], at),
        )

    def coming(self, number: int) -> Moment:
        """The session of today, of which only the form before it is in."""
        last = self.moments[-1]
        return replace(last, number=number, alliance=None)

    def arrive(self, at: datetime) -> None:
        contact = {"phone": f"0151 555 {self.story.code[-2:]}00", "hours": "after 17:00", "name ourselves": "no"}
        self.client = add_client(
            actor=self.therapist,
            code=self.story.code,
            name=self.story.name,
            contact=contact,
            language=self.story.language,
            at=at,
        )
        if self.story.dark:
            record_consent(actor=self.therapist, client=self.client, purpose="safety", how="session", at=at)

    def book(self, number: int, begins: datetime, at: datetime) -> None:
        self.sessions[number] = book_session(
            actor=self.therapist, dyad=self.client.dyads.get(), starts_at=begins, at=at
        )

    def miss(self, number: int, at: datetime) -> None:
        mark_session(actor=self.therapist, session=self.sessions[number], state=Session.State.MISSED, at=at)

    def leaves_out(self, number: int) -> bool:
        """Drawn clients leave about one form in eight unanswered; those of the stories answer what the story needs."""
        return self.story.works_on_episodes and (7 * number + len(self.story.name)) % 8 == 0

    def only_sent(self, number: int, at: datetime) -> None:
        issue_link(actor=self.therapist, session=self.sessions[number], purpose="before", at=at)

    def say_before(self, moment: Moment, at: datetime) -> None:
        link = issue_link(
            actor=self.therapist, session=self.sessions[moment.number], purpose="before", at=at - timedelta(minutes=5)
        )
        form = open_form(token=link.token, at=at - timedelta(seconds=48)).form
        submit(form=form, answers=before_forms(link.invitation.forms, moment), nonce=uuid4().hex, at=at)

    def say_after(self, moment: Moment, at: datetime) -> None:
        link = issue_link(
            actor=self.therapist, session=self.sessions[moment.number], purpose="after", at=at - timedelta(minutes=5)
        )
        form = open_form(token=link.token, at=at - timedelta(seconds=36)).form
        comment = self.story.comments.get(moment.number)
        answers = {"holdfast-session": session_form(moment)}
        submit(form=form, answers=answers, comment=comment, nonce=uuid4().hex, at=at)

    def say_monthly(self, moment: Moment, at: datetime) -> None:
        session = self.sessions[moment.number]
        if not is_monthly_due(session):  # therapies with two weeks between sessions
            return
        link = issue_link(actor=self.therapist, session=session, purpose="monthly", at=at - timedelta(minutes=5))
        form = open_form(token=link.token, at=at - timedelta(seconds=90)).form
        submit(form=form, answers=monthly_form(moment), nonce=uuid4().hex, at=at)

    def rate(self, moment: Moment, at: datetime) -> None:
        rate(session=self.sessions[moment.number], actor=self.therapist, answers=therapist_form(moment), at=at)

    def work(self, number: int, at: datetime) -> None:
        """What the therapist did after a session: a reply, and what she did about an open episode."""
        if number in self.story.replies:
            said = Comment.objects.filter(check_in__session=self.sessions[number]).first()
            if said is not None:  # whoever did not rate a session did not write either
                reply(actor=self.therapist, comment=said, text=self.story.replies[number], at=at)
        episode = RuptureEpisode.objects.filter(dyad__client=self.client).last()
        if episode is None:
            return
        if self.story.works_on_episodes:
            work_on(self.therapist, episode, number, at)
        if number == self.story.acknowledged:
            acknowledge(actor=self.therapist, episode=episode, at=at)
        if number == self.story.talked:
            talk_about(actor=self.therapist, episode=episode, at=at)
        if number - 1 in self.story.tried:
            _, judgement, words = self.story.tried[number - 1]
            tell(actor=self.therapist, attempt=episode.attempts.get(), judgement=judgement, text=words, at=at)
        if number in self.story.tried:
            plan(actor=self.therapist, episode=episode, strategy=self.story.tried[number][0], text="", at=at)
        if number in self.story.notes:
            note(actor=self.therapist, episode=episode, text=self.story.notes[number], at=at)

    def end(self, at: datetime) -> None:
        end_episode_of_care(actor=self.therapist, care=self.sessions[1].episode_of_care, at=at)


@transaction.atomic
def seed(*, now: datetime, password: str, more: int = CLIENTS) -> Practice:
    """Make the simulated practice up to now: one transaction, so that it is all there or did not happen.

    more: how many clients of two other therapists there are beside Ada's ten.
    """
    began = now - timedelta(days=YEAR + 14 if more else 7 * (LONGEST + 4))
    practice = create_practice(name="Practice on the Shore (simulated)", at=began, is_simulated=True)
    ada = add_person(practice=practice, email=EMAIL, name="Ada Quist", role="therapist", password=password, at=began)
    ben = add_person(
        practice=practice, email=SUPERVISOR, name="Ben Aster", role="supervisor", password=password, at=began
    )
    owner = add_person(practice=practice, email=EMAIL, name="Ada Quist", role="owner", password=None, at=began)
    set_practice(actor=owner, exit_address="", clients_sign_in=True, keeps_sealed=False, at=began)
    terms = DutyTerms(responder=ben, substitute=ada, **stories.DUTY)
    set_duty(actor=owner, terms=terms, at=began)
    choose_forms(actor=owner, practice=owner.practice, occasion="before", ids=stories.BEFORE, at=began)
    choose_forms(actor=owner, practice=owner.practice, occasion="monthly", ids=["holdfast-monthly"], at=began)
    plays = [
        Play(therapist=ada, story=story, moments=moments)
        for story, moments in zip(STORIES, moments_of_all(), strict=True)
    ]
    if more:
        plays += _the_others(practice, password, began)[:more]
    events = [event for play in plays for event in play.events(now) if event[0] <= now]  # the rest is still to come
    for at, act in sorted(events, key=lambda event: event[0]):
        act(at)
    _open_for_supervision(plays, ben, now)
    shown = set_page(actor=ada, slug="ada-quist", is_on=True, texts=stories.PAGE, at=now)
    for hours, said in stories.REQUESTS:
        request_appointment(page=shown, said=said, at=now - timedelta(hours=hours))
    _read(practice, ben, now)
    return practice


def _the_others(practice: Practice, password: str, began: datetime) -> list[Play]:
    """Two more therapists with thirty clients."""
    people = [
        add_person(practice=practice, email=each.email, name=each.name, role="therapist", password=password, at=began)
        for each in THERAPISTS
    ]
    rest = others()
    return [
        Play(therapist=people[story.by - 1], story=story, moments=moments)
        for story, moments in zip(rest, moments_of_all(rest, MOST), strict=True)
    ]


def _read(practice: Practice, ben: Membership, now: datetime) -> None:
    """Ben has read what was answered about safety, in time."""
    for alert in Alert.objects.filter(practice=practice, raised_at__lt=now - timedelta(days=2)):
        read_alert(actor=ben, alert=alert, at=min(now, alert.raised_at + timedelta(minutes=50)))


def _open_for_supervision(plays: Sequence[Play], ben: Membership, now: datetime) -> None:
    """Some agreed to supervision, and Ada brings a question."""
    for play in plays:
        if play.story.question:
            record_consent(actor=play.therapist, client=play.client, purpose="supervision", how="session", at=now)
            opened = share(
                actor=play.therapist,
                dyad=play.client.dyads.get(),
                supervisor=ben,
                until=now + timedelta(days=90),
                with_comments=True,
                at=now,
            )
            say_in_supervision(actor=play.therapist, share=opened, text=play.story.question, at=now)
