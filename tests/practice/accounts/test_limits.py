"""Every limit stands before the hash, and a flood from one place does not lock the right person out elsewhere."""

import threading
from typing import Any

import pytest
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import reverse

from holdfast.practice.accounts import forms, limits
from holdfast.practice.accounts.checks import second_factor
from holdfast.practice.accounts.models import Membership, Practice
from tests.practice.conftest import PASSWORD


class Clock:
    """A clock that stands until it is moved."""

    at = 0.0

    def __call__(self) -> float:
        return self.at


def test_the_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    bucket = limits.Bucket(burst=3, per_second=2, clock=clock)
    assert [bucket.takes_one() for _ in range(4)] == [True, True, True, False]
    clock.at = 0.5
    assert [bucket.takes_one() for _ in range(2)] == [True, False]
    clock.at = 100
    assert [bucket.takes_one() for _ in range(4)] == [True, True, True, False]


def test_four_wait_for_the_hash_and_the_sixth_is_sent_away() -> None:
    inside, leave = threading.Event(), threading.Event()

    def hashing() -> None:
        with limits.one_hash_at_a_time():
            inside.set()
            leave.wait(10)

    threads = [threading.Thread(target=hashing) for _ in range(1 + limits.QUEUE)]
    threads[0].start()
    assert inside.wait(10)
    for thread in threads[1:]:
        thread.start()
    while limits._waiting._value:  # type: ignore[attr-defined]
        threading.Event().wait(0.01)
    with pytest.raises(limits.Busy), limits.one_hash_at_a_time():
        pytest.fail("a sixth got in")
    leave.set()
    for thread in threads:
        thread.join(10)
    with limits.one_hash_at_a_time():
        assert limits._hashing.locked()


@pytest.mark.django_db
def test_too_many_tries_are_answered_with_429(ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    form = {"email": ada.person.email, "password": PASSWORD}
    monkeypatch.setattr(limits, "_waiting", threading.BoundedSemaphore(1))
    assert limits._waiting.acquire()
    busy = Browser().post(reverse("sign-in"), form)
    assert (busy.status_code, forms.BUSY in busy.content.decode()) == (429, True)
    limits._waiting.release()
    monkeypatch.setattr(limits.bucket, "takes_one", lambda: False)
    assert Browser().post(reverse("sign-in"), form).status_code == 429


@pytest.mark.django_db
def test_wrong_tries_of_one_source_lock_nobody_out_elsewhere(ada: Membership) -> None:
    wrong = {"email": ada.person.email, "password": "not the password"}
    for _ in range(limits.PER_ACCOUNT):
        Browser().post(reverse("sign-in"), wrong, REMOTE_ADDR="192.0.2.7")
    right = {"email": ada.person.email, "password": PASSWORD}
    assert Browser().post(reverse("sign-in"), right, REMOTE_ADDR="192.0.2.7").status_code == 429
    assert Browser().post(reverse("sign-in"), right, REMOTE_ADDR="192.0.2.8").status_code == 302


@pytest.mark.django_db
def test_one_source_cannot_try_many_accounts(ada: Membership) -> None:
    for number in range(limits.PER_SOURCE):
        limits.count_wrong("192.0.2.7", f"nobody{number}@example.org")
    assert limits.too_many("192.0.2.7", ada.person.email)
    assert not limits.too_many("192.0.2.8", ada.person.email)


def test_behind_the_declared_proxy_the_source_is_what_the_proxy_saw(settings: Any) -> None:
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.7"})
    assert limits.source_of(request) == "127.0.0.1"
    settings.TLS = True
    assert limits.source_of(request) == "192.0.2.7"
    assert limits.source_of(RequestFactory().get("/")) == "127.0.0.1"


@pytest.mark.django_db
def test_real_data_without_a_second_factor_is_not_served(practice: Practice, settings: Any) -> None:
    settings.SECOND_FACTOR = False
    assert [found.id for found in second_factor(None, databases=["default"])] == ["practice.E020"]
    Practice.objects.update(is_simulated=True)
    assert second_factor(None, databases=["default"]) == []
    Practice.objects.update(is_simulated=False)
    settings.SECOND_FACTOR = True
    assert second_factor(None, databases=["default"]) == []
