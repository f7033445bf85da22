"""Each verb on small files: what is written, what is said, how it ends."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.unit.interop.tables import csv, sessions

from holdfast.cli import main
from holdfast.cli.instruments import facts
from holdfast.cli.power import study_of
from holdfast.instruments import Figure, load


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """sessions.csv of three clients in a folder of its own, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    sessions().with_columns((40 - pl.col("session")).alias("outcome")).write_csv("sessions.csv")
    return Path("sessions.csv")


def test_simulate(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--clients", "2", "--sessions", "3", "--seed", "4", "-o", "made.csv"]) == 0
    assert capsys.readouterr().err == (
        "6 simulated sessions; the column `simulated` says so in every row. 0 ruptures were planted; who left has no "
        "further rows.\n"
    )
    made = pl.read_csv(file.with_name("made.csv"))
    assert made["simulated"].to_list() == ["yes"] * 6
    assert main(["simulate", "--clients", "2", "--sessions", "3", "--seed", "4", "-o", "again.csv"]) == 0
    assert made.equals(pl.read_csv("again.csv"))
    assert main(["simulate", "--clients", "0"]) == 6


def test_simulate_writes_the_truth_beside_the_data(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--clients", "60", "--sessions", "12", "-o", "made.csv", "--truth", "ruptures.csv"]
    assert main(["simulate", *words]) == 0
    truth, made = pl.read_csv("ruptures.csv"), pl.read_csv("made.csv")
    assert set(truth["simulated"]) == {"yes"}
    assert f"{truth.height} ruptures were planted" in capsys.readouterr().err
    onsets = made.filter(pl.col("rupture") != "none")["client"].unique()
    assert set(truth["client"]) == set(onsets)


def test_ruptures(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ruptures", str(file), "--range", "0:100", "-o", "flags.csv"]) == 0
    flags = pl.read_csv("flags.csv", infer_schema=False)
    assert flags["client"].to_list() == [f"0{client}" for client in range(1, 4) for _ in range(8)]
    assert flags.filter(pl.col("signal") == "acute").select("client", "session").rows() == [("01", "6")]
    assert capsys.readouterr().err.splitlines() == [
        "sessions.csv: 24 rows, 23 used, 1 not rated.",
        "Acute: 1 in 17 monitored sessions; if nothing had happened, chance alone would give about 0.3 at most (2 % of "
        "sessions).",
        "Erosion: 1 in 17 monitored sessions; if nothing had happened, chance alone would give about 0.2 at most (1 % "
        "of sessions).",
        "Calibration: 5.88 of 100 monitored sessions lie below the stated 2 % (95 % interval 1.04 to 27.03); real "
        "ruptures count too.",
        "Client: expectation starts from the range of the scale alone, 0 to 100; it is uncalibrated.",
        "Rupture episodes (by the client's ratings): 1 (partly 1).",
        "Doubt: Only 3 clients have 4 ratings or more; an archive needs 10.",
        "Doubt: Uncalibrated: the starting point comes from the range of the scale, not from an archive.",
        "Doubt: Extreme ratings are weighted down, so the false-alarm rate is approximate: 0.0204 at nominal 0.02 in "
        "simulation.",
    ]


def test_ruptures_of_simulated_sessions_by_two_raters(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--clients", "3", "--sessions", "4", "-o", str(file)]) == 0
    words = ["--therapist-score", "therapist_alliance", "--prior", "70,9,4,25,0.05", "--false-alarms-per-20", "1"]
    words += ["--talk-at", "60", "--reports", "said"]
    assert main(["ruptures", str(file), "--range", "0:100", *words]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].endswith("therapist_p,talk_about_it,note,simulated")
    assert "Disagreement: 0 in" in said.err
    assert "Worth talking about (fixed cut-off, no signal):" in said.err
    assert said.err.endswith("These data are simulated; the column `simulated` says so in every row.\n")


def test_ruptures_looks_back_when_asked(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--clients", "3", "--sessions", "4", "-o", str(file)]) == 0
    assert main(["ruptures", str(file), "--range", "0:100", "--hindsight"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].endswith("status,hindsight_p,hindsight_probability,note,simulated")
    assert "Hindsight uses later sessions: for looking back only. Assumed: " in said.err


def test_ruptures_lists_what_it_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = csv(tmp_path, "client,session,alliance\na,1,50\na,Post,60\na,30,60\na,30,60\na,60,60\n")
    words = ["--range", "0:100", "--duplicates", "first", "--unreadable", "leave-out", "-o", "flags.csv"]
    assert main(["ruptures", file.name, *words]) == 0
    said = capsys.readouterr().err.splitlines()
    assert said[:5] == [
        "sessions.csv: 5 rows, 3 used, 0 not rated.",
        "Left out:",
        "  session is not a number (session): row 3",
        "  repeated session (session): row 5",
        "`session` is taken as time: the typical gap is 29.5, and counts as one step.",
    ]
    assert "Rupture episodes (by the client's ratings): 0." in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--range", "100"], "100 is not LOW:HIGH; write the lowest and highest score, such as 0:100"),
        (["--range", "9:1"], "9:1 is not LOW:HIGH"),
        (["--range", "0:inf"], "0:inf is not LOW:HIGH"),
        (["--range", "0:100", "--prior", "guess"], "guess is not a prior; write auto, range, a file such as"),
    ],
)
def test_options_that_say_nothing_are_refused(
    file: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["ruptures", str(file), *words])
    assert caught.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--range", "0:100", "--false-alarms-per-20", "12"], 6),
        (["--range", "0:100", "-o", "flags.xlsx"], 5),
        (["--range", "0:100", "-o", "none/flags.csv"], 5),
        (["--range", "0:70"], 5),
    ],
)
def test_ruptures_ends_with_the_code_of_the_trouble(file: Path, words: list[str], code: int) -> None:
    before = sorted(Path().iterdir())
    assert main(["ruptures", str(file), *words]) == code
    assert sorted(Path().iterdir()) == before


def test_report(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--outcome", "outcome", "--alliance", "alliance", "--range", "0:100", "--title", "Oak Street"]
    assert main(["report", str(file), *words, "-o", "report.html"]) == 0
    page = Path("report.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "Oak Street" in page
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "sessions.csv: 24 rows, 24 used."
    assert said[-1] == "report.html: 3 clients."
    assert any(line.startswith("Doubt: Reliable change is not computed") for line in said)


def test_report_hears_everything_that_was_said(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--clients", "3", "--sessions", "6", "-o", str(file)]) == 0
    words = ["--outcome", "outcome", "--alliance", "alliance", "--range", "0:100", "--prior", "70,9,4,25,0.05"]
    said = ["--therapist-score", "therapist_alliance", "--predicted", "predicted"]
    said += ["--false-alarms-per-20", "1", "--reports", "said", "--talk-at", "60"]
    assert main(["report", str(file), *words, *said, "-o", "report.html"]) == 0
    page = Path("report.html").read_text(encoding="utf-8")
    assert "Client and therapist side by side" in page
    assert "at most 1 of all kinds in 20 sessions, as asked for" in page
    assert "by each client&#x27;s own history about" in page
    assert "Doubt: The starting point was given" in capsys.readouterr().err
    assert main(["report", str(file), *words, "--client-way", "nobody", "-o", "report.html"]) == 5
    assert main(["report", str(file), *words, "--false-alarms-per-20", "9", "-o", "report.html"]) == 6


def test_report_is_lenient_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = csv(tmp_path, "client,session,phq9\na,1,5\na,1,6\na,soon,7\na,2,_\n")
    assert main(["report", str(file), "--outcome", "phq9", "-o", str(tmp_path / "r.html")]) == 0
    said = capsys.readouterr().err
    assert "repeated session (session): row 3" in said
    assert "session is not a number (session): row 4" in said
    assert "score is not a number (phq9): row 5" in said


def test_instruments(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["instruments", "--folder", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["ID", "VERSION", "ITEMS", "SCALES", "VALIDATED", "WORDING", "TITLE"]
    assert any(line.startswith("holdfast-session ") for line in lines)
    assert main(["instruments", "wai-x"]) == 3


def test_the_facts_of_one_instrument(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instruments", "demo5"]) == 0
    said = capsys.readouterr().out
    for words in (
        "demo5 1.0: ",
        "Rights: ",
        "Notice: Project items, not validated.",
        "[reversed]",
        "Scale total: mean",
    ):
        assert words in said
    assert main(["instruments", "phq-9"]) == 0
    said = capsys.readouterr().out
    assert "[safety item]" in said
    assert "Missing answers allowed: 1 of 9." in said


@pytest.mark.parametrize("status", ["verified", "unverified"])
def test_bands_and_figures_that_nobody_verified_are_not_shown(status: str) -> None:
    demo = load("demo5")
    scale = demo.scale("total")
    figure = Figure(scale="total", kind="cutoff", value=2.5, status=status, source="a page", population="students")
    bands = tuple(replace(band, status=status) for band in scale.bands)
    said = "\n".join(facts(replace(demo, scales=(replace(scale, bands=bands, figures=(figure,)),))))
    assert ("strong (" in said) is (status == "verified")
    assert ("cutoff 2.5, students (a page)" in said) is (status == "verified")


def test_score(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    csv(tmp_path, "client;q1;q2;q3;q4;q5\n007;4;3;4;0;\n008;4;4;4;often;4\n", name="answers.csv")
    assert main(["score", "demo5", "answers.csv", "-o", "scores.csv"]) == 5
    assert not Path("scores.csv").exists()
    assert main(["score", "demo5", "answers.csv", "--unreadable", "leave-out", "-o", "scores.csv"]) == 0
    assert Path("scores.csv").read_text().splitlines()[:2] == [
        "client,total,total_percent,total_band,total_note",
        "007,3.75,93.75,strong,prorated from 4 of 5 answers",
    ]
    assert capsys.readouterr().err.splitlines()[1:] == [
        "answers.csv: 2 rows scored with demo5 1.0.",
        "Counted as missing:",
        "  answer is not a number (q4): row 3",
        "Doubt: Project items, not validated.",
        "Doubt: `total` is prorated in 2 of 2 rows.",
    ]


def test_score_ends_with_four_for_an_answer_off_the_scale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = csv(tmp_path, "q1,q2,q3,q4,q5\n4,6,4,0,4\n", name="answers.csv")
    assert main(["score", "demo5", str(file)]) == 4
    said = "holdfast: `demo5` item q2 has the answer 6, but answers run from 0 to 4. Check row 2 of answers.csv.\n"
    assert capsys.readouterr().err == said


def test_calibrate_and_use_what_was_learned(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--clients", "40", "--sessions", "8", "--seed", "4", "-o", str(file)]) == 0
    capsys.readouterr()
    assert main(["calibrate", str(file), "--range", "0:100", "--step", "0.01", "-o", "prior.toml"]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if not line.endswith("…")]  # a slow machine says so
    assert said[0].startswith("sessions.csv: 310 rows, ")
    assert said[1].startswith("Expectation starts from a prior fitted to an archive by marginal likelihood. Learned ")
    assert said[1].endswith("The archive is simulated.")
    assert said[2].startswith("  level: ")
    assert "(95 % interval " in said[2]
    assert said[-1] == "prior.toml: written."
    text = Path("prior.toml").read_text(encoding="utf-8")
    assert "simulated = true" in text
    assert 'score = "alliance"' in text
    assert main(["ruptures", str(file), "--range", "0:100", "--prior", "prior.toml", "-o", "flags.csv"]) == 0
    assert "Client: expectation starts from a prior fitted to an archive" in capsys.readouterr().err
    words = ["--outcome", "outcome", "--alliance", "alliance", "--range", "0:100", "--prior", "prior.toml"]
    assert main(["report", str(file), *words, "-o", "report.html"]) == 0
    assert main(["ruptures", str(file), "--range", "0:200", "--prior", "prior.toml", "-o", "flags.csv"]) == 6
    said_then = capsys.readouterr().err
    assert "prior.toml belongs to scores from 0 to 100, not from 0 to 200. Calibrate on these." in said_then


def test_calibrate_lists_what_it_left_out_and_refuses_steps_that_lead_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    file = csv(tmp_path, "client,session,alliance\na,1,50\na,2,words\na,3,60\n")
    words = ["calibrate", file.name, "--range", "0:100", "-o", "prior.toml"]
    assert main([*words, "--unreadable", "leave-out"]) == 0
    said = capsys.readouterr().err
    assert "Left out:" in said
    assert "Doubt: Only 0 clients have 4 ratings or more; an archive needs 10." in said
    assert "Doubt: Uncalibrated" in said
    assert main([*words, "--step", "7"]) == 6
    with pytest.raises(SystemExit):
        main([*words, "--step", "none"])
    assert "none is no step" in capsys.readouterr().err


def test_what_the_command_says_of_calibration_and_reports() -> None:
    from holdfast.alliance import calibrate
    from holdfast.cli.ruptures import calibration_lines

    assert calibration_lines(calibrate([[float("nan")]])) == []
    exceeded = calibration_lines(calibrate([[0.001] * 30, [0.5] * 30]))
    assert exceeded[1].startswith("A threshold of p < 0")


@pytest.mark.parametrize("effect", ["link", "congruence", "strengthening"])
def test_power_says_how_many_clients_it_takes(effect: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--effect", effect, "--sessions", "10", "--clients", "12", "16", "--simulations", "3"]
    assert main(["power", *words]) == 0
    said = capsys.readouterr()
    assert said.out.startswith(f"Effect: {effect}, ")
    assert "simulated studies" in said.out
    assert "people may differ" in said.err


def test_power_without_an_effect_finds_none(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--effect", "link", "--size", "0", "--sessions", "8", "--clients", "30", "--simulations", "40"]
    assert main(["power", *words]) == 0
    assert "8 sessions: not found often enough with up to 30 clients." in capsys.readouterr().out
    assert main(["power", "--power", "2"]) == 6


@pytest.mark.parametrize("effect", ["link", "congruence", "strengthening"])
def test_power_finds_an_effect_of_size_zero_about_as_rarely_as_it_should(effect: str) -> None:
    """The lower end of a 95 % interval lies above 0 in 2.5 % of studies; 11 of 120 or more: 1 time in 4,000."""
    finds = study_of(effect, 0.0)
    found = [finds(clients, 20 if effect == "strengthening" else 8, seed) for seed in range(60) for clients in (10, 60)]
    assert sum(one is True for one in found) < 11


def test_power_says_in_which_world_it_asks(capsys: pytest.CaptureFixture[str]) -> None:
    for effect, world in (
        ("congruence", "simulated therapies without rupture, growth"),
        ("link", "the usual simulated therapies"),
    ):
        assert main(["power", "--effect", effect, "--sessions", "8", "--clients", "10", "--simulations", "2"]) == 0
        assert f"Asked in {world}" in capsys.readouterr().out


def test_power_says_what_it_could_not_compute_and_what_it_did_not_try(capsys: pytest.CaptureFixture[str]) -> None:
    short = ["--effect", "strengthening", "--sessions", "6", "--clients", "5", "--simulations", "3"]
    assert main(["power", *short]) == 0
    said = capsys.readouterr().out
    assert "6 sessions: too few. No study gives an estimate" in said
    assert "found in 0 of 1 simulated studies, 0% (95 % interval 0% to 79%); 1 could not be computed" in said
    assert main(["power", "--effect", "link", "--clients", "2", "--sessions", "2", "--simulations", "3"]) == 0
    assert (
        "2 sessions: too few. No study gives an estimate; ask for more sessions or clients." in capsys.readouterr().out
    )
    assert main(["power", "--effect", "link", "--size", "6", "--clients", "30", "--simulations", "4"]) == 0
    assert "12 sessions: 30 clients are the fewest tried" in (said := capsys.readouterr().out)
    assert "Fewer were not tried." in said


@pytest.mark.parametrize("verb", [["simulate", "-o", "x.csv"], ["power", "--effect", "link"]])
@pytest.mark.parametrize("seed", ["-1", "1.5", "none", "\uff11"])
def test_a_seed_is_a_whole_number_from_0_on(verb: list[str], seed: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*verb, f"--seed={seed}"])
    assert ended.value.code == 2
    assert f"{seed} is no seed; write a whole number, 0 or more" in capsys.readouterr().err
