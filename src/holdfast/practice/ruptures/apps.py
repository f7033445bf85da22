"""The app of rupture episodes."""

from importlib import import_module

from django.apps import AppConfig


class RupturesConfig(AppConfig):
    name = "holdfast.practice.ruptures"
    label = "ruptures"
    verbose_name = "ruptures"

    def ready(self) -> None:
        import_module("holdfast.practice.ruptures.rules")
        import_module("holdfast.practice.ruptures.releasing")
