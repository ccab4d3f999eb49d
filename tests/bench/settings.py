"""The product's settings with one page more: the bare view that the others are measured against."""

from cairn.site.settings import *  # noqa: F403
from cairn.site.settings import MIDDLEWARE

ROOT_URLCONF = "tests.bench.urls"
MIDDLEWARE = ["tests.bench.urls.count_queries", *MIDDLEWARE]
