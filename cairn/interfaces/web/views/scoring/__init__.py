"""Pages of the assessor's queue and sheet, of the lead's desk, and of those who look whether a submission is whole."""

from cairn.interfaces.web.views.scoring import checks, pages

urlpatterns = [*pages.urlpatterns, *checks.urlpatterns]

__all__ = ["urlpatterns"]
