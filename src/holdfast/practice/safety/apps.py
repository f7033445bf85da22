"""The app of the safety item."""

from importlib import import_module

from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "holdfast.practice.safety"
    label = "safety"

    def ready(self) -> None:
        import_module("holdfast.practice.safety.rules")
        import_module("holdfast.practice.safety.actions")
