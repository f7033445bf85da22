"""Student's distribution, Wilson's interval, the likelihood and the reliable change against R 4.2.

Recipe: student.R in this folder, run with Rscript; the numbers are copied from its output.
"""

import numpy as np
import pytest

from holdfast.stats import (
    LevelPrior,
    filter_level,
    level_log_likelihood,
    smallest_reliable_difference,
    student_log_density,
    student_quantile,
    student_tail,
    wilson_interval,
)

Z = np.array([-12, -4.5, -2.9953640785, -1, -0.1, 0, 0.7, 3])
TAIL = {
    4: "0.0001382142742514865, 0.0054112752313041235, 0.0200625262131875481, 0.1869504831500294895, "
    "0.4625779204697266223, 0.5, 0.7387499172032747641, 0.9800290159641406040",
    6.5: "5.624612494101039e-06, 1.683053959785061e-03, 1.096195530660200e-02, 1.765361368181734e-01, "
    "4.616790367841620e-01, 0.5, 7.459019080618928e-01, 9.891066804004016e-01",
    12: "2.417964243322840e-08, 3.633264607018458e-04, 5.581225419056329e-03, 1.685245289767922e-01, "
    "4.609977852284129e-01, 0.5, 7.513629231046464e-01, 9.944666521569832e-01",
    30: "2.790092707599630e-13, 4.759679696056228e-05, 2.726583540970772e-03, 1.626543077130149e-01, "
    "4.605048058951355e-01, 0.5, 7.553397782501642e-01, 9.973050179671741e-01",
    400: "7.542131691532912e-29, 4.460642689024747e-06, 1.455844812143110e-03, 1.589575282187571e-01, "
    "4.601972124442742e-01, 0.5, 7.578328938180253e-01, 9.985656454925917e-01",
}
QUANTILE = {
    4: (-13.0336717208964554, -4.6040948713499938, -3.7469473879791964, -2.9985278732065939, -0.5686490630497055),
    6.5: (-7.4869282763877756, -3.5931239959839547, -3.0633655106601116, -2.5600755192030267, -0.5510758405885894),
    12: (-5.2632730078259664, -3.0545395893929017, -2.6809979931209140, -2.3027216838060842, -0.5386176682019163),
    30: (-4.2339859572720222, -2.7499956535672259, -2.4572615424005919, -2.1469662790897939, -0.5300190039065046),
    400: (-3.7537773283767488, -2.5881760800347391, -2.3357064132619665, -2.0604679212056412, -0.5248186583811449),
}
LOG_DENSITY = {
    4: "-10.0081240346222877, -5.4861348936707302, -3.9221160147283722, -1.5386881312972509, -0.9870714535081944, "
    "-0.9808292530117264, -1.2697251045974072, -3.9274667438658417",
    400: "-62.5702458320197294, -10.8213011812926077, -5.3671849667157012, -1.4201880123703694, -0.9245759698984303, "
    "-0.9195635325536360, -1.1650257176420404, -5.3808106239849973",
}
WILSON = {
    (0, 10): (0.0, 0.2775327998628891),
    (3, 40): (0.0258360257745882, 0.1986423352431054),
    (22, 1000): (0.01457270776479106, 0.03308567334739963),
    (40, 40): (0.9123783988027133, 1.0),
}


def numbers(text):
    return [float(part) for part in text.split(",")]


@pytest.mark.parametrize("n", TAIL)
def test_tail_against_pt(n):
    np.testing.assert_allclose(student_tail(Z, np.array(float(n))), numbers(TAIL[n]), rtol=1e-11)


@pytest.mark.parametrize("n", QUANTILE)
def test_quantile_against_qt(n):
    found = student_quantile(np.array([0.0001, 0.005, 0.01, 0.02, 0.3]), np.array(float(n)))
    np.testing.assert_allclose(found, QUANTILE[n], rtol=1e-10)


@pytest.mark.parametrize("n", LOG_DENSITY)
def test_log_density_against_dt(n):
    np.testing.assert_allclose(student_log_density(Z, np.array(float(n))), numbers(LOG_DENSITY[n]), rtol=1e-12)


@pytest.mark.parametrize("counts", WILSON)
def test_wilson_against_prop_test(counts):
    share = wilson_interval(*counts)
    assert (share.low, share.high) == pytest.approx(WILSON[counts], rel=1e-12)


def test_likelihood_against_r():
    y = [47, 49, 48, 50, 51, 50, 52, 44, 49, 52, 53, 52, 47, 45, 46, 51]
    prior = LevelPrior(level=47, level_ratio=4, degrees_of_freedom=6, variance=4, drift=0.05)
    assert level_log_likelihood(y, prior=prior) == pytest.approx(-41.64995812146753, rel=1e-13)
    states = filter_level(y, prior=prior, robust=None)
    assert states.level[0, -1] == pytest.approx(48.81662042915453, rel=1e-13)
    assert states.variance[0, -1] == pytest.approx(5.905372717215246, rel=1e-13)


def test_smallest_reliable_difference_against_r():
    assert smallest_reliable_difference(10.5, 0.931) == pytest.approx(7.644990204535955, rel=1e-13)
