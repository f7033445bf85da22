"""Pure numerics on arrays: series, level, variance, group. Knows nothing of therapy."""

from holdfast.stats.arrays import BoolArray, FloatArray, IntArray
from holdfast.stats.cusum import CusumPath, cusum_limit, cusum_run_length, one_sided_cusum
from holdfast.stats.difference import difference_error, measurement_error, smallest_reliable_difference
from holdfast.stats.fit import fit_level_prior, level_log_likelihood
from holdfast.stats.leave_out import LeftOut, leave_one_out
from holdfast.stats.level import LevelFilter, LevelPrior, filter_level
from holdfast.stats.proportion import Share, wilson_interval
from holdfast.stats.student import normal_score, student_log_density, student_quantile, student_tail
from holdfast.stats.switching import Switching, SwitchPrior, fit_switching, switch_regimes

__all__ = [
    "BoolArray",
    "CusumPath",
    "FloatArray",
    "IntArray",
    "LeftOut",
    "LevelFilter",
    "LevelPrior",
    "Share",
    "SwitchPrior",
    "Switching",
    "cusum_limit",
    "cusum_run_length",
    "difference_error",
    "filter_level",
    "fit_level_prior",
    "fit_switching",
    "leave_one_out",
    "level_log_likelihood",
    "measurement_error",
    "normal_score",
    "one_sided_cusum",
    "smallest_reliable_difference",
    "student_log_density",
    "student_quantile",
    "student_tail",
    "switch_regimes",
    "wilson_interval",
]
