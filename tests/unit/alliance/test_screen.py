"""Very many courses in little memory: the same signals and tails as all at once."""

import numpy as np
import pytest

from holdfast.alliance import detect, detections, prior_for_range, screen
from holdfast.errors import MethodError
from holdfast.simulate import draw_from_prior

PRIOR = prior_for_range(0, 100)


def test_blocks_make_no_difference():
    scores = draw_from_prior(PRIOR, clients=250, sessions=12, seed=2)
    scores[np.random.default_rng(3).random(scores.shape) < 0.1] = np.nan
    steps = np.random.default_rng(4).choice([1.0, 2.0], scores.shape)
    found, whole = screen(scores, prior=PRIOR, steps=steps, block=100), detect(scores, prior=PRIOR, steps=steps)
    np.testing.assert_allclose(found.p, whole.p, rtol=1e-12)
    np.testing.assert_allclose(found.low, whole.low, rtol=1e-12)
    assert ((found.kind == 1) == whole.acute).all()
    assert ((found.kind == 2) == (whole.erosion & ~whole.acute)).all()
    assert set(np.unique(found.kind)) == {0, 1, 2}
    assert (found.doubts, found.method, found.false_alarm_rate) == (whole.doubts, whole.method, 0.02)
    assert not found.kind.flags.writeable
    rows = [rows for rows, _ in detections(scores, prior=PRIOR, block=100)]
    assert [(each.start, each.stop) for each in rows] == [(0, 100), (100, 200), (200, 250)]


def test_blocks_and_steps_that_cannot_be_are_refused():
    with pytest.raises(MethodError, match="1 or more"):
        screen([[70, 71]], prior=PRIOR, block=0)
    with pytest.raises(MethodError, match="one step for each"):
        screen([[70, 71]], prior=PRIOR, steps=[1.0])
