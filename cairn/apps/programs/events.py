"""What happens in programs."""

from cairn.kernel.facts import Event

PROGRAM_FOUNDED = Event("programs.program_founded", "An organization began a program.", ("slug", "title"))
OFFERED = Event("programs.offered", "A micro-credential was opened to educators.",
                ("microcredential", "kind", "opens_on", "last_day", "days", "rules"))  # fmt: skip
NOTICE_SET = Event("programs.notice_set", "A program says whose words stand on its pages.", ("notice",))
OFFERING_CHANGED = Event("programs.offering_changed", "Dates or rules of an offering were changed for those who come from then on.",
                         ("opens_on", "last_day", "days", "rules"))  # fmt: skip
JOINING_ASKED = Event("programs.joining_asked", "Somebody asked for their organization to come in.", ("name", "kind"))
JOINING_ACCEPTED = Event("programs.joining_accepted", "An organization that had asked came in.", ("name",))
JOINING_DECLINED = Event("programs.joining_declined", "An organization that had asked was told why not.", ("name",))
CHECKING_SET = Event("programs.checking_set", "A program said whether submissions are looked at before assessors are asked.",
                     ("checks_first",))  # fmt: skip
AT_ONCE_SET = Event("programs.at_once_set", "How many pilots one person should be in at the same time was set.",
                    ("limit", "mode", "counts_decisions"))  # fmt: skip
OFFERING_CLOSED = Event("programs.offering_closed", "An offering takes nobody new.")
OFFERING_REOPENED = Event("programs.offering_reopened", "An offering takes people again.")
ENROLLED = Event("programs.enrolled", "An educator began a micro-credential.", ("version", "due_at", "due_reason", "zone", "started_at"))
COMPLETED = Event("programs.completed", "An enrollment reached its end: the micro-credential was earned.")
WITHDRAWN = Event("programs.withdrawn", "An educator left.")
LAPSED = Event("programs.lapsed", "An enrollment's time ended with nothing submitted.")
TAKEN_UP = Event("programs.taken_up", "An enrollment whose time had ended goes on.")
BEGUN_LATE = Event("programs.begun_late", "A coordinator started the clock of somebody who missed the kick-off.", ("reason",), ("reason",))

INTEREST_SHOWN = Event("programs.interest_shown", "A person would like to hear of pilots.", ("microcredential",))
INTEREST_ENDED = Event("programs.interest_ended", "A person no longer wants to hear of pilots.")
APPLIED = Event("programs.applied", "An educator applied for a place.", ("offering", "acknowledged"))
WAITING = Event("programs.waiting", "An educator stands in line for a seat.", ("offering", "acknowledged"))
SEAT_OFFERED = Event("programs.seat_offered", "A seat that came free is kept for the first in line.", ("offering", "until"))
OFFER_PASSED = Event("programs.offer_passed", "An offered seat was let go, or its time ended.", ("offering",))
SEATED = Event("programs.seated", "An educator holds a seat.", ("offering", "acknowledged"))
NOT_CHOSEN = Event("programs.not_chosen", "The coordinator chose others.", ("offering",))
LINE_ENDED = Event("programs.line_ended", "The line for a seat ended, since the offering was closed.", ("offering",))
PLACE_LEFT = Event("programs.place_left", "An educator gave up their place.", ("offering", "reason"), ("reason",))
SEATS_CHANGED = Event("programs.seats_changed", "The number of seats was changed.", ("seats_min", "seats_max"))

MEETING_PLANNED = Event("programs.meeting_planned", "A meeting was planned.", ("kind", "title", "offering"))
MEETING_CHANGED = Event("programs.meeting_changed", "What is said of a meeting was changed.", ("title", "recording_url"))
TIME_ADDED = Event("programs.time_added", "A meeting has another time to choose.", ("starts_at", "ends_at", "zone"))
TIME_CHANGED = Event("programs.time_changed", "A time of a meeting was moved, or how to join it.", ("starts_at", "ends_at", "zone"))
TIME_CANCELED = Event("programs.time_canceled", "A time of a meeting was canceled.", ("starts_at",))
TIME_CHOSEN = Event("programs.time_chosen", "A person keeps a place at a meeting.", ("time",))
TIME_DROPPED = Event("programs.time_dropped", "A person no longer keeps a place at a meeting.", ("time",))
ATTENDED = Event("programs.attended", "A person was at a meeting, or watched its recording.", ("how", "at"))
ROSTER_NOTED = Event("programs.roster_noted", "Who was at a meeting was noted by a roster.", ("people",))
ATTENDANCE_UNDONE = Event("programs.attendance_undone", "A mark of attendance was taken back.", ("reason",), ("reason",))
MEETING_REMINDED = Event("programs.meeting_reminded", "A person was reminded of a meeting.", ("time",))

EXTENSION_ASKED = Event("programs.extension_asked", "An educator asked for more time.", ("until", "why"), ("why",))
EXTENSION_TAKEN_BACK = Event("programs.extension_taken_back", "An educator no longer asks for more time.")
EXTENDED = Event("programs.extended", "More time was granted; the date before is kept.",
                 ("due_before", "due_after", "beyond_end", "reason", "sentence"), ("reason",))  # fmt: skip
