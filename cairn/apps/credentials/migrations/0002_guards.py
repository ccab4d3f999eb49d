"""What was signed stays as it is."""

from django.db import migrations

from cairn.frame.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("credentials", "0001_initial")]
    operations = [
        refuse(
            "credentials_credential",
            on=("update",),
            when="OLD.signed <> '' AND (NEW.signed <> OLD.signed OR NEW.status_index <> OLD.status_index OR NEW.decision_id <> OLD.decision_id)",
            words="A signed credential never changes.",
        ),
        refuse("credentials_credential", on=("delete",), words="A credential is never deleted."),
    ]
