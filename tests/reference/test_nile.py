"""The local level model on the flow of the Nile, 1871 to 1970 (Durbin & Koopman; R's data set `Nile`).

Our filter learns the observation variance; with 1e12 degrees of freedom behind 15099 it is as good as known, and with
C0 = 1e9 the start is as good as diffuse. Recipe for the likelihood: R's KFAS, variances 15099 and 1469.1, -632.5456.
"""

from dataclasses import replace

import numpy as np
import pytest

from holdfast.stats import LevelPrior, filter_level, level_log_likelihood

FLOW = (
    "1120 1160 963 1210 1160 1160 813 1230 1370 1140 995 935 1110 994 1020 960 1180 799 958 1140 "
    "1100 1210 1150 1250 1260 1220 1030 1100 774 840 874 694 940 833 701 916 692 1020 1050 969 "
    "831 726 456 824 702 1120 1100 832 764 821 768 845 864 862 698 845 744 796 1040 759 "
    "781 865 845 944 984 897 822 1010 771 676 649 846 812 742 801 1040 860 874 848 890 "
    "744 749 838 1050 918 986 797 923 975 815 1020 906 901 1170 912 746 919 718 714 740"
)
NILE = [float(flow) for flow in FLOW.split()]
PRIOR = LevelPrior(level=1000, level_ratio=1e9, degrees_of_freedom=1e12, variance=15099, drift=1469.1 / 15099)


def test_filtered_states_and_variances():
    states = filter_level(NILE, prior=PRIOR, robust=None)
    level, variance = states.level[0], (states.ratio * states.variance)[0]
    assert level[:6] == pytest.approx([1120, 1140.9278, 1072.7985, 1117.3090, 1129.9721, 1138.4580], abs=6e-5)
    assert variance[:4] == pytest.approx([15099, 7899.7364, 5781.4699, 4898.3652], abs=6e-5)
    assert (level[99], variance[99]) == pytest.approx((798.3703, 4032.1579), abs=6e-5)
    assert states.scale[0, 1] ** 2 == pytest.approx(31667.1, abs=0.05)


def test_log_likelihood_without_the_diffuse_first_value():
    # 1e8 degrees of freedom: enough to fix the variance, few enough for the logarithms of gamma to keep their digits
    prior = replace(PRIOR, degrees_of_freedom=1e8)
    first = level_log_likelihood(NILE[:1], prior=prior)
    assert level_log_likelihood(NILE, prior=prior) - first == pytest.approx(-632.5456, abs=6e-5)


def test_a_year_without_a_value_leaves_the_level_and_widens_it():
    gap = [*NILE[:5], np.nan, *NILE[6:8]]
    states = filter_level(gap, prior=PRIOR, robust=None)
    assert states.level[0, 5] == states.level[0, 4]
    assert states.ratio[0, 5] == pytest.approx(states.ratio[0, 4] + PRIOR.drift)
    assert np.isnan(states.p[0, 5])
