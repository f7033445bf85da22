"""Pure numerics on arrays: series, level, variance, group. Knows nothing of therapy."""

from holdfast.stats.arrays import BoolArray, FloatArray, IntArray
from holdfast.stats.cusum import CusumPath, cusum_limit, cusum_run_length, one_sided_cusum
from holdfast.stats.difference import difference_error, measurement_error, smallest_reliable_difference
from holdfast.stats.estimate import Estimate
from holdfast.stats.fit import fit_level_prior, level_log_likelihood
from holdfast.stats.level import LevelFilter, LevelPrior, filter_level
from holdfast.stats.mixed import MixedFit, fit_mixed
from holdfast.stats.proportion import Share, wilson_interval
from holdfast.stats.student import normal_score, student_log_density, student_quantile, student_tail
from holdfast.stats.surface import Surface, fit_surface

__all__ = [
    "BoolArray",
    "CusumPath",
    "Estimate",
    "FloatArray",
    "IntArray",
    "LevelFilter",
    "LevelPrior",
    "MixedFit",
    "Share",
    "Surface",
    "cusum_limit",
    "cusum_run_length",
    "difference_error",
    "filter_level",
    "fit_level_prior",
    "fit_mixed",
    "fit_surface",
    "level_log_likelihood",
    "measurement_error",
    "normal_score",
    "one_sided_cusum",
    "smallest_reliable_difference",
    "student_log_density",
    "student_quantile",
    "student_tail",
    "wilson_interval",
]
