"""The app of the small tools: start checks and console commands."""

from importlib import import_module

from django.apps import AppConfig


class LibConfig(AppConfig):
    name = "holdfast.practice.lib"
    label = "lib"

    def ready(self) -> None:
        import_module("holdfast.practice.lib.checks")
        import_module("holdfast.practice.lib.database_checks")
