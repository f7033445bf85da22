"""Views of a caseload kept under a name: one person's own, and sealed, since a search may be a client's name."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.models import SavedView
from holdfast.practice.caseload.rules import demand, demand_therapist
from holdfast.practice.lib.crypto import open_sealed, seal
from holdfast.practice.lib.keys import keyring

MOST, LONGEST = 12, 40
KEY = "holdfast saved views"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptView:
    """A saved view, opened."""

    row: SavedView
    name: str
    search: str

    @property
    def id(self) -> UUID:
        return self.row.pk


def views_of(actor: Membership | None) -> list[KeptView]:
    """The actor's own views, by name; also those removed, which are marked so."""
    return sorted((_opened(row) for row in visible(actor, SavedView)), key=lambda each: each.name.casefold())


@transaction.atomic
def keep_view(*, actor: Membership, name: str, asked: Mapping[str, str], at: datetime) -> SavedView:
    """Keep what a list is narrowed to, its search and its order. ``asked``: show, sort and search."""
    demand_therapist(actor)
    name = _free_name(actor, name)
    if SavedView.objects.filter(owner=actor, removed_at=None).count() >= MOST:
        raise RecordError("There are {most} views already. Remove one first.", most=MOST)
    row = SavedView(owner=actor, show=asked.get("show", ""), sort=asked.get("sort", ""), made_at=at)
    row.sealed_words = _sealed(row, name, asked.get("search", ""))
    row.save(force_insert=True)
    record("view.kept", actor=actor, practice=actor.practice, target=row, at=at)
    return row


@transaction.atomic
def rename_view(*, actor: Membership, view: SavedView, name: str, at: datetime) -> SavedView:
    demand(actor, "change", view)
    name = _free_name(actor, name, but=view.pk)
    view.sealed_words = _sealed(view, name, _opened(view).search)
    view.save(update_fields=["sealed_words"])
    record("view.renamed", actor=actor, practice=actor.practice, target=view, at=at)
    return view


@transaction.atomic
def show_first(*, actor: Membership, view: SavedView, at: datetime, is_first: bool = True) -> SavedView:
    """The view with which the list begins, or not any more. One at most."""
    demand(actor, "change", view)
    if view.removed_at is not None:
        raise RecordError("This view was removed. Bring it back first.")
    SavedView.objects.filter(owner=actor, is_first=True).update(is_first=False)
    view.is_first = is_first
    view.save(update_fields=["is_first"])
    record("view.first", actor=actor, practice=actor.practice, target=view, at=at, fields=["is_first"])
    return view


@transaction.atomic
def remove_view(*, actor: Membership, view: SavedView, at: datetime) -> SavedView:
    """Out of the list. It can be brought back."""
    demand(actor, "change", view)
    if view.removed_at is None:
        view.removed_at, view.is_first = at, False
        view.save(update_fields=["removed_at", "is_first"])
        record("view.removed", actor=actor, practice=actor.practice, target=view, at=at)
    return view


@transaction.atomic
def bring_back_view(*, actor: Membership, view: SavedView, at: datetime) -> SavedView:
    demand(actor, "change", view)
    if view.removed_at is not None:
        _free_name(actor, _opened(view).name, but=view.pk)
        view.removed_at = None
        view.save(update_fields=["removed_at"])
        record("view.brought-back", actor=actor, practice=actor.practice, target=view, at=at)
    return view


def _free_name(actor: Membership, name: str, *, but: UUID | None = None) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise RecordError("A view needs a name of at most {most} letters.", most=LONGEST)
    taken = (each.name.casefold() for each in views_of(actor) if each.row.removed_at is None and each.id != but)
    if name.casefold() in taken:
        raise RecordError("A view has that name already. Choose another.")
    return name


def _sealed(row: SavedView, name: str, search: str) -> bytes:
    plain = json.dumps({"name": name, "search": search}).encode()
    return seal(keyring().derive(KEY), plain, bound_to=_place(row))


def _opened(row: SavedView) -> KeptView:
    words = json.loads(open_sealed(keyring().derive(KEY), bytes(row.sealed_words), bound_to=_place(row)))
    return KeptView(row=row, name=words["name"], search=words["search"])


def _place(row: SavedView) -> str:
    return f"{row.owner_id}/{row._meta.db_table}/{row.pk}/sealed_words"
