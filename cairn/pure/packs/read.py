"""A pack's files as values: frameworks, each micro-credential against them, then the pack itself with its stacks.

Not here: the fields of a micro-credential's version (read_version), files on disk, or deciding what an import changes (apps.catalog).
"""

from __future__ import annotations

from collections.abc import Mapping

from cairn.kernel.text import SLUG, SLUG_LENGTH, SLUG_RULE
from cairn.pure.packs.model import Framework, FrameworkItem, Member, Microcredential, Organization, Pack, Program, Stack
from cairn.pure.packs.problems import PackInvalid, Problem
from cairn.pure.packs.read_version import read_content
from cairn.pure.packs.section import CODE_LENGTH, Once, Section
from cairn.pure.packs.tree import read_tree
from cairn.pure.packs.words import PIGMENTS, SHAPES, Audience, CareerStage, OrganizationKind, State

KINDS = ("pack", "framework", "micro-credential")
MAX_FILES = 1000


def parse(files: Mapping[str, str]) -> Pack:
    """The pack written in `files`, name to text: one of `kind: pack`, its `framework`s and its `micro-credential`s.

    Frameworks that the pack does not name are left out. Raises PackInvalid with every problem found, each with file, line and remedy;
    files that are not YAML, or do not say what they are, are reported before anything else is read.
    """
    if len(files) > MAX_FILES:
        message = f"The pack has {len(files):,} files; {MAX_FILES:,} are allowed."
        raise PackInvalid([Problem("", 0, "", message, "Split it into several packs.")])
    problems: list[Problem] = []
    roots = [Section(name, read_tree(name, files[name], problems), "", problems) for name in sorted(files)]
    if not all(root.node.entries for root in roots):
        raise PackInvalid(problems)
    by_kind = _by_kind(roots, problems)
    pack = _pack(by_kind["pack"][0], by_kind["framework"], by_kind["micro-credential"])
    for root in roots:
        root.report_unknown()
    if problems:
        raise PackInvalid(problems)
    return pack


def _by_kind(roots: list[Section], problems: list[Problem]) -> dict[str, list[Section]]:
    by_kind: dict[str, list[Section]] = {kind: [] for kind in KINDS}
    before = len(problems)
    for root in roots:
        by_kind[root.one_of("kind", KINDS)].append(root)
    if len(problems) == before and len(by_kind["pack"]) != 1:
        found = ", ".join(root.file for root in by_kind["pack"]) or "none"
        message = f"A pack needs exactly one file with “kind: pack”; found: {found}."
        problems.append(Problem("", 0, "", message, "Add the one that is missing, or import the packs one by one."))
    if len(problems) > before:
        raise PackInvalid(problems)
    return by_kind


def _pack(section: Section, framework_roots: list[Section], version_roots: list[Section]) -> Pack:
    notice, license_, issuer = section.text("notice"), section.title("license"), _organization(section.section("issuer"))
    organizations = Once("organization")
    organizations.claim(section, "issuer", issuer.slug)
    co_issuers = []
    for child in section.sections("co_issuers", least=0):
        co_issuers.append(_organization(child))
        organizations.claim(child, "slug", co_issuers[-1].slug)
    frameworks = _frameworks(section, framework_roots)
    slugs = Once("name of a micro-credential")
    microcredentials = [_microcredential(root, slugs, frameworks, notice, license_) for root in version_roots]
    return Pack(
        slug=section.slug(),
        title=section.title("title"),
        license=license_,
        notice=notice,
        issuer=issuer,
        co_issuers=tuple(co_issuers),
        program=_program(section.section("program")),
        frameworks=tuple(frameworks.values()),
        stacks=_stacks(section, version_roots, microcredentials, slugs, frameworks),
        microcredentials=tuple(microcredentials),
    )


def _organization(section: Section) -> Organization:
    return Organization(section.slug(), section.title("name"), section.choice("kind", OrganizationKind))


def _program(section: Section) -> Program:
    return Program(section.slug(), section.title("title"), section.text("summary", optional=True))


def _frameworks(pack: Section, roots: list[Section]) -> dict[str, Framework]:
    """The frameworks that the pack names, by slug."""
    slugs, given = Once("framework"), {}
    for root in roots:
        framework = _framework(root)
        slugs.claim(root, "slug", framework.slug)
        given[framework.slug] = framework
    named = pack.distinct("frameworks", pack.texts("frameworks", least=0))
    for slug in named:
        if slug not in given:
            there = ", ".join(sorted(given)) or "none"
            remedy = "Add its file, or take its name out."
            pack.problem("frameworks", f"There is no framework “{slug}” among the files; there are: {there}.", remedy)
    return {slug: given[slug] for slug in named if slug in given}