EXTENSION_DECLINED = Event("programs.extension_declined", "More time was not granted.", ("reason",), ("reason",))
REVISION_FOLLOWED = Event("programs.revision_followed", "A run is due with the attempt that was opened anew; the date before is kept.",
                          ("due_before", "due_after", "sentence"))  # fmt: skip
REMINDED = Event("programs.reminded", "An educator was reminded of a date.", ("days", "due_at"))

SURVEY_FOUNDED = Event("programs.survey_founded", "A program has a survey.", ("title", "scales", "questions", "irb_number"))
SURVEY_OPENED = Event("programs.survey_opened", "Participants are asked.", ("kind",))
SURVEY_CLOSED = Event("programs.survey_closed", "Nobody answers any more.", ("kind",))
SURVEY_ANSWERED = Event("programs.survey_answered", "A participant has sent their answers.", ("kind",))
RESEARCH_AGREED = Event("programs.research_agreed", "A person lets a study use their answers.", ("irb_number",))
RESEARCH_WITHDRAWN = Event("programs.research_withdrawn", "A person no longer lets a study use their answers.", ("irb_number",))
THEMES_SET = Event("programs.themes_set", "What open answers may be read as was set.", ("themes",))
ANSWER_READ = Event("programs.answer_read", "A reader has named the themes of an open answer.", ("question", "themes"))
RESPONSES_ENTERED = Event("programs.responses_entered", "Answers given elsewhere were entered.", ("kind", "entered", "same"))

FEEDBACK_GIVEN = Event("programs.feedback_given", "A participant told the developers what they think.", ("sections",))
REVIEW_CONVENED = Event("programs.review_convened", "A board reads whether a pilot may launch.", ("offering", "members"))
VOTED = Event("programs.voted", "A member of a board has voted.", ("vote", "rigor", "clarity"))
LAUNCH_APPROVED = Event("programs.launch_approved", "A board has said that it may launch.",
                        ("offering", "completions", "needed", "override", "minutes"))  # fmt: skip
LAUNCH_SENT_BACK = Event("programs.launch_sent_back", "A board asks for changes before a launch.",
                         ("offering", "completions", "needed", "minutes"))  # fmt: skip
RECRUITMENT_EXTENDED = Event("programs.recruitment_extended", "A pilot takes people for longer.", ("last_day_before", "last_day"))

RECORDS_ENTERED = Event("programs.records_entered", "A list of what was run before was entered.", ("source", "entered", "changed", "same"))
FINISH_SET = Event("programs.finish_set", "After how many micro-credentials a participant has finished was set.", ("finish_at",))

ORGANIZATION_JOINED = Event("programs.organization_joined", "An organization has a part in a program.", ("partner", "role", "joined_on"))
ORGANIZATION_LEFT = Event("programs.organization_left", "An organization's part in a program ended.", ("partner", "role", "left_on"))
CONTACT_ADDED = Event("programs.contact_added", "A program says whom to ask.", ("role", "name", "email", "phone"),
                      ("name", "email", "phone"))  # fmt: skip
CONTACT_REMOVED = Event("programs.contact_removed", "A program names a contact no more.", ("role",))
LINE_ADDED = Event("programs.line_added", "The status board has another line.", ("title", "stage"))
LINE_CHANGED = Event("programs.line_changed", "A line of the status board was corrected, or its flag resolved.", ("title", "stage"))
LINE_REMOVED = Event("programs.line_removed", "A line was taken off the status board.", ("title",))
LINES_ENTERED = Event("programs.lines_entered", "Lines of a status page were entered as they were written.", ("lines", "entered"))
BOARD_ORDERED = Event("programs.board_ordered", "The lines of a status board changed places.", ("lines",))
ROADMAP_SET = Event("programs.roadmap_set", "A program said how many it means to make.", ("counts",))

RESEARCH_LOGGED = Event("programs.research_logged", "Something was read, asked or seen for a program.", ("research", "day", "title"))
RESEARCH_CORRECTED = Event("programs.research_corrected", "An entry of a research log was corrected.", ("research", "day", "title"))
RESEARCH_REMOVED = Event("programs.research_removed", "An entry was taken out of a research log.", ("title",))
RESEARCH_OPENED = Event("programs.research_opened", "Whether those who take part add to the research log was set.", ("by_all",))

TEAM_FORMED = Event("programs.team_formed", "Participants began to earn together.", ("offering", "mode", "name"))
TEAM_ASKED = Event("programs.team_asked", "Somebody was asked to join a team.", ("address",), ("address",))
TEAM_ASKED_NO_MORE = Event("programs.team_asked_no_more", "An invitation to a team was declined or taken back.")
TEAM_JOINED = Event("programs.team_joined", "A participant joined a team.", ("person",))
TEAM_LEFT = Event("programs.team_left", "A participant is in a team no more; what they wrote with it stays theirs.",
                  ("person", "reason"), ("reason",))  # fmt: skip
