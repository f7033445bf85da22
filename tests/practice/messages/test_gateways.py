"""What a mail server says, and what the worker hears."""

import smtplib

import pytest
from django.core import mail

from holdfast.practice.messages.gateways import Envelope, Mail, NotReachedError, RefusedError

ENVELOPE = Envelope(message_id="abc", address="c.q@example.org", subject="Hi", body="Hi, your form is ready: x")


def test_a_mail_carries_its_stable_id_and_nothing_else(settings: object) -> None:
    settings.SENDER = "Forms <forms@example.org>"  # type: ignore[attr-defined]
    Mail().send(ENVELOPE)
    (sent,) = mail.outbox
    assert (sent.subject, sent.body, sent.to) == (ENVELOPE.subject, ENVELOPE.body, [ENVELOPE.address])
    assert sent.extra_headers == {"Message-ID": "<abc@example.org>"}


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (smtplib.SMTPRecipientsRefused({"x": (550, b"unknown")}), RefusedError),
        (smtplib.SMTPRecipientsRefused({"x": (451, b"later")}), NotReachedError),
        (smtplib.SMTPDataError(554, b"no"), RefusedError),
        (smtplib.SMTPDataError(452, b"full"), NotReachedError),
        (smtplib.SMTPAuthenticationError(535, b"who"), NotReachedError),
        (smtplib.SMTPServerDisconnected("gone"), NotReachedError),
        (TimeoutError("slow"), NotReachedError),
        (ConnectionRefusedError("down"), NotReachedError),
        (UnicodeError("odd"), RefusedError),
        (0, NotReachedError),
    ],
)
def test_ten_ways_of_going_wrong(said: object, heard: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def send(self: object) -> int:
        if isinstance(said, Exception):
            raise said
        return 0

    monkeypatch.setattr("django.core.mail.EmailMessage.send", send)
    with pytest.raises(heard) as caught:
        Mail().send(ENVELOPE)
    assert str(caught.value) == "", "nothing of what the server said, which may hold an address"
