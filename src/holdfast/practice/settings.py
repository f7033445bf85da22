"""Every setting of the practice app, from the environment; a bad value is refused here and nowhere else.

docs/reference/settings.md lists them. No secret stands in a variable: keys are files in HOLDFAST_KEYS.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import available_timezones

from holdfast.errors import SettingsError
from holdfast.practice.lib import engine  # first: puts the encrypted engine in the place of the built-in one
from holdfast.practice.lib.keys import Keyring

os.umask(0o077)

KNOWN = {
    "HOLDFAST_FOLDER", "HOLDFAST_KEYS", "HOLDFAST_DATABASE", "HOLDFAST_TLS", "HOLDFAST_HOSTS", "HOLDFAST_SECOND_FACTOR",
    "HOLDFAST_TIME_ZONE", "HOLDFAST_LOG", "HOLDFAST_SMTP", "HOLDFAST_SENDER", "HOLDFAST_FORM_ADDRESS",
    "HOLDFAST_TEXT_GATEWAY",
}  # fmt: skip
"""docs/reference/settings.md explains each."""


def _switch(name: str, *, default: bool) -> bool:
    given = os.environ.get(name, "on" if default else "off").lower()
    if given not in {"on", "off"}:
        raise SettingsError("{setting} is '{value}'. It takes on or off.", setting=name, value=given)
    return given == "on"


def _choice(name: str, *known: str) -> str:
    given = os.environ.get(name, known[0])
    if given not in known:
        raise SettingsError(
            "{setting} is '{value}'. It takes one of: {known}.", setting=name, value=given, known=", ".join(known)
        )
    return given


def _time_zone(name: str) -> str:
    given = os.environ.get(name, "UTC")
    if given not in available_timezones():
        raise SettingsError(
            "{setting} is '{value}', which is no time zone. Write one like Europe/Berlin.", setting=name, value=given
        )
    return given


def _refuse_unknown() -> None:
    """A misspelt setting would leave a practice less safe than its owner believes."""
    unknown = sorted(name for name in os.environ if name.startswith("HOLDFAST_") and name not in KNOWN)
    unknown = [name for name in unknown if not name.startswith("HOLDFAST_TEST_")]
    if unknown:
        raise SettingsError(
            "{setting} is not a setting. Known: {known}.", setting=", ".join(unknown), known=", ".join(sorted(KNOWN))
        )


def _postgres(address: str) -> dict[str, object]:
    parts = urlsplit(address)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise SettingsError(
            "HOLDFAST_DATABASE is not an address of PostgreSQL. Write postgresql://user:password@host:port/name, "
            "or leave it out to use the encrypted file."
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.strip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
    }


def _sqlite(folder: Path) -> dict[str, object]:
    return {
        "ENGINE": "holdfast.practice.lib.sqlite",
        "NAME": folder / "practice.db",
        "OPTIONS": engine.OPTIONS,
        "TEST": {"NAME": folder / "test.db"},
    }


def _mail_server(address: str, keys: Path) -> dict[str, object]:
    """Django's settings of a mail server. Its password is the file smtp.password in the keys folder."""
    parts = urlsplit(address)
    is_here = parts.hostname in {"127.0.0.1", "::1", "localhost"}
    if parts.scheme not in ({"smtp", "smtps", "smtp+plain"} if is_here else {"smtp", "smtps"}) or not parts.hostname:
        raise SettingsError(
            "{setting} is no address of a mail server. Write smtp://user@host:587 or smtps://user@host:465.",
            setting="HOLDFAST_SMTP",
        )
    secret = keys / "smtp.password"
    if parts.password or (parts.username and not secret.is_file()):
        raise SettingsError(
            "{setting} names a user, and the password stands in no file. Put it into smtp.password in the keys folder, "
            "mode 0400, and leave it out of the variable.",
            setting="HOLDFAST_SMTP",
        )
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 587, "smtps": 465}.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": secret.read_text(encoding="utf-8").strip() if parts.username else "",
        "EMAIL_USE_TLS": parts.scheme == "smtp",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }


def _form_address(name: str, hosts: list[str], *, tls: bool) -> str:
    given = os.environ.get(name, f"{'https' if tls else 'http'}://{hosts[0] if hosts else '127.0.0.1:8000'}")
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise SettingsError(
            "{setting} is '{value}'. Write the beginning of the links that go out, such as https://forms.example.org.",
            setting=name,
            value=given,
        )
    return given


