"""The app of process notes."""

from importlib import import_module

from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "holdfast.practice.notes"
    label = "notes"
    verbose_name = "process notes"

    def ready(self) -> None:
        import_module("holdfast.practice.notes.rules")
