"""What people do where somebody else has prepared it (needs): seats, meetings, checks, second accounts, money, originals and drafts."""

from __future__ import annotations

from tests import files_world
from tests.acts.act import Act

ASIDE, NOT_THIS = "It is told elsewhere.", "Not this one."

PLACES = (
    Act("programs.choose", "desk", "choose", told={"choose": "yes"}),
    Act("programs.turn_down", "desk", "turn down", told={"turn-down": "yes"}),
    Act("programs.pass_offer", "waiting", "offer", "pilots/<slug:slug>/places/<id:registration_id>/offer/", {"pass": "yes", "take": None}),
    Act("programs.extend_recruitment", "desk", "launch", "pilots/<slug:slug>/launch/longer/", {"last_day": "day+150"}),
    Act("programs.decline_extension", "desk", "asked time", told={"decline": "yes", "reason": "The pilot ends."}),
    Act("imports.stop", "desk", "import", told={"stop": "yes"}),
    Act("imports.take_up", "desk", "import", told={"take_up": "yes"}),
    Act("programs.set_checking", "desk", "rules", told={"checking": "yes"}),
)
_RUN = "pilots/<slug:slug>/run/"
MEETINGS = (
    Act("programs.sign_in", "present", "here"),
    Act("programs.note_caller", "desk", "attendance", told={"caller": "yes", "name": "Cal Reed", "phone_ending": "4711"}),
    Act("programs.undo_attendance", "desk", "attendance", f"{_RUN}attendance/<id:attendance_id>/undo/", {"reason": "Not there."}),
    Act("programs.watch_recording", "watching", "recorded", "meetings/<id:meeting_id>/watched/"),
    Act(
        "programs.read_meetings", "desk", "meetings file",
        file=("file", "meetings.csv", b"Title,Date,Starts,Ends,Zone\nCome again,2031-03-04,10:00,11:00,Central\n"),
    ),
    Act("programs.read_attendance", "desk", "attendance file", file=("file", "came.csv", b"E-mail\nkim@example.org\n")),
)  # fmt: skip
ASKING = (
    Act("assessment.pass_check", "desk", "whole", told={"whole": "yes"}),
    Act("assessment.return_incomplete", "desk", "incomplete", told={"back": "yes", "missing": "The plan has no second page."}),
    Act("programs.ask_to_join", "stranger", "join/", told={"name": "Lake Principals", "contact": "Lou Reed", "wishes": "A pilot for ten."}),
    Act("programs.let_in", "desk", "let in", told={"let": "yes"}),
    Act("programs.turn_away", "desk", "turn away", told={"away": "yes", "reason": "We are full."}),
)
ACCOUNTS = (
    *(Act("", name, "password", "account/reauthenticate/", {"password": "a long passphrase"})
      for name in ("one account", "one other account", "no other account")),
    Act("people.agree_merging", "one other account", "one", told={"answer": "yes"}),
    Act("people.merge", "one account", "one", told={"answer": "yes"}),
    Act("people.decline_merging", "no other account", "no", told={"answer": "no"}),
    Act("portfolio.join_team", "teammate", "asked into a team", told={"join": "yes", "decline": None}),
)  # fmt: skip
MONEY = (
    Act("payments.invoice_order", "buyer", "order", "account/orders/<id:order_id>/invoice/"),
    Act("payments.pay_out", "desk", "owed", "org/<slug:slug>/money/assessors/paid/", {"reference": "Check 9"}),
    Act("payments.lower_price", "new member", "account/orders/", "account/orders/lower/<id:entitlement_id>/"),
)
_OWN_SHARED = "org/<slug:slug>/shared/"
ORIGINALS = (
    Act("catalog.fork", "desk", "to fork", told={"slug": "wanted-second"}),
    Act("catalog.take_over", "desk", "original", told={"section": "rationale"}),
    Act("catalog.publish_draft", "desk", "own shared", f"{_OWN_SHARED}drafts/<id:version_id>/publish/"),
)
_CLAIM, _OWN_CLAIM = "claims/<id:claim_id>/", "license/claims/<id:claim_id>/"
_COURSE = {
    "title": "A course on rivers",
    "done_on": "2025-03-01",
    "kind": "credit",
    "hours": "",
    "quantity": "1",
    "take_*": "on",
    "act": "draft",
}
CLAIMS = (
    Act("licensure.waive_fee", "clerk", "claims/", f"{_CLAIM}waive/", {"reason": "She teaches here."}),
    Act("licensure.post_credit", "clerk", "claims/", f"{_CLAIM}post/", {"reference": "GC-7"}),
    Act("", "educator", "license/claims/new/", told=_COURSE, keep="claims"),
    Act("licensure.change_draft", "educator", "license/claims/", _OWN_CLAIM, {"title": "A course on lakes", "act": "draft"}, via=_OWN_CLAIM,
        file=("document", "log.png", files_world.make_picture("PNG"))),
    Act("licensure.remove_paper", "educator", "license/claims/", "claims/papers/<id:paper_id>/remove/", via=_OWN_CLAIM),
    Act("licensure.withdraw_claim", "educator", "license/claims/", f"{_OWN_CLAIM}withdraw/", via=_OWN_CLAIM),
)  # fmt: skip
_BRAND, _HOOK = "org/<slug:slug>/brand/", "org/<slug:slug>/webhooks/<id:webhook_id>/"
BRANDS = (
    Act(
        "people.set_logo",
        "admin",
        _BRAND,
        f"{_BRAND}logo/",
        {"logo_alt": "Two rivers"},
        file=("logo", "logo.png", files_world.make_picture("PNG")),
    ),
    Act("people.remove_logo", "admin", _BRAND, f"{_BRAND}logo/remove/"),
    Act("comms.start_webhook", "admin", _HOOK, f"{_HOOK}start/"),
    Act("comms.try_webhook", "admin", _HOOK, f"{_HOOK}try/"),
    Act("comms.send_again", "admin", _HOOK, f"{_HOOK}calls/<id:call_id>/"),
)
_DRAFT, _SHEET = "portfolio/<id:enrollment_id>/", "scoring/<id:sheet_id>/<str:key>/"
_CITED, _ROUND = f"{_DRAFT}<str:part_key>/<str:key>/cite/<id:citation_id>/", "surveys/<id:round_id>/"
_SENTENCE, _WHY = "It says where, and why", "It shows the plan, and who read it"
_CHANGED = "Page 1 shows it, twice."
WORDS = (
    Act("assessment.drop_comment", "assessor", _SHEET, told={"then": "#dropped"}, row=("no sentence", "Say where.")),
    Act("assessment.keep_comment", "assessor", _SHEET, told={"comment": _SENTENCE}, row=("sentence", _SENTENCE)),
    Act("assessment.revise_score", "assessor", _SHEET, told={"rationale": _CHANGED}, row=("rationale", _CHANGED)),
    Act("portfolio.change_citation", "educator", _CITED, told={"explanation": _WHY}, row=("explanation", _WHY)),
    Act("portfolio.uncite", "educator", "cited", f"{_CITED}remove/", row=("no explanation", NOT_THIS)),
    Act("ledger.set_aside", "operator", "aside", told={"reason": ASIDE}),
    Act("comms.end_letters", "educator", "letters/<str:letter_link>/", row=("carried out", "comms.end_letters")),
)
FILES = (
    Act("portfolio.open_draft", "educator", f"{_DRAFT}coach/", told={"coach": "#facilitator"}),
    Act("portfolio.remove_captions", "educator", "film", f"{_DRAFT}file/<id:artifact_id>/captions/", {"remove": "yes"}),
    Act("portfolio.remove_artifact", "educator", "film remove"),
)
FIRST = WORDS  # before anybody steps aside, and before what else is parked is tried again
ACTS = (*PLACES, *MEETINGS, *ASKING, *ACCOUNTS, *MONEY, *ORIGINALS, *CLAIMS, *BRANDS, *FILES)
