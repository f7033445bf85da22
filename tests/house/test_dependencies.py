"""Every dependency has its reason, and the locks pin version and hash and hold no download address."""

import re
import tomllib

from tests.house.tree import ROOT

LOCKS = ("run.txt", "dev.txt")


def _lock(name: str) -> str:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def test_every_dependency_says_what_it_is_for() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    tables = text.split("[project.scripts]")[0].split("dependencies = [", 1)[1]
    lines = [line for line in tables.splitlines() if re.match(r'\s+"[a-z]', line)]
    assert len(lines) > 20
    assert [line for line in lines if not re.search(r"# \S+.* \w+", line)] == []


def test_the_locks_hold_no_address_and_every_pin_has_a_hash() -> None:
    for name in LOCKS:
        text = _lock(name)
        assert "://" not in text
        pins = re.split(r"\n(?=[a-z0-9])", text.strip())
        assert len(pins) > 25
        assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_every_dependency_is_locked_within_its_bounds() -> None:
    from packaging.requirements import Requirement
    from packaging.version import Version

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *(line for name in ("practice", "postgres") for line in project["project"]["optional-dependencies"][name]),
        *(line for group in project["dependency-groups"].values() for line in group),
    ]
    locked: dict[str, list[str]] = {}
    for name, version in re.findall(r"^([a-z0-9][a-z0-9-]*)==([^ ;\\]+)", _lock("dev.txt"), flags=re.M):
        locked.setdefault(name, []).append(version)
    for line in wanted:
        requirement = Requirement(line)
        versions = locked.get(requirement.name, [])
        assert versions, requirement.name
        assert all(requirement.specifier.contains(Version(version)) for version in versions), line


def test_what_runs_is_the_same_in_both_locks() -> None:
    pins = [set(re.findall(r"^[a-z0-9][a-z0-9-]*==[^ ;\\]+", _lock(name), flags=re.M)) for name in LOCKS]
    assert pins[0] <= pins[1]
