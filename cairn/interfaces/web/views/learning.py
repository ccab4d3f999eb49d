"""Pages of the educator's workspace and feedback."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
