"""What a command says while and after it works: on standard error, in plain sentences."""

import sys
import threading
import time
from collections.abc import Iterable, Sequence
from types import TracebackType

from holdfast.interop import LeftOut
from holdfast.interop.table import row_list

SLOW = 2.0  # seconds after which a person wonders
MOST_ROWS = 1000  # row numbers listed for one reason; the column `note` names the rest


def tell(sentences: Iterable[str]) -> None:
    """Each sentence on a line of its own."""
    for sentence in sentences:
        print(sentence, file=sys.stderr)


class Working:
    """Says what is going on once it has taken two seconds, and how far it is every two seconds after that."""

    def __init__(self, words: str) -> None:
        """What is going on, such as `Reading sessions.csv`."""
        self.words = words
        self._next = 0.0
        self._timer = threading.Timer(SLOW, self._say)
        self._timer.daemon = True

    def __enter__(self) -> "Working":
        """Start the clock."""
        self._next = time.monotonic() + SLOW
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Nothing more to say."""
        self._timer.cancel()

    def __call__(self, done: int, of: int) -> None:
        """Hear how far it is."""
        if time.monotonic() >= self._next and done < of:
            self._next = time.monotonic() + SLOW
            tell([f"{self.words}: {done:,} of {of:,}"])

    def _say(self) -> None:
        """The line that shows it is not stuck."""
        tell([f"{self.words} \N{HORIZONTAL ELLIPSIS}"])


def left_out_lines(left_out: Sequence[LeftOut]) -> list[str]:
    """Every row that was left out, by reason: `session is not a number (month): rows 3, 21 and 47`."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for each in left_out:
        kinds.setdefault((each.kind, each.column), []).append(each.row)
    return [
        f"  {kind}{f' ({column})' if column else ''}: {'row' if len(rows) == 1 else 'rows'} "
        f"{row_list(rows, most=MOST_ROWS)}"
        for (kind, column), rows in kinds.items()
    ]
