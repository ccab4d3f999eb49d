"""Addresses of the pages, as a teacher would say them. Each capability lists its own."""

from cairn.interfaces.web.views import (
    calendars,
    credentials,
    demo,
    devices,
    learning,
    letters,
    merging,
    notices,
    operating,
    people,
    public,
    scoring,
    session,
    support,
    tokens,
    webhooks,
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
    *notices.urlpatterns,
    *calendars.urlpatterns,
    *letters.urlpatterns,
    *webhooks.urlpatterns,
    *demo.urlpatterns,
]
