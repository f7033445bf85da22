"""The app of links, check-ins, scores and comments."""

from importlib import import_module

from django.apps import AppConfig


class AnswersConfig(AppConfig):
    name = "holdfast.practice.answers"
    label = "answers"
    verbose_name = "answers"

    def ready(self) -> None:
        import_module("holdfast.practice.answers.rules")
        import_module("holdfast.practice.answers.planning")
