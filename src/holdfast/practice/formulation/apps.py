"""The app of formulations and shared goals."""

from importlib import import_module

from django.apps import AppConfig


class FormulationConfig(AppConfig):
    name = "holdfast.practice.formulation"
    label = "formulation"
    verbose_name = "formulation"

    def ready(self) -> None:
        import_module("holdfast.practice.formulation.rules")
