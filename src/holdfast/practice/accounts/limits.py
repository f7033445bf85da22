"""How often a password may be tried. Every limit stands before the hash, which costs a third of a second of a core.

Order: a bucket in this process (a flood of guesses is no flood of writes), wrong tries per source and per account in
the cache that all workers share, then one hash at a time with a short queue.
"""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

WINDOW_SECONDS = 15 * 60
PER_SOURCE = 20
PER_ACCOUNT = 10
QUEUE = 4


class Busy(Exception):  # noqa: N818 - not an error: the answer is "in a moment"
    """Too many hashes are waiting in this process."""


class Bucket:
    """Lets ``burst`` tries through at once and ``per_second`` after that."""

    def __init__(self, *, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.burst, self.per_second, self._clock = burst, per_second, clock
        self._lock = threading.Lock()
        self.refill()

    def refill(self) -> None:
        self._left, self._seen = float(self.burst), self._clock()

    def takes_one(self) -> bool:
        with self._lock:
            at = self._clock()
            self._left = min(self.burst, self._left + (at - self._seen) * self.per_second)
            self._seen = at
            if self._left < 1:
                return False
            self._left -= 1
            return True


bucket = Bucket(burst=20, per_second=2)
_waiting = threading.BoundedSemaphore(1 + QUEUE)
_hashing = threading.Lock()


@contextmanager
def one_hash_at_a_time() -> Iterator[None]:
    """Wait for the turn of this thread. Raises Busy when four are waiting already."""
    if not _waiting.acquire(blocking=False):
        raise Busy
    try:
        with _hashing:
            yield
    finally:
        _waiting.release()


def source_of(request: HttpRequest) -> str:
    """The address a request came from: behind the declared proxy, the one that the proxy saw."""
    if settings.TLS:
        seen = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR", ""))


def _keys(source: str, account: str) -> tuple[tuple[str, int], tuple[str, int]]:
    def short(kind: str, text: str) -> str:
        return f"sign-in-{kind}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"

    # the account counter is per source too: a stranger's guesses never lock the right person out elsewhere
    return (short("source", source), PER_SOURCE), (short("account", f"{source} {account}"), PER_ACCOUNT)


def too_many(source: str, account: str) -> bool:
    """Whether this source has used up its tries."""
    return any((cache.get(key) or 0) >= limit for key, limit in _keys(source, account))


@transaction.atomic
def count_wrong(source: str, account: str) -> None:
    """Count one wrong try."""
    for key, _ in _keys(source, account):
        if not cache.add(key, 1, WINDOW_SECONDS):
            cache.incr(key)
