"""The site's own settings, but for what makes SQLite keep what it confirms."""

from cairn.site.settings import *  # noqa: F403
from cairn.site.settings import DATABASES

DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON"
