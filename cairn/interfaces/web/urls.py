"""Addresses of the pages, as a teacher would say them. Each capability lists its own."""

from cairn.interfaces.web.views import (
    credentials,
    demo,
    devices,
    learning,
    merging,
    operating,
    people,
    public,
    scoring,
    session,
    support,
    tokens,
)

urlpatterns = [
    *public.urlpatterns,
    *learning.urlpatterns,
    *scoring.urlpatterns,
    *credentials.urlpatterns,
    *people.urlpatterns,
    *tokens.urlpatterns,
    *session.urlpatterns,
    *devices.urlpatterns,
    *merging.urlpatterns,
    *operating.urlpatterns,
    *support.urlpatterns,
    *demo.urlpatterns,
]
