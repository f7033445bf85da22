"""What plays a therapy is played once: the rows that it wrote are remembered and written again.

A therapy of eight sessions through the real actions takes half a second, and hundreds of tests begin with the same one.
What is marked `@remembered`, a fixture or a helper that tests call, runs for real the first time that it follows this
very history; afterwards its rows are put back as they were, what it was given and what it returns look as they did, and
the test has its own transaction as ever.

A history is the fixtures and remembered calls before, with their arguments and the hour on the clock. A test that wrote
anything else in between plays everything for real, and so does one in a Django TestCase, whose rows are made where this
page cannot see, and one that asks for `settings` or `monkeypatch` itself, from its first line on. A remembered function
may write rows and nothing else: one that asks for `monkeypatch`, `settings` or a file is refused.
"""

import copy
import functools
import inspect
import json
import re
import unittest
from collections.abc import Callable, Hashable
from dataclasses import dataclass, is_dataclass
from datetime import date, time
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.db.transaction import atomic

from holdfast.practice.lib import clock
from holdfast.practice.lib.keys import keyring, write_durably

WRITES = re.compile(r'\s*(?:INSERT\s+(?:OR \w+\s+)?INTO|UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+"?(\w+)', re.IGNORECASE)
ELSEWHERE = {"monkeypatch", "settings", "tmp_path", "mailoutbox", "capsys", "caplog", "request"}

NOW = clock.now
"""The clock that goes; a test's own stands."""

Rows = dict[tuple[Any, ...], tuple[Any, ...]]
"""The rows of one table by their primary key."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a function did: rows changed and new by table, those tables after it, new keys, arguments, value."""

    written: dict[str, tuple[Rows, Rows]]
    after: dict[str, Rows]
    keys: dict[str, str]
    given: list[Any]
    value: Any


