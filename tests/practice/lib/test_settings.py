"""One settings file that refuses bad values, and a page that explains every variable."""

import re
from pathlib import Path

import pytest

from holdfast.practice import settings
from tests.practice.lib.programs import run

SHOW = """
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.FORM_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.ALLOWED_HOSTS,
      getattr(s, "SECURE_HSTS_SECONDS", 0), s.CSRF_TRUSTED_ORIGINS, s.SECOND_FACTOR, s.DEBUG)
"""


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("HOLDFAST_TLS", "yes", "HOLDFAST_TLS is 'yes'. It takes on or off."),
        ("HOLDFAST_SECOND_FACTOR", "0", "It takes on or off."),
        ("HOLDFAST_HOSTS", "*", "List the host names"),
        ("HOLDFAST_DATABASE", "mysql://x/y", "is not an address of PostgreSQL"),
        ("HOLDFAST_DATABASE", "postgresql://host", "is not an address of PostgreSQL"),
        ("HOLDFAST_TIME_ZONE", "Berlin", "is no time zone"),
        ("HOLDFAST_LOG", "everything", "It takes one of: requests, errors."),
        ("HOLDFAST_SECOND_FACTR", "on", "HOLDFAST_SECOND_FACTR is not a setting."),
    ],
)
def test_a_bad_value_is_refused_in_a_sentence(variable: str, value: str, sentence: str, tmp_path: Path) -> None:
    refused = run(SHOW, tmp_path, **{variable: value})
    assert refused.returncode != 0
    assert "SettingsError" in refused.stderr
    assert sentence in " ".join(refused.stderr.split())


def test_without_a_proxy_the_practice_is_for_this_machine_alone(tmp_path: Path) -> None:
    shown = run(SHOW, tmp_path).stdout
    assert shown.strip() == "staff csrf f False ['127.0.0.1', 'localhost', '[::1]'] 0 [] True False"


def test_behind_tls_cookies_are_bound_to_the_host_and_hsts_is_sent(tmp_path: Path) -> None:
    shown = run(SHOW, tmp_path, HOLDFAST_TLS="on", HOLDFAST_HOSTS="oak.example.org").stdout
    expected = (
        "__Host-staff __Host-csrf __Host-f True ['oak.example.org'] 63072000 ['https://oak.example.org'] True False"
    )
    assert shown.strip() == expected


def test_every_variable_stands_in_the_reference() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `(HOLDFAST_[A-Z_]+)`", page, flags=re.M))
    assert explained == settings.KNOWN
    source = Path(settings.__file__).parents[1]
    used = {
        name
        for path in source.rglob("*.py")
        for name in re.findall(r"\bHOLDFAST_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    assert used == settings.KNOWN
