"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from cairn.interfaces.cli import parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cairn.site.settings")
parent.end_with()
application = get_wsgi_application()
