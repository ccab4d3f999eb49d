"""Every page, populated, empty and in error: axe finds nothing, nothing scrolls sideways at 320 px, and it works without JavaScript."""

from __future__ import annotations

import re

import pytest

from cairn.apps.assessment.models import ScoreSheet
from cairn.apps.comms.models import Letter
from cairn.apps.credentials.models import Credential
from cairn.apps.people import commands as people
from cairn.apps.people.models import Affiliation, RoleGrant
from cairn.apps.people.queries import actor_of
from cairn.apps.portfolio import commands as portfolio
from cairn.apps.portfolio.queries import workspace
from cairn.interfaces.cli import reference
from cairn.kernel import clock
from tests import cast as everybody
from tests.browser.conftest import scrolls_sideways, violations
from tests.routes_world import committed
from tests.sharing_world import shown_things
from tests.world import SYSTEM

# Routes that answer with a document or a redirect, or that take only POST: there is no page to look at.
NO_PAGE = {
    "did", "badge", "badge_drawing", "credential_address", "credential_document", "credential_picture", "favicon", "healthz", "readyz",
    "robots", "status", "set_aside", "try_again", "leave_group", "give_role", "enter_work", "form_group", "work-submit", "scoring-sheet",
    "work-file-captions", "work-upload", "work-uploads", "work-upload-discard", "work-upload-poster", "token_revoke",
    "scoring-file", "demo_enter", "account_logout_done", "work-cite", "work-citation-remove", "stay", "kept",
    "sign_out_device", "sign_out_everywhere", "support_stop", "support_end", "shared-end", "shared-end-link", "shared-renew",
}  # fmt: skip
# Pages of the sign-in library that need a state of their own; test_sign_in walks them over HTTP, test_sign_in_pages and test_passkeys here.
SIGN_IN_STATES = {
    "mfa_index", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_add_webauthn", "mfa_list_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_login_webauthn",
    "mfa_reauthenticate_webauthn", "other_account", "other_answer",
    "account_confirm_email", "account_confirm_login_code", "account_inactive",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done", "account_set_password", "account_reauthenticate", "account_email_verification_sent",
    "account_reset_password_done",
}  # fmt: skip


