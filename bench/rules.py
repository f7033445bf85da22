"""How fast the published rules are: against their slow twin, and sudden shifts against the R package suddengains.

Run with `python -m bench.rules`. Prints ratios measured in one run; nothing here is a test. With the environment
variable SUDDENGAINS naming a folder that holds the source of the package (and R with dplyr, tibble, rlang and
magrittr), its identify_sg runs on the same data, and the two are compared value by value; RIVAL_CLIENTS (1000) says
on how many clients.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from tests.twins.rules import flag_all

from bench.detector import seconds
from holdfast.alliance.rules import PRESETS, Noise, compare_rules, flag
from holdfast.alliance.rules.following import apply_rule, follow_falls
from holdfast.alliance.rules.ratings import make_ready
from holdfast.alliance.rules.spec import OF_THE_SAMPLE
from holdfast.stats import sudden_shifts

CLIENTS, SESSIONS, SLOW_CLIENTS = 10_000, 20, 300


def presets() -> None:
    """Every preset: flags alone, flags with episodes, and the slow twin."""
    y = np.random.default_rng(1).normal(38.0, 2.0, (CLIENTS, SESSIONS))
    some = [[float(value) for value in row] for row in y[:SLOW_CLIENTS]]
    print(f"Published rules, {CLIENTS} clients x {SESSIONS} sessions, nanoseconds per session")
    print(f"  {'':20}{'flags':>8}{'episodes':>10}{'slow twin':>11}   times as fast (with episodes)")
    ratios = []
    for name, spec in PRESETS.items():
        quick = seconds(lambda spec=spec: apply_rule(make_ready(y), spec), repeats=3) / y.size
        whole = seconds(lambda spec=spec: follow_falls(make_ready(y), spec), repeats=3) / y.size
        slow = seconds(lambda spec=spec: flag_all(some, spec), repeats=1) / (SLOW_CLIENTS * SESSIONS)
        if not spec.units & OF_THE_SAMPLE:
            ratios.append(slow / whole)
        print(f"  {name:20}{quick * 1e9:8.0f}{whole * 1e9:10.0f}{slow * 1e9:11.0f}   {slow / whole:8.0f}")
    print(
        f"  median of those that pool nothing over the sample (the twin pools anew for every client): "
        f"{np.median(ratios):.0f} times as fast"
    )
    chance = seconds(lambda: flag(y[:200], rule="stiles-2004", noise=Noise(seed=os.getpid())), repeats=1)
    table = seconds(lambda: compare_rules(y, rules=list(PRESETS)), repeats=1)
    print(f"  a rate on pure noise (5000 therapies) with 200 clients: {chance:.3f} s")
    print(f"  all rules with their rates, and their agreement, {CLIENTS} clients: {table:.2f} s")


def against_suddengains(folder: str, clients: int) -> None:
    """The same scores through identify_sg and through sudden_shifts."""
    rng = np.random.default_rng(2)
    y = np.clip(
        np.round(30.0 + rng.normal(0, 6, (clients, 1)) + np.cumsum(rng.normal(-0.8, 4, (clients, 20)), 1)), 0, 63
    )
    y[rng.random(y.shape) < 0.05] = np.nan
    ours = seconds(lambda: sudden_shifts(y, direction="down", cut=7, share=0.25))
    with tempfile.TemporaryDirectory() as place:
        given, told = Path(place) / "scores.csv", Path(place) / "found.csv"
        columns = {f"s{t + 1}": y[:, t] for t in range(y.shape[1])}
        pl.DataFrame({"id": np.arange(clients)} | columns).fill_nan(None).write_csv(given, null_value="NA")
        words = ["Rscript", str(Path(__file__).with_name("sudden_gains.R")), folder, str(given), str(told)]
        theirs = float(subprocess.run(words, check=True, capture_output=True, text=True).stdout)  # noqa: S603
        found = pl.read_csv(told, null_values="NA").sort("id").drop("id").cast(pl.Float64).to_numpy()
    mine = sudden_shifts(y, direction="down", cut=7, share=0.25)
    same = np.where(mine.decidable, mine.shift.astype(float), np.nan)[:, 2 : 2 + found.shape[1]]
    differ = int((~((found == same) | (np.isnan(found) & np.isnan(same)))).sum())
    print(f"Sudden shifts beside suddengains (R), {clients} clients x {y.shape[1]} sessions, the same data")
    print(f"  {theirs:.2f} s and {ours * 1e3:.2f} ms: {theirs / ours:.0f} times as fast; steps told apart: {differ}")
    print(f"  gains found: {int(mine.shift.sum())} and {int(np.nansum(found))}")


def main() -> None:
    """Print the comparisons."""
    presets()
    folder = os.environ.get("SUDDENGAINS")
    if folder and shutil.which("Rscript"):
        against_suddengains(folder, int(os.environ.get("RIVAL_CLIENTS", "1000")))
    else:
        print("suddengains was not compared: SUDDENGAINS names no folder with its source, or R is not installed.")


if __name__ == "__main__":
    main()
