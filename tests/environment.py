"""Loaded before Django's settings: every test run has a data folder of its own, and the demo's mailbox instead of a mail server."""

from __future__ import annotations

import os
import tempfile

from hypothesis import HealthCheck, settings

FOLDER = tempfile.TemporaryDirectory(prefix="cairn-test-")
os.environ["CAIRN_DATA"] = FOLDER.name
os.environ["CAIRN_TEST"] = "1"
os.environ["CAIRN_DEMO"] = "1"
for name in ("PORT", "CAIRN_URL", "CAIRN_FILES_URL", "CAIRN_FILES", "CAIRN_CLAMD", "CAIRN_MAIL", "CAIRN_TRUSTED_HOSTS"):
    os.environ.pop(name, None)

# A machine that is busy with something else must not fail a test: no example has a time limit.
settings.register_profile("cairn", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cairn")