class Cast:
    """People in every state of the journey, and what each of them looks at."""

    def __init__(self, world) -> None:
        self.world = world
        self.pages: list[tuple[str, str, str]] = []  # route name, person ("" is a visitor), address
        self.public()
        self.educators()
        self.assessors()
        self.keepers()
        self.shown()

    def see(self, route: str, who: str, address: str) -> None:
        self.pages.append((route, who, address))

    def public(self) -> None:
        mc = self.world.microcredential
        for route, address in {
            "welcome": "/", "catalog": "/catalog/", "microcredential": f"/catalog/{mc.slug}/", "version": f"/catalog/{mc.slug}/1.0/",
            "stack": f"/stacks/{mc.stack.slug}/", "organization": f"/org/{self.world.issuer.slug}/", "verify": "/verify/",
            "accessibility": "/accessibility/", "privacy": "/privacy/", "account_login": "/account/login/",
            "account_signup": "/account/signup/", "account_reset_password": "/account/password/reset/", "demo": "/demo/",
            "demo_mail": "/demo/mail/",
        }.items():  # fmt: skip
            self.see(route, "", address)
        self.see("catalog", "", "/catalog/?q=nothing-at-all")
        self.see("catalog", "", "/catalog/?q=skill")
        self.see("404", "", "/nothing-stands-here/")

    def educators(self) -> None:
        world = self.world
        fresh, run = world.enrolled(world.person("Fresh Stone"))
        self.see("home", fresh.person_id, "/home/")
        self.see("work", fresh.person_id, f"/portfolio/{run.pk}/")
        for part in ("narrative", "portfolio", "analysis", "reflection"):
            self.see("work-part", fresh.person_id, f"/portfolio/{run.pk}/{part}/")
        self.see("work-check", fresh.person_id, f"/portfolio/{run.pk}/check/")
        self.see("work-place", fresh.person_id, f"/portfolio/{run.pk}/analysis/1a/")
        nobody = world.person("Nobody Stone")
        self.see("home", nobody.person_id, "/home/")
        self.see("portfolio", nobody.person_id, "/portfolio/")
        self.see("enroll", nobody.person_id, f"/enroll/{world.offering.pk}/")
        for route, address in {
            "account": "/account/", "tokens": "/account/tokens/", "account_email": "/account/email/",
            "account_change_password": "/account/password/change/",
            "account_logout": "/account/logout/", "devices": "/account/devices/",
        }.items():  # fmt: skip
            self.see(route, nobody.person_id, address)
        writer, run = world.enrolled(world.person("Writer Stone"))
        world.fill(writer, run)
        work = workspace(writer, run.pk)
        artifact = work.artifacts[0].pk
        root = f"/portfolio/{run.pk}/"
        for route, address in {
            "home": "/home/", "portfolio": "/portfolio/", "work": root, "work-check": f"{root}check/", "work-withdraw": f"{root}withdraw/",
            "work-file": f"{root}file/{artifact}/", "work-file-remove": f"{root}file/{artifact}/remove/",
            "work-place": f"{root}analysis/1a/", "work-part": f"{root}portfolio/",
            "work-citation": f"{root}analysis/1a/cite/{work.submission.citations.filter(detail='1a').first().pk}/",
        }.items():  # fmt: skip
            self.see(route, writer.person_id, address)

    def assessors(self) -> None:
        world = self.world
        waiting, run = world.submitted(world.person("Waiting Stone"))
        lead = world.lead()
        self.see("scoring-desk", lead.person_id, "/scoring/desk/")
        self.see("work", waiting.person_id, f"/portfolio/{run.pk}/")
        world.assessors(2)
        from cairn.site.worker import drain

        drain()
        first, _ = world.sheets(run)
        reader = first.assessor_id
        for route, address in {
            "scoring-queue": "/scoring/", "scoring-detail": f"/scoring/{first.pk}/1a/", "scoring-lock": f"/scoring/{first.pk}/lock/",
            "scoring-step-aside": f"/scoring/{first.pk}/step-aside/",
        }.items():  # fmt: skip
            self.see(route, reader, address)
        self.see("scoring-detail", reader, f"/scoring/{first.pk}/1a/?see=document-1")
        self.see("scoring-queue", lead.person_id, "/scoring/")
        apart, run = world.submitted(world.person("Apart Stone"))
        for sheet, level in zip(world.sheets(run), ("proficient", "developing"), strict=True):
            world.score(sheet, {"1a": level})
        (own,) = world.sheets(run, kind="lead")
        world.score(own, {"1a": "developing"})
        self.see("scoring-compare", lead.person_id, f"/scoring/{own.pk}/compare/")
        self.see("scoring-detail", lead.person_id, f"/scoring/{own.pk}/1a/")
        self.see("work-feedback", apart.person_id, f"/portfolio/{run.pk}/feedback/")
        self.see("home", apart.person_id, "/home/")
        self.see("work-place", apart.person_id, f"/portfolio/{run.pk}/analysis/1b/")
        earner, run = world.submitted(world.person("Earner Stone"))
        for sheet in world.sheets(run):
            world.score(sheet)
        self.see("home", earner.person_id, "/home/")
        self.see("portfolio", earner.person_id, "/portfolio/")
        self.see("work-feedback", earner.person_id, f"/portfolio/{run.pk}/feedback/")
        assert ScoreSheet.objects.filter(state="locked").count() == 5

    def keepers(self) -> None:
        world = self.world
        credential = Credential.objects.get()
        issuer = world.issuer
        admin = world.person("Admin Stone", organization_admin=issuer, works_at=issuer)
        operator = world.person("Operator Stone", operator=world.organization("This Site", kind="platform"))
        group = people.form_group(actor=SYSTEM, organization_id=issuer.pk, name="Team", kind="team")
        people.join_group(actor=SYSTEM, group_id=group.pk, person_id=admin.person_id, joined_on=clock.now().date())
        grant = RoleGrant.objects.filter(organization=issuer).first()
        work = Affiliation.objects.get(organization=issuer)
        root = f"/org/{issuer.slug}/"
        for route, address in {
            "who_may": f"{root}people/", "group": f"{root}people/groups/{group.pk}/", "end_role": f"{root}people/roles/{grant.pk}/end/",
            "end_work": f"{root}people/work/{work.pk}/end/", "issued": f"{root}credentials/",
            "credential_manage": f"/credentials/{credential.pk}/manage/", "credential_chain": f"/credentials/{credential.pk}/chain/",
        }.items():  # fmt: skip
            self.see(route, admin.person_id, address)
        self.see("credential", "", f"/credentials/{credential.pk}/")
        self.see("demo_letter", "", f"/demo/mail/{Letter.objects.first().pk}/")
        self.see("operations", operator.person_id, "/operations/")
        self.see("support", operator.person_id, "/operations/support/")
        for state in ("queued", "waiting", "done", "declined", "parked"):
            self.see("deliveries", operator.person_id, f"/operations/deliveries/{state}/")

    def shown(self) -> None:
        """Pages that the earner shares, with and without a passcode, and as a reader opens them."""
        credential = Credential.objects.get()
        earner = actor_of(credential.person_id)
        told, locked = shown_things(earner), shown_things(earner, team="Readers", passcode="seven stones")
        own, link = f"/portfolio/shared/{told['page_id']}/", f"/shared/{told['share_token']}/"
        for route, address in {
            "shared-mine": "/portfolio/shared/", "shared-new": "/portfolio/shared/new/", "shared-own": own, "shared-preview": f"{own}see/",
            "credential-kit": f"/credentials/{credential.pk}/kit/",
        }.items():  # fmt: skip
            self.see(route, earner.person_id, address)
        self.see("shared-mine", self.world.person("Quiet Stone").person_id, "/portfolio/shared/")
        self.see("shared-page", "", link)
        self.see("shared-page", "", f"/shared/{locked['share_token']}/")
        self.see("shared-file", "", f"{link}files/{told['part_id']}/")


