"""What people do around programs and pilots: boards, seats, meetings, teams, surveys, reviews and figures."""

from __future__ import annotations

from tests.acts.act import Act

_PROGRAM, _PILOT = "programs/<slug:slug>/", "pilots/<slug:slug>/"
_LOG = f"{_PROGRAM}research/"
_BOARD, _EDIT, _RUN = f"{_PROGRAM}board/edit/", f"{_PROGRAM}edit/", f"{_PILOT}run/"
_LINE, _SETTINGS, _MEETING = f"{_PROGRAM}board/<id:listing_id>/", f"{_RUN}settings/", f"{_RUN}meetings/<id:meeting_id>/"
_LAUNCH, _MINE = f"{_PILOT}launch/", "portfolio/<id:enrollment_id>/"
_SURVEY, _THEMES = "surveys/<id:round_id>/", "surveys/<id:survey_id>/themes/"

BOARDS = (
    Act("programs.set_notice", "admin", _EDIT, told={"form": "notice", "notice": "We begin in May."}),
    Act("programs.set_roadmap", "admin", _EDIT, told={"planned": "15"}),
    Act(
        "programs.add_contact",
        "admin",
        _EDIT,
        told={"form": "contact", "role": "Help", "name": "Sol Ray", "email": "help@example.org", "phone": ""},
    ),
    Act("programs.remove_contact", "admin", _EDIT, f"{_PROGRAM}contacts/<id:contact_id>/remove/"),
    Act(
        "programs.log_research",
        "admin",
        _LOG,
        told={"kind": "visit", "day": "2024-03-01", "title": "A day in another school", "place": "Lakeside", "learned": "Two doors."},
    ),
    Act("programs.correct_research", "admin", f"{_LOG}<id:research_id>/", told={"title": "A paper on very short cycles"}),
    Act("programs.let_add_research", "admin", _LOG, f"{_LOG}adding/"),
    Act("programs.remove_research", "admin", f"{_LOG}<id:research_id>/", f"{_LOG}<id:research_id>/remove/"),
    Act("programs.join_program", "admin", _EDIT, told={"form": "part", "role": "co-author", "joined_on": "2024-02-01"}),
    Act("programs.leave_program", "admin", _EDIT, f"{_PROGRAM}owners/<id:ownership_id>/end/"),
    Act(
        "programs.add_line",
        "admin",
        _BOARD,
        told={"title": "A line of ours", "microcredential_id": "", "stage": "planned", "begins_text": ""},
    ),
    Act("programs.enter_lines", "admin", _BOARD, told={"lines": "Shared vision: in pilot, 3 spots open"}),
    Act("programs.change_line", "admin", _LINE),
    Act("programs.keep_line", "admin", _BOARD, f"{_LINE}act/", {"act": "keep"}),
    Act("programs.move_line", "admin", _LINE, f"{_LINE}act/", {"act": "down"}),
    Act("programs.remove_line", "admin", _LINE, f"{_LINE}act/", {"act": "remove"}),
    Act("programs.set_finish", "admin", f"{_PROGRAM}numbers/exact/", f"{_PROGRAM}numbers/finish/", {"finish_at": "1"}),
    Act(
        "programs.read_records",
        "admin",
        f"{_PROGRAM}numbers/exact/",
        f"{_PROGRAM}numbers/lists/",
        {"source": "A list"},
        file=("file", "records.csv", b"Code,State,Began\nK1,finished,2024-01-05\n"),
    ),
)
PILOTS = (
    Act("programs.plan_meeting", "admin", f"{_RUN}meetings/", told={"kind": "information", "title": "Come once more"}),
    Act("programs.add_time", "admin", _MEETING, told={"add": "yes", "starts": "2030-01-02T10:00", "places": ""}),
    Act("programs.describe_meeting", "admin", _MEETING, told={"title": "Come and hear"}),
    Act("programs.choose_time", "stranger", _PILOT, f"{_PILOT}time/"),
    Act("programs.change_seats", "admin", _SETTINGS, told={"seats": "yes", "seats_min": "", "seats_max": "9"}),
    Act("programs.change_offering", "admin", _SETTINGS, told={"rules": "yes"}),
    Act("programs.set_at_once", "admin", _SETTINGS, told={"once": "yes"}),
    Act("programs.register", "stranger", _PILOT, f"{_PILOT}register/"),
    Act("programs.begin_for", "admin", f"{_RUN}people/<id:registration_id>/", told={"begin": "yes", "reason": "She asked by telephone."}),
    Act("programs.take_back_extension", "educator", f"{_MINE}time/", f"{_MINE}time/<id:extension_id>/back/"),
    Act("programs.close_offering", "admin", _SETTINGS, told={"close": "yes"}),
    Act("programs.show_interest", "colleague", _PILOT, f"{_PILOT}interest/"),
    Act("programs.end_interest", "colleague", _PILOT, f"{_PILOT}interest/", {"end": "="}),
    Act("programs.reopen_offering", "admin", _SETTINGS, told={"reopen": "yes"}),
    Act("programs.cancel_time", "admin", _MEETING, told={"cancel": "="}),
    Act("programs.enroll", "assessor", "catalog/<slug:slug>/", "enroll/<id:offering_id>/"),
    Act("programs.found_program", "admin", "org/<slug:slug>/programs/begin/", told={"title": "Another program", "summary": "Of ours."}),
    Act("programs.offer", "admin", f"{_PROGRAM}open/", told={"microcredential_id": "#written", "kind": "open"}),
)
TEAMS = (
    Act("programs.ask_to_team", "educator", f"{_MINE}team/", told={"address": "@stranger"}),
    Act("programs.end_asking", "educator", "teams/invitations/<id:invitation_id>/", told={"decline": "yes", "join": None}),
    Act("programs.leave_team", "educator", f"{_MINE}team/<id:person_id>/leave/", told={"reason": "My school moves."}),
)
SURVEYS = (
    Act(
        "programs.found_survey",
        "admin",
        f"{_PROGRAM}surveys/",
        told={"title": "After", "scales": "collective-efficacy", "questions": "What next?", "irb_number": "", "consent_text": ""},
    ),
    Act("programs.agree_to_research", "educator", _SURVEY, f"{_SURVEY}research/", {"agree": "yes"}),
    Act("programs.withdraw_from_research", "educator", _SURVEY, f"{_SURVEY}research/", {"withdraw": "yes"}),
    Act("programs.send_response", "educator", _SURVEY, told={"q1": "Time."}),
    Act("programs.set_themes", "admin", _THEMES, told={"themes": "time\nmoney"}),
    Act("programs.read_answer", "admin", _THEMES, f"{_THEMES}<id:response_id>/<slug:question>/"),
    Act("programs.read_responses", "admin", "surveys/<id:survey_id>/file/", file=("file", "responses.csv", b"Code,q1\nK7,Time\n")),
    Act("programs.close_round", "admin", f"{_PROGRAM}surveys/", "surveys/<id:survey_id>/before/", {"close": "="}),
    Act("programs.open_round", "admin", f"{_PROGRAM}surveys/", "surveys/<id:survey_id>/after/"),
)
REVIEWS = (
    Act("programs.give_feedback", "educator", "developers/<id:enrollment_id>/"),
    Act("programs.convene", "admin", _LAUNCH, f"{_LAUNCH}board/", {"members": "@lead"}),
    Act("programs.cast_vote", "lead", _LAUNCH, f"{_LAUNCH}vote/"),
    Act("programs.decide_launch", "admin", _LAUNCH, f"{_LAUNCH}decision/", {"override": "We know them."}),
    Act("programs.withdraw", "educator", f"{_MINE}withdraw/"),
)
ACTS = (*BOARDS, *PILOTS, *TEAMS, *SURVEYS, *REVIEWS)
