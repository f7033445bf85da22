"""Published rules over tables and frames: one result per row, nothing silently dropped."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.unit.interop.tables import RATINGS, csv, long_table, sessions

from holdfast.alliance import Noise, flag
from holdfast.errors import MethodError, TableError
from holdfast.interop import Reading, RuleSearch, Table, apply_rules, published_rules
from holdfast.interop.rules import rule_from_text

RANGE = (0.0, 100.0)
FEW = Noise(therapies=60)


def test_each_row_says_what_each_rule_says() -> None:
    search = RuleSearch(range=RANGE, rules=("vshape", "tukey"), noise=FEW)
    found = apply_rules(Table(frame=sessions()), search)
    assert found.rows.columns == ["client", "session", "score", "vshape", "tukey", "note"]
    for name in ("vshape", "tukey"):
        values = found.rows[name].fill_null(-1).to_numpy().reshape(3, 8)
        wanted = np.where(np.isnan(RATINGS), -1, flag(RATINGS, rule=name, noise=FEW).flags)
        np.testing.assert_array_equal(values, wanted)
    assert found.rows.filter(pl.col("tukey") == 1).select("client", "session").rows()[0] == ("01", 6)
    assert not found.simulated
    assert found.doubts == found.agreement.doubts


def test_by_default_every_rule_that_fits_the_range_and_the_reliability_given() -> None:
    wide = [spec.name for spec in RuleSearch(range=RANGE).specs]
    narrow = RuleSearch(range=(0.0, 40.0), reliability=0.9).specs
    assert "srs-level-36" not in wide
    assert len(wide) == 19
    assert [spec.name for spec in narrow] == [*wide, "pcoms-drop-1", "srs-level-36"]
    assert {spec.reliability for spec in narrow} == {None, 0.9}
    with pytest.raises(MethodError, match="No rule is called moon"):
        _ = RuleSearch(range=RANGE, rules=("moon",)).specs


def test_a_preset_with_settings_has_a_name_of_its_own() -> None:
    texts = ("vshape", "vshape:size=2,within=any,needed=no", "strauss-2006:rise=no, unit=own-sd")
    plain, changed, peak = RuleSearch(range=RANGE, rules=texts).specs
    assert (plain.name, changed.name, peak.name) == texts
    assert (changed.falls[0].size, changed.back.within, changed.back.needed) == (2.0, None, False)
    assert (peak.back.rise, peak.falls[0].unit, plain.back.within) == (False, "own-sd", 3)
    found = apply_rules(Table(frame=sessions()), RuleSearch(range=RANGE, rules=texts, noise=FEW))
    assert found.rows.columns[3:6] == list(texts)


def test_a_reliability_in_the_text_goes_before_the_one_for_all() -> None:
    search = RuleSearch(range=RANGE, rules=("reliable-drop", "reliable-drop:reliability=.7"), reliability=0.9)
    assert [spec.reliability for spec in search.specs] == [0.9, 0.7]


@pytest.mark.parametrize("text", ["vshape:size=two", "vshape:needed=perhaps", "vshape:within=2.5", "vshape:size"])
def test_a_setting_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(MethodError, match="Write a number, a unit, yes or no"):
        rule_from_text(text)
    with pytest.raises(MethodError, match="vshape has no setting depth"):
        rule_from_text("vshape:depth=2")


def test_rows_left_out_have_empty_results_and_a_note() -> None:
    table = long_table("client session alliance simulated\na 1 50 yes\na Post 60 yes\na 2 soso yes\na 3 40 yes")
    search = RuleSearch(range=RANGE, rules=("drop-own-sd",), noise=FEW, reading=Reading(unreadable="leave-out"))
    found = apply_rules(table, search)
    assert found.rows["drop-own-sd"].to_list() == [0, None, None, 1]
    assert found.rows["note"].to_list() == [None, "`Post` is not a number", "`soso` is not a number", None]
    assert found.rows["simulated"].to_list() == ["yes"] * 4
    assert found.simulated


def test_frames_and_files(tmp_path: Path) -> None:
    frame = sessions().with_columns(pl.lit("yes").alias("simulated"))
    found = published_rules(frame, range=RANGE, rules=("vshape",), noise=FEW, duplicates="first")
    assert found.simulated
    file = csv(tmp_path, "client,session,alliance\na,1,50\na,2,44\n")
    assert published_rules(file, range=RANGE, rules=("vshape",), noise=FEW).rows.height == 2
    assert "simulated" not in published_rules(sessions(), range=RANGE, rules=("vshape",), noise=FEW).rows.columns
    with pytest.raises(TableError, match="runs from"):
        published_rules(frame, range=(0.0, 70.0), noise=FEW)
    with pytest.raises(TypeError, match="depth"):
        published_rules(frame, range=RANGE, depth=3)  # type: ignore[call-arg]


def test_a_table_without_rows() -> None:
    table = Table(frame=pl.DataFrame({"client": [], "session": [], "alliance": []}))
    found = apply_rules(table, RuleSearch(range=RANGE, rules=("vshape",), noise=FEW))
    assert found.rows.height == 0
