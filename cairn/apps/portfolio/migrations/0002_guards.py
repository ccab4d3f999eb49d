"""What was submitted stays as it is."""

from django.db import migrations

from cairn.frame.triggers import refuse

_FROZEN = "(SELECT state FROM portfolio_submission WHERE id = OLD.submission_id) <> 'draft'"


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0001_initial")]
    operations = [
        *(
            refuse(f"portfolio_{table}", when=_FROZEN, words="What was submitted never changes.")
            for table in ("writing", "citation", "inclusion")
        ),
        refuse(
            "portfolio_submission",
            on=("update",),
            when="OLD.state <> 'draft' AND (NEW.manifest <> OLD.manifest OR NEW.content_hash <> OLD.content_hash OR NEW.state = 'draft')",
            words="What was submitted never changes.",
        ),
        refuse(
            "portfolio_artifact",
            on=("update",),
            when="NEW.sha256 <> OLD.sha256 OR NEW.size <> OLD.size OR NEW.person_id <> OLD.person_id",
            words="The bytes of an artifact never change.",
        ),
    ]
