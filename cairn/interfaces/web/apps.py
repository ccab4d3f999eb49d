from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "cairn.interfaces.web"
    label = "web"