class Story:
    """What the fixtures of the running test have done so far, and what earlier tests remember of the same."""

    def __init__(self) -> None:
        self.known: dict[tuple[Any, ...], Remembered] = {}
        self.base: dict[str, Rows] | None = None
        self.shapes: dict[str, tuple[list[str], list[int]]] = {}
        self.begin(strange=True)

    def begin(self, *, strange: bool) -> None:
        """A new test; strange: it has rows that no fixture of ours made."""
        self.history: list[Any] = []
        self.state: dict[str, Rows] = {}
        self.strange = self.outside = strange
        self.touched: set[str] | None = None

    def watch(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Look at each statement: which table it writes, or that somebody else has written."""
        found = WRITES.match(str(sql))
        if found:
            if self.touched is None:
                self.strange = True
            else:
                self.touched.add(found.group(1))
        return execute(sql, params, many, context)

    def shape(self, table: str) -> tuple[list[str], list[int]]:
        """The columns of a table and the places of its primary key among them."""
        if table not in self.shapes:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{table}" WHERE 1 = 0')
                names = [column[0] for column in cursor.description]
                keys = connection.introspection.get_primary_key_columns(cursor, table) or names
            self.shapes[table] = names, [names.index(key) for key in keys]
        return self.shapes[table]

    def rows(self, table: str) -> Rows:
        """All rows of a table as the database holds them."""
        names, places = self.shape(table)
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT {", ".join(f""""{name}" """ for name in names)} FROM "{table}"')
            return {tuple(_still(row[place]) for place in places): tuple(map(_still, row)) for row in cursor.fetchall()}

    def play(self, key: tuple[Any, ...], function: Callable[..., Any], given: list[Any]) -> Any:
        """Run a function for real and remember what it wrote."""
        if self.base is None:
            self.base = {table: self.rows(table) for table in connection.introspection.table_names()}
        self.touched, keys = set(), _keys()
        try:
            value = function()
            touched = self.touched
        finally:
            self.touched = None
        written: dict[str, tuple[Rows, Rows]] = {}
        for table in sorted(touched):
            before, after = self.state.get(table, self.base[table]), self.rows(table)
            if before.keys() - after.keys():
                self.strange = True  # it deletes: such a function is played each time, and so is what follows
                return value
            changed = {pk: row for pk, row in after.items() if pk in before and before[pk] != row}
            written[table] = changed, {pk: row for pk, row in after.items() if pk not in before}
            self.state[table] = after
        kept_given, kept_value = copy.deepcopy((given, value))
        made = {name: wrapped for name, wrapped in _keys().items() if name not in keys}
        self.known[key] = Remembered(written, dict(self.state), made, kept_given, kept_value)
        return value

    def tell(self, known: Remembered, given: list[Any]) -> Any:
        """Write again what was remembered, make the arguments look as they did, and hand out the value."""
        self.state = dict(known.after)
        self.touched = set()
        with atomic(), connection.cursor() as cursor:  # keys between the tables are looked at when all is in
            for table, (changed, _) in known.written.items():
                names, places = self.shape(table)
                to = ", ".join(f'"{name}" = %s' for name in names)
                where = " AND ".join(f'"{names[place]}" = %s' for place in places)
                for pk, row in changed.items():
                    cursor.execute(f'UPDATE "{table}" SET {to} WHERE {where}', [*row, *pk])
            for table, (_, new) in known.written.items():
                names, _ = self.shape(table)
                columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join(["%s"] * len(names))
                for part in batches(list(new.values())):
                    sql = f'INSERT INTO "{table}" ({columns}) VALUES ' + ", ".join([f"({marks})"] * len(part))
                    cursor.execute(sql, [value for row in part for value in row])
        self.touched = None
        _put_back(known.keys)
        same = {id(kept): mine for kept, mine in zip(known.given, given, strict=True)}
        for kept, mine in zip(known.given, given, strict=True):
            mine.__dict__.update(copy.deepcopy(kept.__dict__, same))
        return copy.deepcopy(known.value, same)


story = Story()


def _still(value: Any) -> Any:
    """A value of the driver in a form that can be compared, kept and written again."""
    if connection.vendor == "sqlite" and isinstance(value, date | time):
        return str(value)  # as Django's own adapter writes it
    return bytes(value) if isinstance(value, memoryview) else value


def batches(rows: list[Any], size: int = 100) -> list[list[Any]]:
    """The rows in handfuls, each for one statement."""
    return [rows[place : place + size] for place in range(0, len(rows), size)]


def _keys() -> dict[str, str]:
    """What the key file holds: a client has a key there, which outlives a transaction that is taken back."""
    return dict(json.loads(keyring().places[0].read_text(encoding="utf-8")))


def _put_back(keys: dict[str, str]) -> None:
    """Keys that a test in between has destroyed."""
    held = _keys()
    if keys.keys() - held.keys():
        for place in keyring().places:
            write_durably(place, json.dumps(held | keys), mode=0o600)


def _sign(value: Any) -> Any:
    """An argument as part of a history: a model by its row, anything else that can be compared as it is."""
    if isinstance(value, Model):
        return type(value).__name__, value.pk
    return value if isinstance(value, Hashable) else repr(value)


def remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a function that writes rows and nothing else; of a fixture, below `@pytest.fixture`."""
    elsewhere = ELSEWHERE & set(inspect.signature(function).parameters)
    if elsewhere or inspect.isgeneratorfunction(function):
        raise TypeError(f"{function.__qualname__} does more than write rows: play it each time.")

    @functools.wraps(function)
    def told(*args: Any, **kwargs: Any) -> Any:
        if story.strange or story.touched is not None:
            return function(*args, **kwargs)
        named = inspect.signature(function).bind(*args, **kwargs).arguments
        said = tuple((name, _sign(value)) for name, value in named.items())
        hour = None if clock.now is NOW else clock.now()
        call = (function.__module__, function.__qualname__, said, hour)
        key = (*story.history, call)
        given = [value for value in named.values() if isinstance(value, Model) or is_dataclass(value)]
        known = story.known.get(key)
        value = (
            story.tell(known, given) if known else story.play(key, functools.partial(function, *args, **kwargs), given)
        )
        story.history.append(call)
        return value

    return told


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Each test begins with no history."""
    if story.watch not in connection.execute_wrappers:
        connection.execute_wrappers.append(story.watch)
    cls = getattr(item, "cls", None)
    story.begin(strange=cls is not None and issubclass(cls, unittest.TestCase))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """A test that changes its surroundings itself, or commits, plays for real from here on."""
    asked = set(inspect.signature(item.obj).parameters) if isinstance(item, pytest.Function) else ELSEWHERE
    marks = [mark.kwargs.get("transaction") for mark in item.iter_markers("django_db")]
    story.strange = story.strange or bool(asked & {"settings", "monkeypatch"}) or any(marks)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: Any) -> Any:
    """Put down which fixtures have been set up; what `parametrize` gives is seen as the argument of a call."""
    value = yield
    if fixturedef.argname == "_django_db_helper":  # nothing reaches the database before it
        story.strange = story.outside  # what the migrations wrote is where every history begins
    asked = getattr(request.node, "callspec", None)
    is_parameter = asked is not None and fixturedef.argname in asked.params
    if fixturedef.scope == "function" and not is_parameter and not hasattr(fixturedef.func, "__wrapped__"):
        story.history.append((fixturedef.argname, fixturedef.baseid))
    return value
