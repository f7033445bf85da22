"""The app of the audit room."""

from importlib import import_module

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "holdfast.practice.audit"
    label = "audit"

    def ready(self) -> None:
        import_module("holdfast.practice.audit.checks")
