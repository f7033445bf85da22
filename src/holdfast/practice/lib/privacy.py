"""Every field is declared: KEEP may leave in a research table or outlive an erasure, SCRUB may not."""

from collections.abc import Iterable

from django.db import models


def fields_of(model: type[models.Model]) -> frozenset[str]:
    """The names of a model's own columns."""
    return frozenset(field.name for field in model._meta.local_concrete_fields)


def undeclared(model: type[models.Model]) -> frozenset[str]:
    """What a model declares in neither set, in both, or without having it. Empty when the declaration is complete."""
    keep, scrub = _declared(model, "KEEP"), _declared(model, "SCRUB")
    return (fields_of(model) ^ (keep | scrub)) | (keep & scrub)


def scrubbed(model: type[models.Model]) -> frozenset[str]:
    """The fields that erasure empties and that no research table holds."""
    return _declared(model, "SCRUB")


def _declared(model: type[models.Model], name: str) -> frozenset[str]:
    found: Iterable[str] = getattr(model, name, ())
    return frozenset(found)
