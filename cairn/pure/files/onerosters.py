"""OneRoster CSV, versions 1.1 and 1.2 (https://www.imsglobal.org/spec/oneroster/v1p2): its users with roles and organizations as one table.

It meets the bytes, so it runs in a cell and writes what `grids.read_table` writes. Not here: enrollments, classes, what becomes of a user.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO

from cairn.kernel.errors import Invalid
from cairn.pure.files import grids
from cairn.pure.files.packages import BadPackage, Package

HEADINGS = ("Number", "Given", "Family", "Email", "Tier", "From", "To", "Status", "Complete")
_NO_MEMBERS = frozenset({"student", "parent", "guardian", "relative"})
_REMEDY = "Export it anew as OneRoster CSV, with manifest.csv, users.csv and orgs.csv in one zip file."
_MOST = 60_000_000  # bytes of one of its files


def read_oneroster(source: BinaryIO, target: BinaryIO, *, name: str = "") -> dict[str, Any]:
    """Write a row for each user who is no student or parent; "Complete" says whether the file lists all users or changes alone."""
    try:
        package = Package(source)
        found = {path.rpartition("/")[2].lower(): path for path in package.names()}
        manifest = {row["propertyName"]: row["value"] for _, row in _table(package, found, "manifest.csv", ("propertyName", "value"))}
        version, users = manifest.get("oneroster.version", ""), manifest.get("file.users", "")
        if version not in ("1.1", "1.2") or users not in ("bulk", "delta"):
            raise Invalid("oneroster-manifest", "Its manifest names no version 1.1 or 1.2 with users.", _REMEDY)
        count = _write(package, found, version, "yes" if users == "bulk" else "no", target)
    except BadPackage:
        raise Invalid("oneroster-damaged", f"{name or 'This file'} is no zip file, or a damaged one.", _REMEDY) from None
    if not count:
        raise Invalid("oneroster-empty", "There is nobody in it but students and parents.", _REMEDY)
    return {"how": f"OneRoster {version}, {'all users' if users == 'bulk' else 'changes of users'}", "rows": count}


def _write(package: Package, found: dict[str, str], version: str, complete: str, target: BinaryIO) -> int:
    orgs = {row["sourcedId"]: row["name"] for _, row in _table(package, found, "orgs.csv", ("sourcedId", "name"))}
    roles = _roles(package, found) if version == "1.2" else {}
    needed = ("sourcedId", "status", "enabledUser", "givenName", "familyName", "email")
    out = grids.Rows(target)
    out.put(1, HEADINGS)
    for line, user in _table(package, found, "users.csv", needed):
        role = roles.get(user["sourcedId"], {}) if version == "1.2" else {"role": user.get("role", "")}
        org = user.get("primaryOrgSourcedId") or role.get("orgSourcedId") or user.get("orgSourcedIds", "").split(",")[0].strip()
        if role.get("role", "").lower() in _NO_MEMBERS:
            continue
        is_off = user["status"].lower() == "tobedeleted" or user["enabledUser"].lower() == "false"
        tier = ", ".join(filter(None, (role.get("role", ""), orgs.get(org, ""))))[:60]
        out.put(line, (user["sourcedId"], user["givenName"], user["familyName"], user["email"], tier, role.get("beginDate", ""),
                       role.get("endDate", ""), "inactive" if is_off else "active", complete))  # fmt: skip
    out.close()
    return out.count - 1


def _roles(package: Package, found: dict[str, str]) -> dict[str, dict[str, str]]:
    """By user the primary role, else the first."""
    by: dict[str, dict[str, str]] = {}
    for _, row in _table(package, found, "roles.csv", ("userSourcedId", "roleType", "role")):
        if row["userSourcedId"] not in by or row["roleType"].lower() == "primary":
            by[row["userSourcedId"]] = row
    return by


def _table(package: Package, found: dict[str, str], name: str, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and cells of each row, by the headings of the specification."""
    if name not in found:
        raise Invalid("oneroster-incomplete", f"It has no {name}.", _REMEDY)
    data = package.read(found[name]).getvalue()
    if len(data) > _MOST:
        raise Invalid("oneroster-large", f"{name} has more than {_MOST // 1_000_000} MB.", "Split it by school.")
    try:
        rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig")), strict=True, restval="")
        if missing := [heading for heading in needed if heading not in (rows.fieldnames or ())]:
            raise Invalid("oneroster-heading", f"{name} has no column {missing[0]}.", _REMEDY)
        for row in rows:
            row.pop(None, None)  # cells beyond the headings
            yield rows.line_num, row
    except (UnicodeDecodeError, csv.Error):
        raise Invalid("oneroster-text", f"{name} is no CSV in UTF-8.", _REMEDY) from None
