"""A calendar as other programs read it (RFC 5545). Neutral: a session is "Session", and nobody is named."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from holdfast.practice.caseload.models import Session

LONGEST_LINE = 75  # octets, without the line break


def calendar(sessions: Iterable[Session], *, at: datetime) -> str:
    """Sessions as events in UTC, so that daylight saving is the reader's own; cancelled ones say so."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Holdfast//Calendar//EN", "CALSCALE:GREGORIAN"]
    for session in sessions:
        ends_at = session.starts_at + timedelta(minutes=session.minutes)
        is_off = session.state == Session.State.CANCELLED
        lines += [
            "BEGIN:VEVENT",
            f"UID:{session.pk}@holdfast",
            f"DTSTAMP:{_utc(at)}",
            f"DTSTART:{_utc(session.starts_at)}",
            f"DTEND:{_utc(ends_at)}",
            "SUMMARY:Session",
            f"STATUS:{'CANCELLED' if is_off else 'CONFIRMED'}",
            "CLASS:PRIVATE",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def fold(line: str) -> str:
    """A line in pieces of at most 75 octets, never through a letter, each after the first behind a space."""
    pieces, piece, room = [], "", LONGEST_LINE
    for letter in line:
        size = len(letter.encode())
        if size > room:
            pieces.append(piece)
            piece, room = "", LONGEST_LINE - 1
        piece, room = piece + letter, room - size
    return "\r\n ".join([*pieces, piece])


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
