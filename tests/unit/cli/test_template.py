"""`holdfast template`: changes with their intervals, carry-over as exploratory, and what cannot be computed."""

from pathlib import Path

import polars as pl
import pytest

from holdfast.cli import main
from holdfast.interop import Table
from holdfast.interop.attachment import TemplateSearch, find_template


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "sessions.csv"


def test_what_changed_and_what_may_carry_over(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--clients", "40", "--sessions", "13", "--seed", "3", "-o", str(file)]) == 0
    capsys.readouterr()
    assert main(["template", str(file), "--anxiety", "attachment_anxiety", "-o", "clients.csv"]) == 0
    said = capsys.readouterr().err
    for words in ("Avoidance: from first to last", "Anxiety: from first", "Carry-over (exploratory):", "simulated"):
        assert words in said
    assert "Doubt: Exploratory: a model of ours, not an established finding." in said
    rows = pl.read_csv("clients.csv")
    assert rows.height == 40
    assert {"avoidance_change", "anxiety_slope_per_session", "avoidance_direction"} <= set(rows.columns)
    assert set(rows["simulated"]) == {"yes"}
    two = rows.filter(pl.col("avoidance_change").is_not_null())
    assert (two["avoidance_last"] - two["avoidance_first"] - two["avoidance_change"]).abs().max() < 1e-9


def test_few_clients_have_changes_and_no_template() -> None:
    frame = pl.DataFrame(
        {
            "client": ["a", "a", "b", "b", "c"],
            "session": [1, 2, 1, 2, 1],
            "alliance": [50, 60, 70, 80, 60],
            "attachment_avoidance": [3.0, 2.5, 4.0, 4.5, None],
        }
    )
    found = find_template(Table(frame=frame), TemplateSearch(anxiety=None))
    assert found.template is None
    assert found.why_none == "2 clients have two measurements of avoidance. The template needs ten."
    assert found.rows["avoidance_direction"].to_list() == ["no reliable change", "no reliable change", None]
    assert found.simulated is False
    assert not any("Exploratory" in doubt for doubt in found.doubts)


def test_the_command_says_why_there_is_none(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("client,session,alliance,ecr\na,1,50,3\na,2,60,2.5\nb,1,70,4\nb,2,80,4.5\n", encoding="utf-8")
    assert main(["template", str(file), "--avoidance", "ecr"]) == 0
    assert "Carry-over: not computed. 2 clients have two measurements" in capsys.readouterr().err
