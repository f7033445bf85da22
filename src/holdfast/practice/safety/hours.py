"""Reading hours on the wall clock of the practice, over weekends and daylight saving."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

LONGEST = 60  # days looked ahead; far more than any promise


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingHours:
    """From ``opens`` to ``closes`` on these weekdays (0 is Monday)."""

    opens: time
    closes: time
    weekdays: Collection[int]

    def after(self, start: datetime, hours: float) -> datetime:
        """The moment at which so many reading hours have gone by since ``start``."""
        left = timedelta(hours=hours)
        for begin, end in self._windows(start):
            begin = max(begin, start)
            if begin >= end:
                continue
            if end - begin >= left:
                return begin + left
            left -= end - begin
        raise ValueError("no reading hours")

    def _windows(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Each day's hours from the day of ``start`` on, in UTC, so that what is added is time that really passes."""
        day = timezone.localtime(start).date()
        for offset in range(LONGEST):
            at = day + timedelta(days=offset)
            if at.weekday() in self.weekdays:
                yield (
                    timezone.make_aware(datetime.combine(at, self.opens)).astimezone(UTC),
                    timezone.make_aware(datetime.combine(at, self.closes)).astimezone(UTC),
                )
