from django.apps import AppConfig


class PortfolioConfig(AppConfig):
    name = "cairn.apps.portfolio"
