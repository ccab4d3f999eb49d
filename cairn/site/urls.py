"""Every address of the site. The files host has its own list (interfaces.web.files)."""

from django.urls import include, path

from cairn.site import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/", include("cairn.interfaces.api.urls")),
    path("account/", include("allauth.account.urls")),
    path("account/second-step/", include("allauth.mfa.urls")),
    path("", include("cairn.interfaces.web.urls")),
]
handler400 = "cairn.interfaces.web.views.frame.bad_request"
handler403 = "cairn.interfaces.web.views.frame.forbidden"
handler404 = "cairn.interfaces.web.views.frame.not_found"
handler500 = "cairn.interfaces.web.views.frame.broken"
