"""Sudden gains: `sgdata` of the R package suddengains (MIT, licence beside the file), sessions 1 to 12, no baseline.

With cut 7, 25 % and the adjusted third criterion there are 24 gains of 15 people; with the fixed critical value 2.776
there are 26, the two more being person 2 (session 5 to 6) and person 15 (session 3 to 4). In R:
suddengains::create_bysg on the twelve columns, with sg_crit1_cutoff = 7 and sg_crit3_adjust = TRUE or FALSE.
"""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.twins import gains as twin

from holdfast.outcome import GainCriteria, sudden_gains

PEOPLE = pl.read_csv(Path(__file__).parent / "fixtures" / "sgdata.csv")
Y = PEOPLE.drop("id").to_numpy().astype(float)


def test_the_whole_data_set():
    found = sudden_gains(Y)
    assert (len(found.client), found.clients) == (24, 15)
    fixed = sudden_gains(Y, criteria=GainCriteria(adjusted=False))
    more = set(zip(fixed.client, fixed.before, strict=True)) - set(zip(found.client, found.before, strict=True))
    assert (len(fixed.client), {(PEOPLE["id"][int(who)], int(at) + 1) for who, at in more}) == (26, {(2, 5), (15, 3)})


@pytest.mark.parametrize("adjusted", [True, False])
def test_the_slow_twin_says_the_same_of_everybody(adjusted):
    rng = np.random.default_rng(4)
    made = rng.integers(0, 64, size=(400, 9)).astype(float)
    made[rng.random(made.shape) < 0.15] = np.nan
    for table in (Y, made):
        found = sudden_gains(table, criteria=GainCriteria(adjusted=adjusted))
        place = 0
        for who, row in enumerate(table):
            said, told = twin.gains([None if np.isnan(each) else each for each in row],
                                    cut=7, share=0.25, adjusted=adjusted)  # fmt: skip
            assert found.decided[who] == told
            for at, size, share, back in said:
                assert (found.client[place], found.before[place], found.reversed[place]) == (who, at, back)
                assert (found.magnitude[place], found.proportion[place]) == pytest.approx((size, share), nan_ok=True)
                place += 1
        assert place == len(found.client) > 0
