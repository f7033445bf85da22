"""Pure numerics on arrays: series, level, variance, group. Knows nothing of therapy."""

from holdfast.stats.agreement import Kappa, cohen_kappa, kappa_of_counts
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray
from holdfast.stats.change_points import ChangePoints, SegmentPrior, change_points
from holdfast.stats.cluster import grouped_interval, share_over_groups
from holdfast.stats.control_chart import IndividualsChart, individuals_chart, shewhart_run_length, tukey_fences
from holdfast.stats.cusum import CusumPath, cusum_limit, cusum_run_length, one_sided_cusum
from holdfast.stats.difference import difference_error, measurement_error, smallest_reliable_difference
from holdfast.stats.estimate import Estimate
from holdfast.stats.ewma import ewma, ewma_run_length, ewma_spread, ewma_width
from holdfast.stats.fit import LevelFit, fit_level_prior, level_log_likelihood
from holdfast.stats.group_mean import mean_over_groups
from holdfast.stats.leave_out import LeftOut, leave_one_out
from holdfast.stats.level import LevelFilter, LevelPrior, filter_level
from holdfast.stats.mixed.design import Columns
from holdfast.stats.mixed.fit import Above, Differences, MixedFit, MixedSettings, fit_mixed, fit_sums
from holdfast.stats.mixed.sums import GroupSums, sum_groups
from holdfast.stats.moments import MomentPrior, moment_prior
from holdfast.stats.proportion import Share, wilson_interval
from holdfast.stats.student import normal_score, student_log_density, student_quantile, student_tail
from holdfast.stats.sudden_shift import SuddenShifts, sudden_shifts
from holdfast.stats.surface import Surface, fit_surface
from holdfast.stats.switching import Switching, SwitchPrior, fit_switching, switch_regimes
from holdfast.stats.variances import VariancePrior, shrink_variances
from holdfast.stats.weights import variance_factors
from holdfast.stats.within import within_slope

__all__ = [
    "Above",
    "BoolArray",
    "ChangePoints",
    "Columns",
    "CusumPath",
    "Differences",
    "Estimate",
    "FloatArray",
    "GroupSums",
    "IndividualsChart",
    "IntArray",
    "Kappa",
    "LeftOut",
    "LevelFilter",
    "LevelFit",
    "LevelPrior",
    "MixedFit",
    "MixedSettings",
    "MomentPrior",
    "SegmentPrior",
    "Share",
    "SuddenShifts",
    "Surface",
    "SwitchPrior",
    "Switching",
    "VariancePrior",
    "change_points",
    "cohen_kappa",
    "cusum_limit",
    "cusum_run_length",
    "difference_error",
    "ewma",
    "ewma_run_length",
    "ewma_spread",
    "ewma_width",
    "filter_level",
    "fit_level_prior",
    "fit_mixed",
    "fit_sums",
    "fit_surface",
    "fit_switching",
    "grouped_interval",
    "individuals_chart",
    "kappa_of_counts",
    "leave_one_out",
    "level_log_likelihood",
    "mean_over_groups",
    "measurement_error",
    "moment_prior",
    "normal_score",
    "one_sided_cusum",
    "share_over_groups",
    "shewhart_run_length",
    "shrink_variances",
    "smallest_reliable_difference",
    "student_log_density",
    "student_quantile",
    "student_tail",
    "sudden_shifts",
    "sum_groups",
    "switch_regimes",
    "tukey_fences",
    "variance_factors",
    "wilson_interval",
    "within_slope",
]
