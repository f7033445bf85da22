"""The app of the accounts room."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "holdfast.practice.accounts"
    label = "accounts"

    def ready(self) -> None:
        import_module("holdfast.practice.accounts.checks")
        import_module("holdfast.practice.accounts.rules")
        import_module("holdfast.practice.accounts.second_factor")
