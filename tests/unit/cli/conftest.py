"""No test depends on how fast the machine is: what a slow command says after two seconds is tested in test_telling."""

import pytest


@pytest.fixture(autouse=True)
def never_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdfast.cli.telling.SLOW", 600.0)
