"""Addresses of the pages, as a teacher would say them. One list for each capability stands in urls_<capability> below."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
