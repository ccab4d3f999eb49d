"""The site's addresses, a bare one-row view, and how many statements an answer took."""

from __future__ import annotations

from django.db import connection
from django.http import HttpResponse
from django.urls import include, path

from cairn.apps.people.models import Organization


def bare(request):
    """What Django does at the least: one row by its key, as text."""
    return HttpResponse(Organization.objects.values_list("name", flat=True).get(slug="bench-institute"))


def count_queries(get_response):
    def middleware(request):
        count = 0

        def counted(execute, sql, params, many, context):
            nonlocal count
            count += 1
            return execute(sql, params, many, context)

        with connection.execute_wrapper(counted):
            response = get_response(request)
        response["X-Queries"] = str(count)
        return response

    return middleware


urlpatterns = [path("bare/", bare), path("", include("cairn.site.urls"))]
