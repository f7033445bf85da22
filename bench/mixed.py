"""Mixed models with client intercept and slope nested in therapists, from 1,000 to a million clients, beside lme4.

Run with `python -m bench.mixed`. Made-up rows, 4 to 16 sessions a client, about 12 clients a therapist. With R and lme4
there, the same table goes through lmer up to RIVAL_CLIENTS (100000) clients; both deviances stand side by side.
Times are the processor's, of one core, so that other work on the machine counts for neither.
"""

import os
import resource
import shutil
import subprocess
import tempfile
from pathlib import Path
from time import process_time

import numpy as np
import polars as pl

from holdfast.stats import Columns, fit_sums, sum_groups

SIZES = (1_000, 10_000, 100_000, 1_000_000)
MODEL = Columns(response=2, fixed=(0, 1), random=(0, 1), above=(0, 1))


def rows(clients: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns (one, time, y), and each row's client and therapist."""
    rng = np.random.default_rng(clients)
    lengths = rng.integers(4, 17, clients)
    client = np.repeat(np.arange(clients), lengths)
    therapist = client // 12
    time = np.arange(len(client)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    own = (
        rng.standard_normal((clients, 2)) * [4.0, 0.35]
        + (rng.standard_normal((clients, 2)) * [1.2, 0.12])[np.arange(clients) // 12]
    )
    y = 14.0 - 0.35 * time + own[client, 0] + own[client, 1] * time + 1.7 * rng.standard_normal(len(client))
    return np.column_stack([np.ones(len(client)), time, y]), client, therapist


def lme4(columns: np.ndarray, client: np.ndarray, therapist: np.ndarray) -> tuple[float, float]:
    """Seconds and deviance of lmer on the same rows."""
    with tempfile.TemporaryDirectory() as place:
        given = Path(place) / "rows.csv"
        told = {"client": client, "therapist": therapist, "time": columns[:, 1], "y": columns[:, 2]}
        pl.DataFrame(told).write_csv(given, float_precision=17)
        words = ["Rscript", str(Path(__file__).with_name("mixed.R")), str(given)]
        said = subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603
    return float(said[0]), float(said[1])


def main() -> None:
    """Print the figures."""
    most = int(os.environ.get("RIVAL_CLIENTS", "100000")) if shutil.which("Rscript") else 0
    print("Mixed model, client intercept and slope nested in therapists, 4 to 16 sessions, REML")
    print(f"  {'clients':>9}{'rows':>12}{'sums, s':>9}{'fit, s':>8}{'lme4, s':>9}  times   deviance (ours less lme4's)")
    for clients in SIZES:
        columns, client, therapist = rows(clients)
        start = process_time()
        sums = sum_groups(columns, group=client, above=therapist)
        between = process_time()
        fit = fit_sums(sums, MODEL)
        end = process_time()
        line = f"  {clients:9,}{len(client):12,}{between - start:9.2f}{end - between:8.2f}"
        if clients <= most:
            theirs, deviance = lme4(columns, client, therapist)
            ratio, apart = theirs / (end - start), -2.0 * fit.log_likelihood - deviance
            line += f"{theirs:9.2f}{ratio:7.0f}   {deviance:.4f} ({apart:+.6f})"
        else:
            line += f"{'':18}{-2.0 * fit.log_likelihood:.4f}"
        print(line, flush=True)
    print(f"  peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB, rows among it")


if __name__ == "__main__":
    main()
