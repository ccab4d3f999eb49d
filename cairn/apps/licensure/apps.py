from django.apps import AppConfig


class LicensureConfig(AppConfig):
    name = "cairn.apps.licensure"
