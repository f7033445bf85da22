"""Every worked case of every instrument, and what each set of cases has to hold."""

import csv
from collections.abc import Iterator, Mapping

import pytest

from holdfast.instruments import Instrument
from holdfast.instruments.loader import DATA, load
from holdfast.scoring import score

FILES = sorted(DATA.glob("*.toml"))
SAFETY = {True: "calls for a person", False: "lowest", None: "not answered"}


def instrument_of(stem: str) -> Instrument:
    id_, version = stem.rsplit("-", 1)
    return load(id_, version=version)


def rows_of(stem: str) -> list[dict[str, str]]:
    with (DATA / f"{stem}.cases.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def answers_of(instrument: Instrument, row: Mapping[str, str]) -> dict[str, float | None]:
    return {item.id: float(row[item.id]) if row[item.id] else None for item in instrument.items}


def every_case() -> Iterator[object]:
    for path in FILES:
        for number, row in enumerate(rows_of(path.stem), start=2):
            yield pytest.param(path.stem, row, id=f"{path.stem} line {number}: {row['why']}")


@pytest.mark.parametrize(("stem", "row"), list(every_case()))
def test_case(stem: str, row: dict[str, str]) -> None:
    instrument = instrument_of(stem)
    result = score(instrument, answers_of(instrument, row))
    for scale in instrument.scales:
        expected = float(row[scale.id]) if row[scale.id] else None
        assert result.scores[scale.id].raw == pytest.approx(expected)
        assert (result.scores[scale.id].reason is None) == (expected is not None)
        if scale.bands:
            assert (result.scores[scale.id].band or "") == row[f"band:{scale.id}"]
    for said in result.safety.values():
        assert SAFETY[said] == row["safety item"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_set_of_cases_is_complete(path: object) -> None:
    stem = path.stem  # type: ignore[attr-defined]
    instrument = instrument_of(stem)
    cases = [answers_of(instrument, row) for row in rows_of(stem)]
    lowest = {item.id: instrument.answers_to(item.id).lowest for item in instrument.items}
    highest = {item.id: instrument.answers_to(item.id).highest for item in instrument.items}
    assert lowest in cases
    assert highest in cases
    for item in instrument.items:
        assert {**lowest, item.id: lowest[item.id] + 1} in cases, item.id
        assert not item.reverse or {**lowest, item.id: highest[item.id]} in cases, item.id
    longest = max(instrument.scales, key=lambda scale: len(scale.items))
    gaps = [sum(case[item] is None for item in longest.items) for case in cases]
    assert set(range(longest.gaps_allowed + 2)) <= set(gaps)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_edge_is_crossed_from_both_sides(path: object) -> None:
    stem = path.stem  # type: ignore[attr-defined]
    instrument = instrument_of(stem)
    edges = {(band.scale, band.at_least) for band in instrument.bands}
    edges |= {(figure.scale, figure.value) for figure in instrument.figures if figure.kind == "cutoff"}
    for scale_id, edge in edges:
        scale = instrument.scale(scale_id)
        step = scale.multiply / (len(scale.items) if scale.method == "mean" else 1)
        seen = [float(row[scale_id]) for row in rows_of(stem) if row[scale_id]]
        assert edge in seen, f"nothing at {edge}"
        assert edge == scale.lowest or any(abs(found - (edge - step)) < 1e-9 for found in seen), f"nothing below {edge}"


def test_contradictions_in_circulation() -> None:
    """The rows of the design's list of wrong versions that concern shipped instruments, worked by hand."""
    core = load("core-10")
    nothing = dict.fromkeys((item.id for item in core.items), 0.0)
    assert score(core, {**nothing, "q2": 4, "q3": 4}).scores["total"].raw == 0
    assert score(core, nothing).scores["total"].raw == 8
    assert score(core, dict.fromkeys(nothing, 4.0)).scores["total"].raw == 32
    assert (load("wai-sr").scale("total").lowest, load("wai-sr").scale("total").highest) == (12, 60)
    assert load("gad-7").wording().labels["default"][0] == "Not at all"
