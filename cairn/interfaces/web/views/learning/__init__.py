"""Pages of the educator's workspace and feedback.

The words check, submit, feedback, withdraw, file and uploads stand where the key of a part stands: they come first.
"""

from django.urls import URLPattern

from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.views.learning import beginning, citing, feedback, files, finishing, home, uploads, writing

_RUN = "portfolio/<id:enrollment_id>/"

urlpatterns: list[URLPattern] = [
    path("enroll/<id:offering_id>/", beginning.enroll, name="enroll"),
    path("home/", home.home, name="home"),
    path("portfolio/", home.mine, name="portfolio"),
    path(_RUN, writing.overview, name="work"),
    path(f"{_RUN}check/", finishing.check, name="work-check"),
    path(f"{_RUN}submit/", finishing.submit, name="work-submit"),
    path(f"{_RUN}feedback/", feedback.feedback, name="work-feedback"),
    path(f"{_RUN}withdraw/", finishing.withdraw, name="work-withdraw"),
    path(f"{_RUN}file/<id:artifact_id>/", files.file, name="work-file"),
    path(f"{_RUN}file/<id:artifact_id>/captions/", files.captions, name="work-file-captions"),
    path(f"{_RUN}file/<id:artifact_id>/remove/", files.remove, name="work-file-remove"),
    path(f"{_RUN}uploads/", uploads.uploads, name="work-uploads"),
    path(f"{_RUN}uploads/<id:upload_id>/", uploads.upload, name="work-upload"),
    path(f"{_RUN}uploads/<id:upload_id>/poster/", uploads.poster, name="work-upload-poster"),
    path(f"{_RUN}uploads/<id:upload_id>/discard/", uploads.discard, name="work-upload-discard"),
    path(f"{_RUN}<str:part_key>/", writing.part, name="work-part"),
    path(f"{_RUN}<str:part_key>/<str:key>/", writing.place, name="work-place"),
    path(f"{_RUN}<str:part_key>/<str:key>/cite/", citing.add, name="work-cite"),
    path(f"{_RUN}<str:part_key>/<str:key>/cite/<id:citation_id>/", citing.change, name="work-citation"),
    path(f"{_RUN}<str:part_key>/<str:key>/cite/<id:citation_id>/remove/", citing.remove, name="work-citation-remove"),
]
