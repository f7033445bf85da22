"""The app of clients, dyads, episodes of care and sessions."""

from importlib import import_module

from django.apps import AppConfig


class CaseloadConfig(AppConfig):
    name = "holdfast.practice.caseload"
    label = "caseload"
    verbose_name = "caseload"

    def ready(self) -> None:
        import_module("holdfast.practice.caseload.rules")
