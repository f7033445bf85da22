"""What a person waits for: one new session of one client, a million clients at once, the start of the program.

Run with `python -m bench.everyday`. Each figure comes from one run on one core; nothing here is a test.
"""

import resource
import subprocess
import sys
from time import perf_counter

import numpy as np

from holdfast.alliance import advance, begin, detect, prior_for_range, screen

PRIOR = prior_for_range(0, 100)
SESSIONS, THERAPIES = 20, 500
MILLION = 1_000_000


def one_session() -> None:
    """A new rating taken in, beside computing the client's whole course anew."""
    ratings = np.clip(75 + 5 * np.random.default_rng(1).standard_normal((THERAPIES, SESSIONS)), 0, 100)
    taken = []
    for row in ratings.tolist():
        state = begin(PRIOR)
        for rating in row:
            start = perf_counter()
            state, _ = advance(state, rating)
            taken.append(perf_counter() - start)
    start = perf_counter()
    for row in ratings[:50]:
        detect(row, prior=PRIOR)
    whole = (perf_counter() - start) / 50
    median, late = np.median(taken), np.quantile(taken, 0.99)
    print(f"  one new session, in process      {1e6 * median:9.1f} microseconds (99 of 100 within {1e6 * late:.1f})")
    print(f"  the whole course computed anew   {1e6 * whole:9.1f} microseconds, {whole / median:.0f} times as long")


def million() -> None:
    """A million clients with twenty sessions each."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rng = np.random.default_rng(2)
    ratings = np.empty((MILLION, SESSIONS))
    for row in range(0, MILLION, 50_000):
        ratings[row : row + 50_000] = 75 + 5 * rng.standard_normal((50_000, SESSIONS))
    start = perf_counter()
    screen(ratings, prior=PRIOR)
    taken = perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    rate = MILLION * SESSIONS / taken / 1e6
    print(f"  a million clients x 20 sessions  {taken:9.1f} seconds, {rate:.1f} million sessions per second")
    whole, own, start = peak / 1e6, ratings.nbytes / 1e9, before / 1e6
    print(f"    peak memory {whole:.2f} GB, ratings {own:.2f} GB of it; before: {start:.2f} GB")


def start_up() -> None:
    """Importing the package, and asking the command for help; the best of five."""
    for name, words in (
        ("import holdfast", ["-c", "import holdfast"]),
        ("holdfast --help", ["-c", "from holdfast.cli import main; main()", "--help"]),
    ):
        best = 1e9
        for _ in range(5):
            start = perf_counter()
            subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words
            best = min(best, perf_counter() - start)
        print(f"  {name:32s} {best:9.2f} seconds, the interpreter's own start among it")


def main() -> None:
    """Print the figures."""
    print("Everyday")
    one_session()
    million()
    start_up()


if __name__ == "__main__":
    main()
