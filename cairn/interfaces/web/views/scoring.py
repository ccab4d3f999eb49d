"""Pages of the assessor's queue and sheet, the lead's desk."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