def _framework(section: Section) -> Framework:
    codes, items = Once("code"), []
    for child in section.sections("items"):
        items.append(FrameworkItem(code=child.text("code", most=CODE_LENGTH), title=child.title("title")))
        codes.claim(child, "code", items[-1].code)
    return Framework(
        slug=section.slug(),
        title=section.title("title"),
        publisher=section.title("publisher"),
        year=section.maybe_integer("year", 1900, 2100),
        url=section.url("url"),
        items=tuple(items),
    )


def _microcredential(root: Section, slugs: Once, frameworks: Mapping[str, Framework], notice: str, license_: str) -> Microcredential:
    content = read_content(root, frameworks, notice, license_)
    slugs.claim(root, "slug", content.slug)
    aliases = root.distinct("aliases", root.texts("aliases", least=0, most=SLUG_LENGTH))
    for alias in aliases:
        slugs.claim(root, "aliases", alias)
        if not SLUG.fullmatch(alias):
            root.problem("aliases", f"The alias “{alias}” must be {SLUG_RULE}.", "Change it to that form.")
    return Microcredential(content.slug, aliases, root.text("price_note", optional=True), content, root.place("number"))


def _stacks(
    pack: Section, roots: list[Section], microcredentials: list[Microcredential], taken: Once, frameworks: Mapping[str, Framework]
) -> tuple[Stack, ...]:
    published = {mc.slug: mc.content.title for mc in microcredentials}
    slugs, orders = Once("stack"), Once("place in the order of stacks")
    stacks = []
    for section in pack.sections("stacks"):
        stack = _stack(section, published, taken, frameworks)
        slugs.claim(section, "slug", stack.slug)
        orders.claim(section, "order", str(stack.order))
        stacks.append(stack)
    in_stacks = {member.slug for stack in stacks for member in stack.members}
    for root, mc in zip(roots, microcredentials, strict=True):
        if mc.slug and mc.slug not in in_stacks:
            root.problem("slug", f"“{mc.slug}” is in no stack.", "Name it among the members of a stack.")
    return tuple(stacks)


def _stack(section: Section, published: Mapping[str, str], taken: Once, frameworks: Mapping[str, Framework]) -> Stack:
    once = Once("member")
    members = tuple(_member(child, published, taken, once) for child in section.sections("members", least=0))
    unnamed, state = section.integer("unnamed", 0, 50, default=0), section.choice("state", State)
    has_published = any(member.state is State.PUBLISHED for member in members)
    if has_published != (state is State.PUBLISHED):
        message = f"The stack is {state}, and {'some' if has_published else 'none'} of its members are published."
        section.problem("state", message, "A stack is published as soon as one of its members is, and planned before that.")
    if not members and not unnamed:
        section.problem("", "The stack has no members.", "Name its members, or say how many are planned: “unnamed: 3”.")
    return Stack(
        slug=section.slug(),
        title=section.title("title"),
        order=section.integer("order", 1, 999),
        state=state,
        summary=section.text("summary"),
        who_should_apply=section.text("who_should_apply", optional=state is State.PLANNED),
        audiences=section.choices("audiences", Audience),
        career_stages=section.choices("career_stages", CareerStage, least=0),
        frameworks=_aligned(section, frameworks),
        pigment=section.one_of("pigment", PIGMENTS),
        shape=section.one_of("shape", SHAPES),
        members=members,
        unnamed=unnamed,
        place=section.place("slug"),
    )


def _aligned(section: Section, frameworks: Mapping[str, Framework]) -> tuple[str, ...]:
    named = section.distinct("frameworks", section.texts("frameworks", least=0))
    for slug in named:
        if slug not in frameworks:
            remedy = "Name it among the “frameworks” of the pack, or take it out here."
            section.problem("frameworks", f"The pack itself does not name the framework “{slug}”.", remedy)
    return tuple(slug for slug in named if slug in frameworks)


def _member(section: Section, published: Mapping[str, str], taken: Once, once: Once) -> Member:
    slug = once.claim(section, "slug", section.slug())
    if section.has("title"):
        if slug in taken.places:
            section.problem("title", f"“{slug}” has a file, so it is not planned.", "Remove “title”; the file says it.")
        return Member(slug, section.title("title"), State.PLANNED)
    if slug and slug not in published:
        message = f"There is no micro-credential “{slug}” among the files."
        section.problem("slug", message, "Add its file, or a “title” if it is planned.")
    return Member(slug, published.get(slug, ""), State.PUBLISHED)
