"""All settings, read once from the environment and the data folder; anything unusable stops the start with one sentence.

CAIRN_DATA      the data folder (default: data in the working folder)
CAIRN_DB        postgresql://user:password@host:port/name, or empty for the embedded SQLite in the data folder
CAIRN_URL       the site's public address; fixed in the data folder at first run
CAIRN_FILES_URL the address that serves evidence: another host, in production another domain
CAIRN_API_RATE  requests a minute that each person, and each address of strangers, may send to the API (default 600; 0: any number)
CAIRN_CLAMD     the virus scanner: the path of clamd's socket, or host:port; empty: files are kept unscanned
CAIRN_DEMO      1 opens the demo door: invented people, and mail that can be read in the browser
CAIRN_MAIL      smtp://user:password@host:587 (smtps:// for TLS from the first byte); CAIRN_MAIL_FROM the sender
CAIRN_STRIPE    https://key:webhook-secret@api.stripe.com, for organizations that take cards; empty: nobody does
CAIRN_FILES     s3://key:secret@bucket/prefix?endpoint=https://host&region=name, or empty for the data folder: docs/howto/files.md
CAIRN_CHECK_LINKS  1 asks the sources of proposals each night whether they answer (default: nobody is asked)
CAIRN_TRUSTED_HOSTS  host:port,... that Cairn may call though they are not public, by http too; others are called by https on port 443
CAIRN_QUOTA_EDUCATOR, CAIRN_QUOTA_ORGANIZATION  gigabytes of files that each may keep (default: 20 and 2000)
CAIRN_PROXIES   how many proxies stand before this server, each adding to X-Forwarded-For (default: 1 for https, else 0)
PORT            where `cairn serve` listens (default 8000)
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cairn.site.given import address, data_folder
from cairn.site.given import stop as _stop

ROOT = Path(__file__).resolve().parents[2]


def _flag(name: str) -> bool:
    value = os.environ.get(name, "0")
    if value not in ("0", "1", ""):
        _stop(f"{name} is “{value}”. Set it to 1 or 0.")
    return value == "1"


def _port() -> int:
    text = os.environ.get("PORT", "8000") or "8000"
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 65535:
        _stop(f"PORT is “{text}”. Set it to a number from 1 to 65535.")
    return int(text)


def _gigabytes(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit() or not 1 <= int(text) <= 1_000_000:
        _stop(f"{name} is “{text}”. Set it to a number of gigabytes, at least 1.")
    return int(text) * 1_000_000_000


def _proxies(scheme: str) -> int:
    text = os.environ.get("CAIRN_PROXIES") or ("1" if scheme == "https" else "0")
    if not text.isascii() or not text.isdigit() or int(text) > 9:
        _stop(f"CAIRN_PROXIES is “{text}”. Set it to a number from 0 to 9.")
    return int(text)


PORT = _port()
DEMO = _flag("CAIRN_DEMO")
FOLDER = data_folder(PORT)
SITE_URL, FILES_URL = FOLDER.url, FOLDER.files_url
_site, _files = urlsplit(SITE_URL), urlsplit(FILES_URL)
IS_LOCAL = _site.hostname == "localhost"
SITE_HOST, FILES_HOST = _site.hostname or "", _files.hostname or ""
ALLOWED_HOSTS = [SITE_HOST, FILES_HOST]
SECRET_KEY = FOLDER.secret
DEBUG = False


def _rate() -> int:
    text = os.environ.get("CAIRN_API_RATE", "") or "600"
    if not (text.isascii() and text.isdigit()) or int(text) > 1_000_000:
        _stop(f"CAIRN_API_RATE is “{text}”. Set it to a number from 0 to 1000000.")
    return int(text)


API_RATE = _rate()


def _database(url: str) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": FOLDER.database,
            "CONN_MAX_AGE": 600,  # a new connection costs more than most questions asked of it
            "TEST": {"NAME": FOLDER.path / "test.sqlite3"},  # a file, since several connections share it
            # Acknowledged means durable: with synchronous=NORMAL a power cut loses committed rows.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000",
            },
        }
    parts = address("CAIRN_DB", url, like="postgresql://user:password@host:port/name")
    if parts.scheme not in ("postgresql", "postgres"):
        _stop(f"CAIRN_DB begins with “{parts.scheme}:”. Use postgresql://user:password@host:port/name, or leave it empty for SQLite.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, "options": "-c synchronous_commit=on"},
    }


DATABASES = {"default": _database(os.environ.get("CAIRN_DB", ""))}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "people_tries",
        "KEY_FUNCTION": "cairn.interfaces.web.visits.nameless",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "cairn.site",
    "cairn.interfaces.web",
    "cairn.apps.licensure",
    "cairn.apps.credentials",
    "cairn.apps.assessment",
    "cairn.apps.communities",
    "cairn.apps.portfolio",
    "cairn.apps.programs",
    "cairn.apps.payments",
    "cairn.apps.catalog",
    "cairn.apps.comms",
    "cairn.apps.imports",
    "cairn.apps.people",
    "cairn.apps.ledger",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "cairn.interfaces.web.middleware.headers",
    "cairn.interfaces.api.middleware.problems",
    "cairn.interfaces.web.middleware.hosts",
    "cairn.interfaces.web.documents.middleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "cairn.interfaces.web.sizes.sizes",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "cairn.interfaces.web.middleware.actor",
    "cairn.interfaces.web.sessions.Sessions",
    "cairn.interfaces.web.middleware.Refusals",
]
ROOT_URLCONF = "cairn.site.urls"
WSGI_APPLICATION = "cairn.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cairn.interfaces.web.context.frame",
            ],
            "builtins": ["cairn.interfaces.web.templatetags.cairn"],
        },
    }
]

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
if DEMO:
    AUTHENTICATION_BACKENDS.insert(0, "cairn.interfaces.web.signing.BorrowedEyes")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "cairn.interfaces.web.accounts.Adapter"
_forms = {
    "login": "SignInForm", "signup": "SignUpForm", "add_email": "AddAddressForm", "change_password": "ChangePasswordForm",
    "set_password": "SetPasswordForm", "reset_password": "ForgottenPasswordForm", "reset_password_from_key": "NewPasswordForm",
    "reauthenticate": "StillYouForm",
}  # fmt: skip
ACCOUNT_FORMS = {name: f"cairn.interfaces.web.accounts.{form}" for name, form in _forms.items()}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# By network address and by what was typed, whether there is such an account or not; counted where all web processes see it (CACHES).
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/300s/key,20/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = _proxies(_site.scheme)
MFA_ADAPTER = "cairn.interfaces.web.signing.SecondSteps"
MFA_SUPPORTED_TYPES = ["recovery_codes", "totp", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
_steps = {
    "authenticate": "CodeForm", "reauthenticate": "StillYouByCodeForm", "activate_totp": "AppForm", "add_webauthn": "AddPasskeyForm",
    "authenticate_webauthn": "PasskeyForm", "reauthenticate_webauthn": "StillYouByPasskeyForm", "login_webauthn": "SignInByPasskeyForm",
    "edit_webauthn": "NamePasskeyForm",
}  # fmt: skip
MFA_FORMS = {name: f"cairn.interfaces.web.forms.second_steps.{form}" for name, form in _steps.items()}
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs in without a confirmed address; a further one may still wait for it
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/home/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

_mail = address("CAIRN_MAIL", os.environ.get("CAIRN_MAIL", ""), like="smtp://user:password@host:587")
if _mail.scheme not in ("", "smtp", "smtps") or bool(_mail.scheme) != bool(_mail.hostname):
    _stop("CAIRN_MAIL names no mail server. Use smtp://user:password@host:587 or smtps://user:password@host:465.")
MAIL_IS_CONFIGURED = bool(_mail.hostname) or DEMO
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if _mail.hostname else "django.core.mail.backends.dummy.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp" and bool(_mail.username)
EMAIL_TIMEOUT = 30
MAIL_DOMAIN = SITE_HOST
DEFAULT_FROM_EMAIL = os.environ.get("CAIRN_MAIL_FROM") or f"Cairn <no-reply@{SITE_HOST}>"

_stripe = address("CAIRN_STRIPE", os.environ.get("CAIRN_STRIPE", ""), like="https://key:webhook-secret@api.stripe.com")
if _stripe.scheme not in ("", "https", "http") or (_stripe.scheme and not (_stripe.hostname and _stripe.username and _stripe.password)):
    _stop("CAIRN_STRIPE lacks a part. Use https://key:webhook-secret@api.stripe.com, or leave it empty.")
STRIPE_URL = f"{_stripe.scheme}://{_stripe.netloc.rpartition('@')[2]}" if _stripe.hostname else ""
STRIPE_KEY, STRIPE_SECRET = unquote(_stripe.username or ""), unquote(_stripe.password or "")

LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "build" / "collected"
STATICFILES_DIRS = [ROOT / "build" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": FOLDER.media}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = _flag("CAIRN_TEST")
if WHITENOISE_AUTOREFRESH:
    WHITENOISE_USE_FINDERS = True
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

MEDIA_STORE = FOLDER.media
FILES_STORE = os.environ.get("CAIRN_FILES", "")
if FILES_STORE and not (urlsplit(FILES_STORE).scheme == "s3" and urlsplit(FILES_STORE).hostname):
    _stop("CAIRN_FILES is no address of a bucket. Use s3://key:secret@bucket/prefix?endpoint=https://host, or leave it empty for the disk.")
UPLOADS = FOLDER.uploads
CLAMD = os.environ.get("CAIRN_CLAMD", "")
if CLAMD and not (CLAMD.startswith("/") or (CLAMD.rpartition(":")[0] and CLAMD.rpartition(":")[2].isdigit())):
    _stop(f"CAIRN_CLAMD is “{CLAMD}”. Set it to the path of clamd's socket, e.g. /run/clamav/clamd.ctl, or to host:port.")
CHECK_LINKS = _flag("CAIRN_CHECK_LINKS")
EGRESS_PORTS = frozenset({443})
EGRESS_TRUSTED = frozenset(filter(None, os.environ.get("CAIRN_TRUSTED_HOSTS", "").replace(" ", "").lower().split(",")))
if _odd := sorted(host for host in EGRESS_TRUSTED if not (host.rpartition(":")[0] and host.rpartition(":")[2].isdigit())):
    _stop(f"CAIRN_TRUSTED_HOSTS holds “{_odd[0]}”. Write each host with its port, like sis.example.org:8443, with commas between.")
EDUCATOR_QUOTA, ORGANIZATION_QUOTA = _gigabytes("CAIRN_QUOTA_EDUCATOR", 20), _gigabytes("CAIRN_QUOTA_ORGANIZATION", 2000)
CONTEXTS_DIR = ROOT / "build" / "contexts"
FONTS_DIR = ROOT / "build" / "fonts"
PACKS_DIR = ROOT / "cairn" / "data" / "packs"
FRAMEWORKS_DIR = ROOT / "cairn" / "data" / "frameworks"
LICENSURE_DIR = ROOT / "cairn" / "data" / "licensure"
PROPOSALS_DIR = ROOT / "cairn" / "data" / "proposals"
CALENDARS_DIR = ROOT / "cairn" / "data" / "calendars"
SURVEYS_DIR = ROOT / "cairn" / "data" / "surveys"
FILE_UPLOAD_TEMP_DIR = UPLOADS
FILE_UPLOAD_HANDLERS = ["cairn.interfaces.web.incoming.Incoming"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

_tls = _site.scheme == "https"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 31_536_000 if _tls else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _tls else None
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = ("__Host-session", "__Host-csrf") if _tls else ("session", "csrf")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _tls
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "cairn.apps.people.models"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "cairn.interfaces.web.views.frame.forged"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"briefly": {"()": "cairn.frame.outages.Briefly"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["briefly"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"cairn": {"level": "INFO"}, "django.request": {"level": "ERROR"}, "django.security": {"level": "CRITICAL"}},
}
