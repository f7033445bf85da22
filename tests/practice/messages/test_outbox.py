"""Putting, claiming, sending, failing, giving up: the outbox loses nothing and sends nothing twice knowingly."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.actions import set_state
from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.contact import SafeContact, set_contact
from holdfast.practice.caseload.models import Client
from holdfast.practice.messages import worker
from holdfast.practice.messages.actions import Timing, put, send_again, withdraw
from holdfast.practice.messages.filling import Filled
from holdfast.practice.messages.gateways import NotReachedError, RefusedError
from holdfast.practice.messages.models import Attempt, Heartbeat, Message
from holdfast.practice.messages.queries import not_sent, pulse
from tests.practice.conftest import NOON
from tests.practice.messages.conftest import Kept, hours

Work = Callable[[datetime], None]
THEN = {"when": "Monday"}
SOON = timedelta(seconds=10)


def waiting_form(to: Membership, key: str = "k", due: datetime = NOON) -> Message:
    return put(kind="form-waiting", to=to, key=key, timing=Timing(due_at=due), at=NOON)


def test_the_same_key_twice_is_one_message(ada: Membership, post: Kept, work: Work) -> None:
    assert waiting_form(ada).pk == waiting_form(ada).pk
    work(NOON)
    waiting_form(ada)
    work(NOON + hours(1))
    (envelope,) = post.sent
    assert (envelope.address, envelope.body) == (ada.person.email, "A form is waiting for you. Please sign in.")
    assert envelope.message_id == str(Message.objects.get().pk)


def test_a_message_belongs_to_the_transaction_it_tells_of(ada: Membership) -> None:
    def put_and_fail() -> None:
        with transaction.atomic():
            waiting_form(ada)
            raise RecordError("It did not happen.")

    with pytest.raises(RecordError):
        put_and_fail()
    assert Message.objects.count() == 0


def test_a_kind_is_for_one_side(ada: Membership, cleo: Client) -> None:
    for kind, to in (("form", ada), ("form-waiting", cleo), ("greeting", cleo)):
        with pytest.raises(RecordError, match="no message of the kind"):
            put(kind=kind, to=to, key="k", timing=Timing(due_at=NOON), at=NOON)  # type: ignore[arg-type]


def test_nothing_goes_out_before_its_time_or_after_it(written_to: Client, post: Kept, work: Work) -> None:
    put(
        kind="appointment",
        to=written_to,
        key="k",
        timing=Timing(due_at=NOON + hours(1), until=NOON + hours(2)),
        at=NOON,
    )
    work(NOON)
    assert Message.objects.get().state == "waiting"
    work(NOON + hours(3))
    assert (Message.objects.get().state, Message.objects.get().reason, post.sent) == ("dropped", "too late", [])


def test_the_address_rests_nowhere_in_the_outbox(written_to: Client, post: Kept, work: Work) -> None:
    put(kind="appointment", to=written_to, key="k", timing=Timing(due_at=NOON), at=NOON)
    assert "c.q@example.org" not in repr(list(Message.objects.values()))


@pytest.mark.parametrize("state", ["suspended", "left"])
def test_a_client_whose_record_is_closed_gets_nothing(state: str, written_to: Client, post: Kept, work: Work) -> None:
    put(kind="form", to=written_to, key="k", timing=Timing(due_at=NOON), at=NOON)
    Client.objects.update(state=state)
    work(NOON)
    assert (post.sent, Message.objects.get().reason) == ([], "the record is closed or restricted")


@pytest.mark.parametrize("state", ["invited", "suspended", "left"])
def test_a_member_who_does_not_work_here_gets_nothing(state: str, ada: Membership, post: Kept, work: Work) -> None:
    waiting_form(ada)
    set_state(membership=ada, state=state, at=NOON)
    work(NOON)
    assert (post.sent, Message.objects.get().reason) == ([], "does not work here at present")


def test_without_an_answer_to_the_question_nothing_is_sent(cleo: Client, post: Kept, work: Work) -> None:
    put(kind="form", to=cleo, key="k", timing=Timing(due_at=NOON), at=NOON)
    work(NOON)
    assert (post.sent, Message.objects.get().reason) == ([], "no channel was agreed")


def test_it_waits_for_the_hours_that_are_safe(ada: Membership, cleo: Client, post: Kept, work: Work) -> None:
    contact = SafeContact(channel="text", address="0151 4711", earliest="17:00", latest="19:00")
    set_contact(actor=ada, client=cleo, contact=contact, at=NOON)
    put(kind="form", to=cleo, key="k", timing=Timing(due_at=NOON), at=NOON)
    work(NOON)
    row = Message.objects.get()
    assert (post.sent, row.state, row.next_at) == ([], "waiting", NOON + hours(5))


def test_what_was_taken_back_stays_here_and_can_come_again(ada: Membership, post: Kept, work: Work) -> None:
    waiting_form(ada)
    assert withdraw(practice=ada.practice, keys=["k"], at=NOON) == 1
    work(NOON)
    assert post.sent == []
    waiting_form(ada)
    work(NOON)
    assert len(post.sent) == 1
    assert withdraw(practice=ada.practice, keys=["k"], at=NOON) == 0


def test_two_workers_never_hold_the_same_message(ada: Membership) -> None:
    waiting_form(ada)
    assert worker.claim(NOON) is not None
    assert worker.claim(NOON + SOON) is None
    assert worker.claim(NOON + worker.LEASE) is not None, "a lease that ran out frees it"


def test_a_worker_that_dies_after_sending_sends_again_with_the_same_id(
    ada: Membership, post: Kept, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting_form(ada)

    def killed(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(worker, "settle", killed)
        with pytest.raises(KeyboardInterrupt):
            worker.one_round(NOON)
    assert Message.objects.get().state == "waiting"
    work(NOON + worker.LEASE)
    assert len({each.message_id for each in post.sent}) == 1
    assert len(post.sent) == 2
    assert list(Attempt.objects.values_list("outcome", flat=True)) == [None, "handed over"]


@pytest.mark.parametrize("fault", [NotReachedError(), TimeoutError(), OSError(), ValueError("odd"), ConnectionError()])
def test_a_gateway_that_fails_is_tried_again_ever_later_and_given_up_visibly(
    fault: Exception, written_to: Client, ada: Membership, post: Kept, work: Work
) -> None:
    waiting_form(ada)
    post.broken = fault
    moments, at = [], NOON
    while Message.objects.get().state == "waiting":
        moments.append(at)
        work(at)
        at = Message.objects.get().next_at
    waits = [(after - before).total_seconds() for before, after in pairwise(moments)]
    assert waits[:4] == [10, 20, 40, 80]
    assert max(waits) == 600
    row = Message.objects.get()
    assert (row.state, row.reason, row.tries) == ("given up", "not reached", 40)
    assert Attempt.objects.filter(outcome="failed").count() == 40


def test_a_refusal_is_final_and_the_therapist_sees_it(
    ada: Membership, written_to: Client, post: Kept, work: Work
) -> None:
    put(kind="appointment", to=written_to, key="k", timing=Timing(due_at=NOON), at=NOON)
    post.broken = RefusedError()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("holdfast.practice.messages.filling._fills", {"appointment": lambda row, at: Filled(parts=THEN)})
        work(NOON)
    (row,) = not_sent(ada, NOON - hours(1))
    assert (row.state, row.reason) == ("given up", "refused")
    again = send_again(actor=ada, message=row, at=NOON)
    assert again.state == "waiting"
    with pytest.raises(RecordError):
        send_again(actor=ada, message=again, at=NOON)


def test_without_a_gateway_a_real_practice_says_so_and_a_simulated_one_writes_a_file(
    ada: Membership, work: Work, settings: object, tmp_path: object
) -> None:
    settings.FOLDER = tmp_path  # type: ignore[attr-defined]
    waiting_form(ada)
    work(NOON)
    assert (Message.objects.get().state, Message.objects.get().reason) == ("given up", "no gateway is set up")
    ada.practice.is_simulated = True
    ada.practice.save()
    waiting_form(ada, key="second")
    work(NOON)
    written = (tmp_path / "outbox.jsonl").read_text(encoding="utf-8")  # type: ignore[operator]
    assert "A form is waiting for you." in written


def test_the_worker_gives_a_sign_of_life(ada: Membership, post: Kept) -> None:
    assert pulse(NOON).is_silent
    worker.one_round(NOON)
    worker.one_round(NOON + timedelta(seconds=5))
    assert Heartbeat.objects.get().at == NOON
    worker.one_round(NOON + timedelta(seconds=12))
    assert Heartbeat.objects.get().at == NOON + timedelta(seconds=12)
    assert not pulse(NOON + timedelta(seconds=71)).is_silent
    assert pulse(NOON + timedelta(seconds=72)).is_silent


def test_messages_to_colleagues_go_first(ada: Membership, written_to: Client, post: Kept) -> None:
    put(kind="appointment", to=written_to, key="a", timing=Timing(due_at=NOON - hours(2)), at=NOON)
    waiting_form(ada, due=NOON - hours(1))
    claimed = worker.claim(NOON)
    assert claimed is not None
    assert claimed.kind == "form-waiting"


@pytest.mark.parametrize(
    "wrong",
    [
        {"member": None},
        {"state": "given up"},
        {"state": "given up", "settled_at": NOON},
        {"until": NOON - hours(1)},
        {"settled_at": NOON},
    ],
)
def test_rows_that_contradict_themselves_are_refused(wrong: dict[str, object], ada: Membership) -> None:
    waiting_form(ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.update(**wrong)
