"""How often a wrong code may be tried. Counted in the cache that all workers share; nobody's guesses lock a link."""

from ipaddress import ip_address, ip_network

from django.core.cache import cache

from holdfast.errors import TooManyTriesError
from holdfast.practice.lib.secrets import keyed_digest

PER_BLOCK, BLOCK_SECONDS = 10, 15 * 60
IN_ALL, ALL_SECONDS = 60, 60
EVERYWHERE = "codes-in-all"


def _block(address: str) -> str:
    """The cache key of the neighbourhood of an address: /24 or /56, as an HMAC, so that no address is stored."""
    try:
        bits = 24 if ip_address(address).version == 4 else 56
        neighbourhood = str(ip_network(f"{address}/{bits}", strict=False))
    except ValueError:
        neighbourhood = "unknown"
    return f"codes-{keyed_digest(neighbourhood, label='address block')[:32]}"


def demand_a_try(address: str) -> None:
    """Raise TooManyTriesError when this neighbourhood, or everybody together, has used up the wrong tries."""
    if (cache.get(_block(address)) or 0) >= PER_BLOCK or (cache.get(EVERYWHERE) or 0) >= IN_ALL:
        raise TooManyTriesError("Too many codes were tried. Wait a quarter of an hour, or open the link instead.")


def count_wrong(address: str) -> bool:
    """Count one wrong try; whether it was the last one allowed."""
    reached = [
        _count(_block(address), BLOCK_SECONDS) == PER_BLOCK,
        _count(EVERYWHERE, ALL_SECONDS) == IN_ALL,
    ]
    return any(reached)


def _count(key: str, seconds: int) -> int:
    if cache.add(key, 1, seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out in between
        cache.add(key, 1, seconds)
        return 1
