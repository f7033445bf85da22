"""The app of the audit room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "holdfast.practice.audit"
    label = "audit"
