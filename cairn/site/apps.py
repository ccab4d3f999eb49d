from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "cairn.site"
    label = "cairn_site"

    def ready(self) -> None:
        from cairn.frame.wiring import install
        from cairn.site.wiring import CONSEQUENCES, OBJECTIONS

        install(CONSEQUENCES, OBJECTIONS)