def look(page, address: str, status: int) -> list[str]:
    """What is wrong with the page, wide and at 320 px."""
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(address)
    found = [] if answer.status == status else [f"answers {answer.status}"]
    found += violations(page)
    if page.locator("h1").count() != 1:
        found.append(f"has {page.locator('h1').count()} h1")
    page.set_viewport_size({"width": 320, "height": 700})
    return found + (["scrolls sideways at 320 px"] if scrolls_sideways(page) else [])


def test_every_page_is_accessible_and_reflows(site):
    cast = Cast(site.world)
    readers = {who: site.signed_in(who) if who else site.visitor() for _, who, _ in cast.pages}
    wrong = {}
    for route, who, address in cast.pages:
        found = look(readers[who], address, 404 if route == "404" else 200)
        if found:
            wrong[f"{route} {re.sub('[0-9a-z]{20}', '*', address)}"] = found
    assert wrong == {}


class Others(Cast):
    """All pages about the things of one educator, each opened by the first of their cast whom the table of access lets in."""

    def __init__(self, world) -> None:
        self.world, self.pages = world, []
        cast, table = everybody.Cast(), committed()
        for route in sorted(route for route, name in reference.routes() if name not in NO_PAGE | SIGN_IN_STATES):
            row = table.get(f"`GET /{route}`", {})  # without one it takes only POST
            who = next((name for name in FIRST if row.get(name) == "yes"), None)
            if who and not route.endswith(NO_PAGES) and not route.startswith("api/"):
                self.see(route, cast.members[who].person_id if cast.members[who] else "", cast.address(route))
        assert len(self.pages) > 100


