"""Documentation: generated pages are fresh, links lead somewhere, decisions are short."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cairn.interfaces.cli.reference import stale_pages, unlisted
from tests.architecture.source import PACKAGE, ROOT, name_of

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *PACKAGE.rglob("README.md")])


def test_generated_pages_say_what_the_code_says():
    assert stale_pages(ROOT / "docs" / "reference") == [], "run: make docs"


def test_every_address_has_its_line_in_the_table_of_access():
    assert unlisted(ROOT / "docs" / "reference" / "access.md") == [], "run: make docs"


def test_an_address_without_a_line_is_named(tmp_path):
    table = tmp_path / "access.md"
    table.write_text((ROOT / "docs" / "reference" / "access.md").read_text().replace("`GET /privacy/`", "`GET /private/`"))
    assert unlisted(table) == ["/privacy/"]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_between_pages_lead_somewhere(page: Path):
    links = [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "adr").glob("*.md")), ids=name_of)
def test_a_decision_fits_on_half_a_screen(page: Path):
    lines = page.read_text().splitlines()
    assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", page.name)
    assert len(lines) <= 20
    assert lines[0].startswith("# ")


def test_decisions_are_numbered_without_gaps():
    numbers = [int(p.name[:4]) for p in sorted((ROOT / "docs" / "adr").glob("*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))
