"""One policy: who may see which rows, and who may do what to them. Each app registers the rules of its own objects.

What no rule allows is refused. A membership that is not active may do and see nothing.
"""

from collections.abc import Callable
from typing import TypeVar

from django.db import models

from holdfast.practice.accounts.models import Membership

Row = TypeVar("Row", bound=models.Model)
Visible = Callable[[Membership], models.QuerySet[models.Model]]
May = Callable[[Membership, models.Model], bool]

_visible: dict[type[models.Model], Visible] = {}
_may: dict[tuple[str, type[models.Model]], May] = {}


def rows_of(model: type[models.Model]) -> Callable[[Visible], Visible]:
    """Register which rows of a model a membership may see: a function from the membership to a queryset."""

    def keep(rule: Visible) -> Visible:
        _visible[model] = rule
        return rule

    return keep


def allows(verb: str, model: type[models.Model]) -> Callable[[May], May]:
    """Register who may do ``verb`` to a row of a model: a function from membership and row to yes or no."""

    def keep(rule: May) -> May:
        _may[verb, model] = rule
        return rule

    return keep


def visible(actor: Membership | None, model: type[Row]) -> models.QuerySet[Row]:
    """The rows of a model that the actor may see; none for nobody, for a membership not active, or without a rule."""
    rows = model._default_manager.all()
    rule = _visible.get(model)
    if actor is None or rule is None or actor.state != Membership.State.ACTIVE:
        return rows.none()
    return rule(actor)  # type: ignore[return-value]


def may(actor: Membership | None, verb: str, row: models.Model) -> bool:
    """Whether the actor may do this to this row: it must be visible to them, and a rule must allow the verb."""
    if actor is None or actor.state != Membership.State.ACTIVE:
        return False
    rule = _may.get((verb, type(row)))
    return rule is not None and visible(actor, type(row)).filter(pk=row.pk).exists() and rule(actor, row)


def registered() -> frozenset[type[models.Model]]:
    """The models that have a rule of visibility, for the test that none is forgotten."""
    return frozenset(_visible)
