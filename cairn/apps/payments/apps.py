from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "cairn.apps.payments"
