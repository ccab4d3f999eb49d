"""Pages of the public door, catalog, and where everybody begins."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
