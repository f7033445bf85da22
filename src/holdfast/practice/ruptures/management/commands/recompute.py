"""``holdfast practice recompute``: the raw answers are the only truth; everything else is made from them again."""

from typing import Any

from django.core.management.base import BaseCommand

from holdfast.practice.accounts.models import Practice
from holdfast.practice.lib.clock import now
from holdfast.practice.ruptures.actions import recompute


class Command(BaseCommand):
    """Throws scores away and makes them and the episodes' findings again; what people did stays."""

    help = "Compute all scores and episodes again from the raw answers. Example: holdfast practice recompute"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        for practice in Practice.objects.all():
            scores, episodes = recompute(practice=practice, at=now())
            self.stdout.write(f"{practice}: {scores} scores and {episodes} episodes computed again.")
