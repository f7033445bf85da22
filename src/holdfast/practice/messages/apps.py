"""The app of the messages room."""

from importlib import import_module

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "holdfast.practice.messages"
    label = "messages"

    def ready(self) -> None:
        import_module("holdfast.practice.messages.rules")
        import_module("holdfast.practice.messages.checks")
