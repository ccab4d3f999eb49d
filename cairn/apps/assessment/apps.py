from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "cairn.apps.assessment"
