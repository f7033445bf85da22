"""Who wants to know, in the same transaction, that a session or a client's contact changed: rooms above this one."""

from collections.abc import Callable
from datetime import datetime

from holdfast.practice.caseload.models import Client, Session

_of_sessions: list[Callable[[Session, datetime], None]] = []
_of_clients: list[Callable[[Client, datetime], None]] = []


def when_a_session_changes(tell: Callable[[Session, datetime], None]) -> Callable[[Session, datetime], None]:
    """Register what happens after a session was booked, moved, marked or unmarked."""
    _of_sessions.append(tell)
    return tell


def when_a_client_changes(tell: Callable[[Client, datetime], None]) -> Callable[[Client, datetime], None]:
    """Register what happens after the safe contact of a client was set."""
    _of_clients.append(tell)
    return tell


def session_changed(*, session: Session, at: datetime) -> None:
    for tell in _of_sessions:
        tell(session, at)


def client_changed(*, client: Client, at: datetime) -> None:
    for tell in _of_clients:
        tell(client, at)
