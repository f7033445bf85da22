"""Prior files: written and read back to the last digit; whatever a hand may do to one ends in a sentence of ours."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.alliance import Prior, RatingScale, detect, prior_for_range
from holdfast.errors import HoldfastError, MethodError, TableError
from holdfast.interop import read_prior, write_prior

PRIOR = Prior(
    level=70.25,
    level_ratio=2.5,
    degrees_of_freedom=6.125,
    variance=22.0,
    drift=1e-6,
    rise=0.7,
    tails=math.inf,
    calibrated=True,
    source='Learned from 60 clients, "quoted", with ümlaut, tab\t and \x7f.',
    doubts=("One.", "Two\nlines."),
    method="marginal-likelihood",
    clients=60,
    ratings=657,
    intervals={"level": (69.0, 71.5), "rise": (-0.1, 1.5)},
    scale=RatingScale(low=0, high=100, step=0.5),
    score="alliance",
    simulated=True,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "prior.toml"
    write_prior(PRIOR, path)
    return path


def test_what_was_written_is_read_to_the_last_digit(file: Path) -> None:
    assert read_prior(file) == PRIOR
    assert read_prior(file, range=(0, 100)) == PRIOR
    other = file.with_name("range.toml")
    write_prior(prior_for_range(1, 5), other)
    assert read_prior(other) == prior_for_range(1, 5)
    before = file.read_bytes()
    write_prior(read_prior(file), file)
    assert file.read_bytes() == before
    assert "# points: where the ratings of a client start" in before.decode()


def test_a_prior_without_a_scale_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(MethodError, match="without a scale"):
        write_prior(replace(PRIOR, scale=None), tmp_path / "prior.toml")
    assert list(tmp_path.iterdir()) == []


def test_another_range_is_refused(file: Path) -> None:
    with pytest.raises(MethodError, match="belongs to scores from 0 to 100, not from 0 to 40"):
        read_prior(file, range=(0, 40))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("holdfast-prior-1", "holdfast-prior-9", "`format`"),
        ('method = "marginal-likelihood"', 'method = "guessing"', "`method`"),
        ("calibrated = true", 'calibrated = "yes"', "`calibrated`"),
        ("clients = 60", "clients = -1", "`clients`"),
        ("clients = 60", "clients = 6.5", "`clients`"),
        ("clients = 60", "clients = 99999999999999999999", "`clients`"),
        ('"Two\\nlines."', "2", "`doubts`"),
        ("[variance]", "[varience]", "`variance`"),
        ("value = 22.0", "value = nan", "`variance.value`"),
        ("value = 22.0", "value = true", "`variance.value`"),
        ("value = 22.0", "value = 1" + "0" * 400, "`variance.value`"),
        ("value = 22.0", "valeu = 22.0", "`variance.valeu`"),
        ("value = 22.0", "value = -22.0", "variance is -22"),
        ("value = 22.0", "value = inf", "variance is inf"),
        ("value = inf", "value = 0", "tails are 0"),
        ("interval = [69.0, 71.5]", "interval = [69.0]", "`level.interval`"),
        ("interval = [69.0, 71.5]", "interval = [72.0, 73.0]", "does not hold"),
        ("high = 100.0", "high = -1.0", "cannot run"),
        ("step = 0.5", "step = 0.7", "do not lead"),
        ('score = "alliance"', "score = 3", "`scale.score`"),
        ("[level]", "[level", "no TOML"),
        ("[tails]", "[more]\nx = 1\n[tails]", "`more`"),
        ("clients = 60", "clients = 60\nmore = " + "[" * 3000 + "]" * 3000, "no TOML"),
    ],
)
def test_hand_made_nonsense_is_refused_in_a_sentence(file: Path, old: str, new: str, said: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(MethodError) as caught:
        read_prior(file)
    assert said in str(caught.value)


def test_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        read_prior(tmp_path / "none.toml")
    with pytest.raises(TableError, match="cannot be read"):
        read_prior(tmp_path)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(MethodError, match="no text"):
        read_prior(tmp_path / "bytes.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * 1_000_001)
    with pytest.raises(MethodError, match="too large"):
        read_prior(tmp_path / "large.toml")


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.integers(0, 1700), st.binary(max_size=6), st.integers(0, 40)), min_size=1, max_size=3))
def test_any_damage_ends_in_a_prior_that_works_or_in_our_own_error(
    file: Path, damage: list[tuple[int, bytes, int]]
) -> None:
    write_prior(PRIOR, file)
    raw = bytearray(file.read_bytes())
    for place, put, cut in damage:
        raw[place : place + cut] = put
    file.write_bytes(bytes(raw))
    try:
        prior = read_prior(file)
    except HoldfastError as error:
        said = str(error)
    else:
        said = "."
        assert detect([70, 71, 69, 50], prior=prior).p.shape == (1, 4)
    assert said.endswith(".")
