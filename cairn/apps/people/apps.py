from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "cairn.apps.people"
