"""Finding, caching and naming of instrument files, and the properties of what ships."""

import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.instruments.files import GOOD, broken, write

from holdfast.errors import InstrumentError
from holdfast.instruments import list_instruments, load
from holdfast.instruments.loader import DATA, order

SHIPPED = [
    "core-10",
    "demo5",
    "gad-2",
    "gad-7",
    "holdfast-before",
    "holdfast-monthly",
    "holdfast-session",
    "holdfast-session-therapist",
    "phq-8",
    "phq-9",
    "srs",
    "wai-sr",
]


def test_what_ships() -> None:
    assert [instrument.id for instrument in list_instruments()] == SHIPPED
    assert all((DATA / f"{one.id}-{one.version}.cases.csv").is_file() for one in list_instruments())


def test_importing_reads_no_file() -> None:
    code = (
        "import sys; sys.addaudithook(lambda event, args: event == 'open' and str(args[0]).endswith('.toml')"
        " and sys.exit('read ' + str(args[0]))); import holdfast.instruments, holdfast.scoring"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    assert (run.returncode, run.stderr) == (0, "")


def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    assert load("demo5") is load("demo5")
    write(tmp_path)
    assert load("tiny", folders=[tmp_path]) is load("tiny", folders=[tmp_path])
    write(tmp_path, broken('title = "Tiny"', 'title = "Tiny, later"'))
    assert load("tiny", folders=[tmp_path]).title == "Tiny, later"


def test_versions(tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, broken('version = "1.0"', 'version = "1.10"'), name="tiny-1.10.toml")
    write(tmp_path, broken('version = "1.0"', 'version = "1.9"'), name="tiny-1.9.toml")
    assert load("tiny", folders=[tmp_path]).version == "1.10"
    assert load("tiny", version="1.9", folders=[tmp_path]).version == "1.9"
    assert [one.version for one in list_instruments(folders=[tmp_path]) if one.id == "tiny"] == ["1.10"]
    with pytest.raises(InstrumentError, match=r"no version 2\.0\. Known versions: 1\.0, 1\.9, 1\.10\."):
        load("tiny", version="2.0", folders=[tmp_path])
    assert order("1.10") > order("1.9")


@pytest.mark.parametrize("name", ["wai-x", "../demo5", "Demo5", ""])
def test_unknown_instrument(name: str) -> None:
    with pytest.raises(InstrumentError) as refused:
        load(name)
    assert str(refused.value) == f"No instrument called `{name}`. Run `holdfast instruments` to list them."


def test_a_folder_that_is_not_there_adds_nothing(tmp_path: Path) -> None:
    assert len(list_instruments(folders=[tmp_path / "instruments"])) == len(SHIPPED)


def test_misnamed_files_are_refused(tmp_path: Path) -> None:
    write(tmp_path, name="notes.toml")
    with pytest.raises(InstrumentError, match=r"notes\.toml is not named like an instrument"):
        list_instruments(folders=[tmp_path])


def test_a_file_is_named_after_what_is_in_it(tmp_path: Path) -> None:
    write(tmp_path, name="tony-1.0.toml")
    with pytest.raises(InstrumentError, match=r"holds `tiny` in version 1\.0"):
        load("tony", folders=[tmp_path])


def test_a_practice_cannot_replace_a_shipped_file(tmp_path: Path) -> None:
    write(tmp_path, GOOD, name="demo5-1.0.toml")
    with pytest.raises(InstrumentError, match="is there twice"):
        load("demo5", folders=[tmp_path])


def test_names_that_do_not_exist() -> None:
    with pytest.raises(InstrumentError, match=r"`demo5` has no item `q9`\. Known: q1, q2, q3, q4, q5\."):
        load("demo5").item("q9")
    with pytest.raises(InstrumentError, match=r"`demo5` has no scale `x`\. Known: total\."):
        load("demo5").scale("x")


def test_project_items_say_what_they_are() -> None:
    own = [one for one in list_instruments() if one.id.startswith("holdfast-")]
    assert len(own) == 4
    for instrument in own:
        assert instrument.notices == ("Project items, not validated.",)
        assert not instrument.figures
        assert not instrument.bands
        assert instrument.rights.licence == "CC-BY-4.0"
        assert not instrument.has_safety_item
    assert load("phq-9").notices[0].startswith("Developed by Drs.")


def test_only_forms_with_a_safety_item_need_a_responder() -> None:
    assert [one.id for one in list_instruments() if one.has_safety_item] == ["core-10", "phq-9"]


def test_no_unverified_number_drives_anything() -> None:
    numbers = [number for one in list_instruments() for number in (*one.figures, *one.bands)]
    assert numbers
    assert all(number.source and (number.status == "verified" or not number.drives_flag) for number in numbers)


def test_holdfast_session_is_built_as_designed() -> None:
    session = load("holdfast-session")
    alliance = session.scale("alliance")
    ratings = [session.item(item) for item in alliance.items]
    assert len(ratings) == 8
    assert len([item for item in ratings if item.reverse]) >= 2
    assert (alliance.lowest, alliance.highest, alliance.gaps_allowed) == (0, 100, 1)
    assert {session.scale(f"facet_{item.id}").items for item in ratings} == {(item.id,) for item in ratings}
    shown = {item.id: item.show_if for item in session.items if item.show_if}
    assert list(shown) == ["tension_kind", "addressed", "eased"]
    assert all(condition.holds({"tension": 1}) for condition in shown.values())
    assert not any(
        condition.holds(said) for condition in shown.values() for said in ({"tension": 0}, {"tension": None}, {})
    )


def test_twins_are_items_of_the_clients_form() -> None:
    session, therapist = load("holdfast-session"), load("holdfast-session-therapist")
    assert therapist.rater == "therapist"
    known = {item.id for item in session.items}
    assert {twin for item in therapist.items for twin in item.twin} <= known
    assert session.wording().labels["rating"] == therapist.wording().labels["rating"]
    assert set(session.scale("work").items) == set(therapist.item("own_work").twin)