_refuse_unknown()
FOLDER = Path(os.environ.get("HOLDFAST_FOLDER") or Path.home() / ".holdfast")
os.environ.setdefault("HOLDFAST_KEYS", str(FOLDER.with_name(FOLDER.name + "-keys")))
KEYS = Path(os.environ["HOLDFAST_KEYS"])
INSTRUMENT_FOLDERS = [FOLDER / "instruments"]
TLS = _switch("HOLDFAST_TLS", default=False)

DEBUG = False
SECRET_KEY = Keyring(KEYS).derive("holdfast web secret").hex() if Keyring(KEYS).exists() else ""
ALLOWED_HOSTS = [host for host in os.environ.get("HOLDFAST_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]
if "*" in ALLOWED_HOSTS:
    raise SettingsError("HOLDFAST_HOSTS holds '*'. List the host names under which the practice is reached.")
CSRF_FAILURE_VIEW = "holdfast.practice.lib.views.page_too_old"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if TLS else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    *(
        f"holdfast.practice.{app}"
        for app in (
            "lib",
            "audit",
            "accounts",
            "caseload",
            "messages",
            "safety",
            "answers",
            "ruptures",
            "formulation",
            "notes",
            "checkins",
            "appointments",
            "insight",
            "demo",
        )
    ),
]
MIDDLEWARE = [
    "holdfast.practice.lib.logs.AccessLog",
    "holdfast.practice.lib.headers.SafeHeaders",
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "holdfast.practice.accounts.middleware.MembershipMiddleware",
    "holdfast.practice.accounts.second_factor.SecondFactorMiddleware",
]
ROOT_URLCONF = "holdfast.practice.urls"
WSGI_APPLICATION = "holdfast.practice.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "holdfast.practice.accounts.middleware.membership",
                "holdfast.practice.insight.navigation.navigation",
                "holdfast.practice.reading.views.bars_of",
            ],
        },
    }
]

_database = os.environ.get("HOLDFAST_DATABASE", "")
DATABASES = {"default": _postgres(_database) if _database else _sqlite(FOLDER)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "holdfast_cache",
        "KEY_PREFIX": "holdfast",
    }
}

AUTH_USER_MODEL = "accounts.Person"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
SECOND_FACTOR = _switch("HOLDFAST_SECOND_FACTOR", default=True)
ACCOUNT_ADAPTER = "holdfast.practice.accounts.adapters.SignInAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {"change_password": "holdfast.practice.accounts.forms.NewPasswordForm"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
MFA_ADAPTER = "holdfast.practice.accounts.adapters.SecondFactorAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are entered at the console; nothing is mailed
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Holdfast"
MFA_TOTP_TOLERANCE = 1
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TLS else 0
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

_cookie = "__Host-" if TLS else ""
SESSION_COOKIE_NAME = f"{_cookie}staff"
CSRF_COOKIE_NAME = f"{_cookie}csrf"
FORM_COOKIE_NAME = f"{_cookie}f"
DEVICE_COOKIE_NAME = f"{_cookie}d"
DEVICE_COOKIE_AGE = 180 * 24 * 60 * 60  # from each sign-in on
CLIENT_SESSION_AGE = 10 * 60  # idle, on a client's own page
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 20 * 60  # idle
SESSION_SAVE_EVERY_REQUEST = True
SESSION_LONGEST = 10 * 60 * 60
if TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 63072000
SECURE_REFERRER_POLICY = "same-origin"  # not no-referrer: Chromium's form posts would fail Django's origin check
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        **{
            name: ["'self'"]
            for name in ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action")
        },
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["'none'"],
    }
}

_mail = os.environ.get("HOLDFAST_SMTP", "")
MAIL_GATEWAY = "smtp" if _mail else "outbox"
TEXT_GATEWAY = os.environ.get("HOLDFAST_TEXT_GATEWAY", "outbox")
SENDER = os.environ.get("HOLDFAST_SENDER", "forms@localhost")
FORM_ADDRESS = _form_address("HOLDFAST_FORM_ADDRESS", ALLOWED_HOSTS, tls=TLS)
globals().update(_mail_server(_mail, KEYS) if _mail else {})

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_TZ = True
TIME_ZONE = _time_zone("HOLDFAST_TIME_ZONE")

STATIC_URL = "static/"
STATICFILES_DIRS = [
    Path(__file__).parent / "static",
    ("holdfast", Path(__file__).parents[1] / "report" / "assets"),
]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "holdfast.practice.lib.logs.WithoutContent"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},  # every request has its line already
        "holdfast.requests": {
            "level": "INFO" if _choice("HOLDFAST_LOG", "requests", "errors") == "requests" else "ERROR"
        },
    },
}
DEFAULT_EXCEPTION_REPORTER = "holdfast.practice.lib.logs.NoReport"
