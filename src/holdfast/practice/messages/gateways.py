"""The ways out: e-mail, and an open door for text messages. A gateway takes an envelope, or says why not.

What a gateway took is "handed over", never "read". Without a gateway of its own a simulated practice writes to a file;
a real one sends nothing and says so, since a file would hold addresses and links in the clear.
"""

import json
import smtplib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils.module_loading import import_string

from holdfast.practice.caseload.contact import EMAIL, TEXT

SECONDS = 10
"""How long a gateway may take."""


class NotReachedError(Exception):
    """The gateway could not be reached, was too slow, or asked to come again."""


class RefusedError(Exception):
    """The gateway will not take this message, now or later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """All that leaves the house for one message. ``message_id`` stays the same for every copy."""

    message_id: str
    address: str
    subject: str
    body: str
    simulated: bool = False


class Gateway(Protocol):
    """A way out. Raises NotReachedError to be tried again, RefusedError for good."""

    def send(self, envelope: Envelope) -> None: ...


class Mail:
    """E-mail over the practice's own SMTP server."""

    def send(self, envelope: Envelope) -> None:
        mail = EmailMessage(
            subject=envelope.subject,
            body=envelope.body,
            from_email=settings.SENDER,
            to=[envelope.address],
            headers={"Message-ID": f"<{envelope.message_id}@{settings.SENDER.rpartition('@')[2].rstrip('>')}>"},
            connection=get_connection(timeout=SECONDS),
        )
        try:
            taken = mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise (RefusedError if all(code >= 500 for code in codes) else NotReachedError) from None
        except smtplib.SMTPResponseException as error:
            is_final = error.smtp_code >= 500 and not isinstance(error, smtplib.SMTPAuthenticationError)
            raise (RefusedError if is_final else NotReachedError) from None
        except (smtplib.SMTPException, OSError):
            raise NotReachedError from None
        except (ValueError, UnicodeError):
            raise RefusedError from None  # an address that is none
        if taken != 1:
            raise NotReachedError


class OutboxFile:
    """A file in the data folder, for simulated practices."""

    def send(self, envelope: Envelope) -> None:
        if not envelope.simulated:
            raise RefusedError
        place = Path(settings.FOLDER) / "outbox.jsonl"
        with place.open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(envelope), ensure_ascii=False) + "\n")


def gateway(channel: str) -> Gateway:
    """The way out of a channel, as the settings name it."""
    made: dict[str, Callable[[], Gateway]] = {"smtp": Mail, "outbox": OutboxFile}
    named = {EMAIL: settings.MAIL_GATEWAY, TEXT: settings.TEXT_GATEWAY}[channel]
    return (made[named] if named in made else import_string(named))()


def is_set_up(channel: str, *, simulated: bool) -> bool:
    """Whether something can leave by this channel at all."""
    named = {EMAIL: settings.MAIL_GATEWAY, TEXT: settings.TEXT_GATEWAY}[channel]
    return named != "outbox" or simulated
