"""What recognizers give: a council's desk, an educator's claims and points, an organization's schedules, micro-credentials of one's own."""

from cairn.interfaces.web.addresses import path
from cairn.interfaces.web.views.recognizing import council, drafts, mine, organization, plans

urlpatterns = [
    path("claims/", council.desk, name="claims"),
    path("claims/settled/", council.settled, name="claims-settled"),
    path("claims/<id:claim_id>/", council.claim, name="claim"),
    path("claims/<id:claim_id>/vote/", council.vote, name="claim-vote"),
    path("claims/<id:claim_id>/post/", council.post, name="claim-post"),
    path("claims/<id:claim_id>/waive/", council.waive, name="claim-waive"),
    path("claims/papers/<id:paper_id>/", drafts.paper, name="claim-paper"),
    path("claims/papers/<id:paper_id>/remove/", drafts.remove_paper, name="claim-paper-remove"),
    path("claims/beforehand/<id:asking_id>/", council.answer, name="claim-beforehand"),
    path("license/claims/", mine.claims, name="my-claims"),
    path("license/claims/new/", mine.activity, name="claim-activity"),
    path("license/claims/beforehand/", mine.beforehand, name="ask-beforehand"),
    path("license/claims/beforehand/<id:asking_id>/", mine.take_back, name="take-back-asking"),
    path("license/claims/award/<id:credential_id>/", mine.award, name="claim-award"),
    path("license/claims/<id:claim_id>/", drafts.one, name="my-claim"),
    path("license/claims/<id:claim_id>/withdraw/", drafts.withdraw, name="withdraw-claim"),
    path("license/claims/<id:claim_id>/certificate.pdf", mine.certificate, name="claim-certificate"),
    path("license/points/", mine.points, name="points"),
    path("license/points.csv", mine.points_csv, name="points-csv"),
    path("license/points.pdf", mine.points_pdf, name="points-pdf"),
    path("org/<slug:slug>/recognition/", organization.recognition, name="recognition"),
    path("org/<slug:slug>/recognition/settings/", organization.settings, name="recognition-settings"),
    path("org/<slug:slug>/recognition/adopt/", organization.adopt, name="recognition-adopt"),
    path("org/<slug:slug>/recognition/<id:schedule_id>/", organization.schedule, name="recognition-schedule"),
    path("org/<slug:slug>/recognition/<id:schedule_id>/end/", organization.end, name="recognition-end"),
    path("proposals/", plans.mine, name="proposals"),
    path("proposals/new/", plans.begin, name="proposal-new"),
    path("proposals/<id:proposal_id>/", plans.one, name="proposal"),
    path("proposals/<id:proposal_id>/send/", plans.send, name="proposal-send"),
    path("proposals/<id:proposal_id>/withdraw/", plans.withdraw, name="proposal-withdraw"),
    path("proposals/<id:proposal_id>/vote/", plans.vote, name="proposal-vote"),
    path("proposals/<id:proposal_id>/source/<int:source>/", plans.flag, name="proposal-source"),
]
