"""`holdfast practice` names its folders and hands the rest to the practice's own commands."""

import os
from pathlib import Path

import pytest
from django.core import management

from holdfast.cli import main


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What Django's runner was given; the environment is put back afterwards."""
    given: list[str] = []

    class Runner:
        def __init__(self, words: list[str]) -> None:
            given.extend(words)

        def execute(self) -> None:
            given.append("executed")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(management, "ManagementUtility", Runner)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return given


def test_demo_keeps_everything_below_one_folder(handed_over: list[str], tmp_path: Path) -> None:
    assert main(["practice", "demo", "--folder", "here", "--port", "8001"]) == 0
    assert handed_over == ["holdfast practice", "demo", "--port", "8001", "executed"]
    assert os.environ["HOLDFAST_FOLDER"] == str(tmp_path / "here" / "data")
    assert os.environ["HOLDFAST_KEYS"] == str(tmp_path / "here" / "keys")


def test_demo_has_a_folder_of_its_own(handed_over: list[str], tmp_path: Path) -> None:
    assert main(["practice", "demo"]) == 0
    assert os.environ["HOLDFAST_FOLDER"] == str(tmp_path / ".demo" / "data")
    assert handed_over[-1] == "executed"


def test_run_serves_the_folder_that_is_named(handed_over: list[str], tmp_path: Path) -> None:
    keys = os.environ.get("HOLDFAST_KEYS")
    assert main(["practice", "run", "--folder", "data"]) == 0
    assert os.environ["HOLDFAST_FOLDER"] == str(tmp_path / "data")
    assert os.environ.get("HOLDFAST_KEYS") == keys
    assert handed_over == ["holdfast practice", "serve", "executed"]


def test_other_commands_leave_the_folders_alone(handed_over: list[str]) -> None:
    before = os.environ.get("HOLDFAST_FOLDER")
    assert main(["practice", "user", "list"]) == 0
    assert os.environ.get("HOLDFAST_FOLDER") == before
    assert handed_over == ["holdfast practice", "user", "list", "executed"]
