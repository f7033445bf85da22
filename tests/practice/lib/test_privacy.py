"""Privacy is declared for every field of every model of ours."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from holdfast.practice.accounts.models import Person
from holdfast.practice.lib.privacy import scrubbed, undeclared

OURS = [model for model in apps.get_models() if model.__module__.startswith("holdfast.practice.")]
SEALED_OR_NAMING = ("sealed_", "email", "name", "password", "hash", "hmac")


def _fields() -> Iterator[tuple[str, str, bool]]:
    for model in OURS:
        for field in model._meta.local_concrete_fields:
            yield model._meta.label, field.name, field.name in scrubbed(model)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_field_is_declared_keep_or_scrub(model: type[models.Model]) -> None:
    assert undeclared(model) == frozenset()


def test_what_names_or_seals_a_person_is_scrubbed() -> None:
    kept = {f"{label}.{name}" for label, name, is_scrubbed in _fields() if not is_scrubbed and name != "id"}
    naming = {field for field in kept if any(part in field.split(".")[-1] for part in SEALED_OR_NAMING)}
    assert naming == {"accounts.Practice.name"}, "the practice's own name is no person's"


def test_a_forgotten_a_doubled_and_an_invented_field_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Person, "KEEP", {"id", "last_login", "is_active", "email", "shoe_size"})
    assert undeclared(Person) == {"created_at", "email", "shoe_size"}
