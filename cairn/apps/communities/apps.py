from django.apps import AppConfig


class CommunitiesConfig(AppConfig):
    name = "cairn.apps.communities"
