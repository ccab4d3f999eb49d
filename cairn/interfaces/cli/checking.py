"""What can be checked from outside a page: the records as a whole, and a single credential."""

from __future__ import annotations

import argparse
import http.client
import json
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings

from cairn.apps.credentials import queries as credentials
from cairn.apps.reports import queries as reports
from cairn.frame.actor import VISITOR, system
from cairn.kernel.errors import Invalid

LARGEST = 20_000_000  # bytes of a file or answer
SHOWN = 20  # failures of one check that are listed; --json lists all


def check(arguments: argparse.Namespace) -> int:
    findings = reports.integrity(system("cli"))
    is_sound = not any(finding.failures for finding in findings)
    if arguments.json:
        told = [{"name": f.name, "about": f.about, "checked": f.checked, "failures": list(f.failures)} for f in findings]
        print(json.dumps({"sound": is_sound, "checks": told}, indent=2))
        return 0 if is_sound else 1
    for finding in findings:
        print(f"{'FAILED' if finding.failures else 'ok':<7} {finding.about} ({finding.checked:,} checked)")
        for failure in finding.failures[:SHOWN]:
            print(f"        {failure}")
        if len(finding.failures) > SHOWN:
            print(f"        and {len(finding.failures) - SHOWN:,} more: cairn check --json lists all")
    return 0 if is_sound else 1


def verify(arguments: argparse.Namespace) -> int:
    result = credentials.verify(VISITOR, _bytes(arguments.source))
    for line in result.checks:
        print(f"{line.result:<8} {line.title}: {line.got}")
    words = {"unknown": "Whether this credential is valid cannot be told."}
    print(f"\n{words.get(result.verdict, f'This credential is {result.verdict}.')}")
    return 0 if result.verdict == "valid" else 1


def _bytes(source: str) -> bytes:
    if source.startswith(("http://", "https://")):
        return _fetched(source)
    path = Path(source)
    if not path.is_file():
        raise Invalid("file-missing", f"There is no file {source}.", "Check the spelling.")
    if path.stat().st_size > LARGEST:
        raise Invalid("file-too-large", f"{source} is too large to be a credential.", f"One has at most {LARGEST // 1_000_000} MB.")
    return path.read_bytes()


def _fetched(url: str) -> bytes:
    if not url.startswith(f"{settings.SITE_URL}/"):
        raise Invalid("url-elsewhere", f"{url} is not an address of this site.", "Download the credential, and name the file.")
    request = urllib.request.Request(url, headers={"Accept": "application/vc+ld+json, application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return bytes(answer.read(LARGEST))
    except urllib.error.HTTPError as error:
        raise Invalid("url-refused", f"{url} answers with {error.code}.", "Check the address.") from None
    except (ValueError, http.client.InvalidURL):
        raise Invalid("url-malformed", f"{url} is not an address.", "Copy it whole from the browser.") from None
    except (OSError, http.client.HTTPException) as error:
        raise Invalid("url-silent", f"{url} does not answer ({error}).", "Start the site, or name a file.") from None
