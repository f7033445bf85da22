"""Everything outside ``practice`` imports with Django, tables' rivals and plotting blocked."""

import os
import subprocess
import sys

from tests.house.tree import ROOT, SOURCE, modules

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "error"}

BLOCKED = ("django", "matplotlib", "pandas", "sqlcipher3", "psycopg", "allauth")

PROGRAM = """
import importlib, sys
for name in {blocked!r}:
    sys.modules[name] = None  # as if it were not installed; asking whether it is there is still allowed
for module in {names!r}:
    importlib.import_module(module)
print(len({names!r}))
"""


def _names() -> list[str]:
    names = []
    for path in modules():
        parts = ("holdfast", *path.relative_to(SOURCE).with_suffix("").parts)
        if parts[1:2] == ("practice",):
            continue
        names.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return names


def test_the_core_imports_with_django_blocked() -> None:
    names = _names()
    program = PROGRAM.format(blocked=BLOCKED, names=names)
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, env=ENVIRONMENT)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) == len(names) > 20


def test_importing_holdfast_loads_nothing_heavy() -> None:
    program = (
        "import sys, holdfast, holdfast.cli; print(sorted({'numpy', 'scipy', 'polars', 'django'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=ENVIRONMENT)
    assert run.stdout.strip() == "[]"
