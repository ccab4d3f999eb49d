"""Pages of the assessor's queue and sheet, and of the lead's desk."""

from cairn.interfaces.web.views.scoring.pages import urlpatterns

__all__ = ["urlpatterns"]
