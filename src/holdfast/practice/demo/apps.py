"""The app of the demonstration: no models, no pages."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "holdfast.practice.demo"
    label = "demo"
