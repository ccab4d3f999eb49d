from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "cairn.apps.ledger"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cairn.apps.ledger.queries import first_answer
        from cairn.frame.commands import remember_with

        remember_with(first_answer)
