"""Drawing a figure opens no table: the practice starts faster without the table library."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast import report

ROOT = Path(__file__).parents[3]


def test_figures_come_without_the_table_library() -> None:
    code = "import sys, holdfast.report.block; sys.exit('polars' in sys.modules or 'narwhals' in sys.modules)"
    path = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    assert subprocess.run([sys.executable, "-c", code], env=path, check=False).returncode == 0


def test_what_needs_it_is_still_there() -> None:
    assert callable(report.report_from_table)
    assert set(report.__all__) >= report.FROM_TABLE
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = report.nonsense
