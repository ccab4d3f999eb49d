"""Pilots: joining one, and running one."""

from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.views.pilots import announcing, joining, running

_PILOT = "pilots/<slug:slug>/"
_RUN = f"{_PILOT}run/"

urlpatterns = [
    path("pilots/", running.mine, name="pilots"),
    path(_PILOT, joining.pilot, name="pilot"),
    path(f"{_PILOT}time/", joining.choose_time, name="pilot-time"),
    path(f"{_PILOT}register/", joining.register, name="pilot-register"),
    path(f"{_PILOT}interest/", joining.interest, name="pilot-interest"),
    path(f"{_PILOT}places/<id:registration_id>/offer/", joining.answer_offer, name="pilot-offer"),
    path(f"{_PILOT}places/<id:registration_id>/begin/", joining.begin, name="pilot-begin"),
    path(f"{_PILOT}places/<id:registration_id>/leave/", joining.leave, name="pilot-leave"),
    path("meetings/<id:meeting_id>/watched/", joining.watched, name="meeting-watched"),
    path("here/<id:code>/", joining.here, name="here"),
    path("portfolio/<id:enrollment_id>/time/", joining.more_time, name="work-time"),
    path("portfolio/<id:enrollment_id>/time/<id:extension_id>/back/", joining.take_back, name="work-time-back"),
    path(_RUN, running.desk, name="pilot-run"),
    path(f"{_RUN}people/", running.everyone, name="pilot-people"),
    path(f"{_RUN}people.csv", running.roster, {"form": "csv"}, name="pilot-roster"),
    path(f"{_RUN}people.xlsx", running.roster, {"form": "xlsx"}, name="pilot-workbook"),
    path(f"{_RUN}write/", running.write, name="pilot-write"),
    path(f"{_RUN}people/<id:registration_id>/", running.place, name="pilot-place"),
    path(f"{_RUN}time/<id:enrollment_id>/", running.time, name="pilot-extension"),
    path(f"{_RUN}announce/", announcing.announce, name="pilot-announce"),
    path(f"{_RUN}flyer.pdf", announcing.flyer, name="pilot-flyer"),
    path(f"{_RUN}settings/", running.settings, name="pilot-settings"),
    path(f"{_RUN}meetings/", running.meetings, name="pilot-meetings"),
    path(f"{_RUN}meetings/<id:meeting_id>/", running.meeting, name="pilot-meeting"),
    path(f"{_RUN}times/<id:time_id>/", running.meeting_time, name="pilot-meeting-time"),
    path(f"{_RUN}attendance/<id:time_id>/", running.attendance, name="pilot-attendance"),
    path(f"{_RUN}attendance/<id:attendance_id>/undo/", running.undo, name="pilot-attendance-undo"),
]
