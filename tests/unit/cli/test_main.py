"""The command itself: help, exit codes, and how it ends when somebody stops it."""

import json
import os
import subprocess
import sys
from importlib import import_module, metadata
from pathlib import Path

import pytest

from holdfast.cli import VERBS, main, parser
from holdfast.errors import HoldfastError, MethodError

ROOT = Path(__file__).parents[3]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error"}
COMMAND = "import sys; from holdfast.cli import main; sys.exit(main())"


def test_help_lists_every_verb_and_loads_nothing_heavy() -> None:
    program = (
        "import sys, holdfast\nfrom holdfast.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'scipy', 'polars', 'narwhals', 'django'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=ENVIRONMENT)
    assert run.stdout.splitlines()[-1] == "[]"
    assert all(f"\n    {verb}" in run.stdout for verb in VERBS)
    assert "exit codes: 0 done" in run.stdout


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_an_example_in_its_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main([verb, "--help"])
    assert caught.value.code == 0
    assert f"examples:\n  holdfast {verb}" in capsys.readouterr().out


@pytest.mark.parametrize("words", [[], ["cure"], ["ruptures", "a.csv"], ["report", "a.csv", "-o", "b.html"]])
def test_words_that_are_no_command_end_with_two(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2


def test_the_version(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(_: str) -> str:
        raise metadata.PackageNotFoundError

    for found, said in ((lambda _: "1.2.3", "1.2.3\n"), (unknown, "not installed: run from its source\n")):
        monkeypatch.setattr(metadata, "version", found)
        with pytest.raises(SystemExit) as caught:
            main(["--version"])
        assert (caught.value.code, capsys.readouterr().out) == (0, said)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (MethodError("The {what} is wrong. Give another.", what="range"), 6, "The range is wrong. Give another."),
        (HoldfastError("Something else."), 1, "Something else."),
    ],
)
def test_errors_of_ours_are_one_sentence_and_a_code(
    error: HoldfastError, code: int, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> int:
        raise error

    monkeypatch.setattr(import_module("holdfast.cli.simulate"), "run", fail)
    assert main(["simulate"]) == code
    assert capsys.readouterr().err == f"holdfast: {said}\n"


def test_a_stop_by_the_keyboard_is_quiet(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("holdfast.cli.simulate"), "run", stop)
    assert main(["simulate"]) == 130
    assert capsys.readouterr().err == ""


def test_a_reader_who_stops_early_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as closed:
        run = subprocess.run(
            [sys.executable, "-c", COMMAND, "simulate", "--clients", "300"],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            env=ENVIRONMENT,
            cwd=tmp_path,
        )
    assert (run.returncode, run.stderr) == (141, b"")


def test_a_closed_pipe_inside_one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []

    def stop(_: object) -> int:
        raise BrokenPipeError

    monkeypatch.setattr(import_module("holdfast.cli.simulate"), "run", stop)
    monkeypatch.setattr(os, "dup2", lambda _, at: ended.append(at))
    assert main(["simulate"]) == 141
    assert ended == [1]


def test_the_whole_command_in_a_process_of_its_own(tmp_path: Path) -> None:
    def holdfast(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", COMMAND, *words],
            capture_output=True,
            text=True,
            check=False,
            env=ENVIRONMENT,
            cwd=tmp_path,
        )

    assert holdfast("simulate", "--clients", "3", "--sessions", "5", "-o", "sessions.csv").returncode == 0
    run = holdfast("ruptures", "sessions.csv", "--range", "0:100", "--format", "json")
    assert run.returncode == 0
    assert len(json.loads(run.stdout)) == 15
    assert holdfast("ruptures", "none.csv", "--range", "0:100").returncode == 5


def test_every_verb_is_registered() -> None:
    assert parser().parse_args(["simulate"]).verb == "simulate"
