"""How often a wrong password may be tried, counted before any hashing, in the cache that all workers share."""

import hashlib

from django.core.cache import cache

WINDOW_SECONDS = 15 * 60
PER_SOURCE = 20
PER_ACCOUNT = 10


def _keys(source: str, account: str) -> tuple[tuple[str, int], tuple[str, int]]:
    def short(kind: str, text: str) -> str:
        return f"sign-in-{kind}-{hashlib.sha256(text.encode()).hexdigest()[:32]}"

    # the account counter is per source too: a stranger's guesses never lock the right person out elsewhere
    return (short("source", source), PER_SOURCE), (short("account", f"{source} {account}"), PER_ACCOUNT)


def too_many(source: str, account: str) -> bool:
    """Whether this source has used up its tries."""
    return any((cache.get(key) or 0) >= limit for key, limit in _keys(source, account))


def count_wrong(source: str, account: str) -> None:
    """Count one wrong try."""
    for key, _ in _keys(source, account):
        if not cache.add(key, 1, WINDOW_SECONDS):
            cache.incr(key)
