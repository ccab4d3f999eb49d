"""My license: where it stands, what is in my record, what I plan, moving, and taking everything with me."""

from django.urls import URLPattern

from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.views.licensing import leaving, licenses, planning, records

urlpatterns: list[URLPattern] = [
    path("license/", licenses.home, name="license"),
    path("license/add/", licenses.add, name="license-add"),
    path("license/where/", licenses.profile, name="license-profile"),
    path("license/<id:license_id>/", licenses.one, name="license-one"),
    path("license/<id:license_id>/change/", licenses.change, name="license-change"),
    path("license/<id:license_id>/end/", licenses.end, name="license-end"),
    path("license/<id:license_id>/standing.pdf", licenses.paper, name="license-pdf"),
    path("license/<id:license_id>/plan/", planning.plan, name="license-plan"),
    path("license/record/", records.record, name="license-record"),
    path("license/record/add/", records.kinds, name="record-add"),
    path("license/record/add/<slug:kind>/", records.add, name="record-add-kind"),
    path("license/record/<id:entry_id>/withdraw/", records.withdraw, name="record-withdraw"),
    path("license/record/documents/<id:document_id>", records.document, name="record-document"),
    path("license/record/waiting/", records.waiting, name="record-waiting"),
    path("license/record/waiting/<id:entry_id>/", records.settle, name="record-settle"),
    path("license/plans/", planning.plans, name="growth-plans"),
    path("license/plans/new/", planning.begin, name="growth-plan-new"),
    path("license/plans/<id:plan_id>/", planning.one, name="growth-plan"),
    path("license/plans/<id:plan_id>/change/", planning.change, name="growth-plan-change"),
    path("license/plans/<id:plan_id>/move/", planning.move, name="growth-plan-move"),
    path("license/move/", leaving.move, name="license-move"),
    path("license/package/", leaving.package, name="license-package"),
    path("license/package.zip", leaving.package_file, name="license-package-file"),
]
