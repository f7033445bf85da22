"""The app of the appointments room."""

from importlib import import_module

from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "holdfast.practice.appointments"
    label = "appointments"

    def ready(self) -> None:
        import_module("holdfast.practice.appointments.rules")
