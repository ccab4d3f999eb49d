from django.apps import AppConfig


class CommsConfig(AppConfig):
    name = "cairn.apps.comms"