FIRST = ("visitor", "educator", "coordinator", "admin", "author", "lead", "assessor", "colleague", "employer", "operator")
NO_PAGES = (
    ".csv", ".xlsx", ".pdf", ".ics", ".css", ".zip", ".<slug:extension>", "/documents/<id:document_id>", "/files/<id:attached_id>/",
    "/papers/<id:paper_id>/", "/logo/<str:mark>",
)  # fmt: skip


@pytest.mark.long
def test_every_other_page_is_accessible_and_reflows_for_whoever_may_open_it(site):
    cast = Others(site.world)
    readers = {who: site.signed_in(who) if who else site.visitor() for _, who, _ in cast.pages}
    wrong = {route: found for route, who, address in cast.pages if (found := look(readers[who], address, 200))}
    assert wrong == {}


@pytest.mark.parametrize(
    ("address", "fields", "button"),
    [
        ("/account/signup/", {}, re.compile("account", re.I)),
        ("/account/login/", {"login": "nobody@example.org", "password": "wrong"}, re.compile("sign in", re.I)),
        ("/verify/", {"text": "{}"}, "Check it"),
        ("/verify/", {}, "Check it"),
    ],
)
def test_forms_that_were_refused_are_accessible_and_say_what_to_do(site, address, fields, button):
    page = site.visitor()
    page.goto(address)
    page.evaluate("for (const form of document.forms) form.noValidate = true")
    for name, value in fields.items():
        page.locator(f"main [name={name}]").first.fill(value)
    page.locator("main").get_by_role("button", name=button).first.click()
    assert violations(page) == []
    assert not scrolls_sideways(page)


def test_the_educators_pages_work_without_javascript(site):
    world = site.world
    actor, run = world.enrolled()
    page = site.signed_in(actor.person_id, java_script_enabled=False)
    page.goto(f"/portfolio/{run.pk}/narrative/")
    page.get_by_label("Where was it?").fill("In a small school by the river.")
    page.get_by_role("button", name="Save").first.click()
    assert workspace(actor, run.pk).part("narrative").answers[0].text == "In a small school by the river."
    page.goto(f"/portfolio/{run.pk}/portfolio/")
    from tests.files_world import make_pdf

    page.locator("#add-plan").set_input_files({"name": "plan.pdf", "mimeType": "application/pdf", "buffer": make_pdf()})
    page.locator("#slot-plan").get_by_role("button", name="Add to").click()
    assert len(workspace(actor, run.pk).artifacts) == 1


def test_two_tabs_never_overwrite_one_another_silently(site):
    actor, run = site.world.enrolled()
    first = site.signed_in(actor.person_id)
    first.goto(f"/portfolio/{run.pk}/narrative/")
    portfolio.write(actor=actor, enrollment_id=run.pk, prompt="place", text="From another device.", revision=0)
    first.get_by_label("Where was it?").fill("From this tab.")
    first.get_by_text("From another device.").wait_for(timeout=15_000)
    assert workspace(actor, run.pk).part("narrative").answers[0].text == "From another device."
    first.get_by_role("button", name=re.compile("Keep mine")).click()
    first.get_by_role("status").filter(has_text="Saved at").wait_for(timeout=15_000)
    assert workspace(actor, run.pk).part("narrative").answers[0].text == "From this tab."


def test_what_is_written_without_a_connection_is_saved_when_it_returns(site):
    actor, run = site.world.enrolled()
    page = site.signed_in(actor.person_id)
    page.goto(f"/portfolio/{run.pk}/narrative/")
    page.context.set_offline(True)
    page.get_by_label("Where was it?").fill("Written in a tunnel.")
    page.get_by_role("status").filter(has_text="Kept on this device").wait_for(timeout=15_000)
    page.context.set_offline(False)
    page.get_by_role("status").filter(has_text="Saved at").wait_for(timeout=40_000)
    assert workspace(actor, run.pk).part("narrative").answers[0].text == "Written in a tunnel."
