"""What keeps machines away from the public form without a puzzle: a trap, a pace, and a limit."""

from collections.abc import Mapping

from django.core.cache import cache
from django.core.signing import BadSignature, Signer
from django.db import transaction

FASTEST, LONGEST = 3, 24 * 60 * 60
PER_SOURCE, PER_PAGE, WINDOW = 5, 60, 60 * 60
TRAP = "website"
"""A field that people neither see nor hear; whoever fills it in is a machine."""


def _signer() -> Signer:
    return Signer(salt="holdfast appointments")


def ticket(at: float) -> str:
    """When the form was shown, signed."""
    return _signer().sign(str(int(at)))


def is_person(posted: Mapping[str, str], at: float) -> bool:
    """Whether the trap is empty and the form was open for as long as a person needs, and no longer than a day."""
    try:
        shown = int(_signer().unsign(posted.get("ticket", "")))
    except (BadSignature, ValueError):
        return False
    return not posted.get(TRAP) and FASTEST <= at - shown <= LONGEST


@transaction.atomic
def has_room(source: str, page: str) -> bool:
    """Whether this address, and this page, have not asked too often in the last hour. Counts this time."""
    for name, most in ((f"request-source-{source}", PER_SOURCE), (f"request-page-{page}", PER_PAGE)):
        if not cache.add(name, 1, WINDOW) and cache.incr(name) > most:
            return False
    return True
