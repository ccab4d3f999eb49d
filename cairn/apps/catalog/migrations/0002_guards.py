"""The words of a published version never change."""

from django.db import migrations

from cairn.frame.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [
        refuse(
            "catalog_microcredentialversion",
            on=("update",),
            when="OLD.state <> 'draft' AND (NEW.content_hash <> OLD.content_hash OR NEW.number <> OLD.number "
            "OR CAST(NEW.content AS text) <> CAST(OLD.content AS text) OR NEW.state = 'draft')",
            words="A published version never changes.",
        ),
        refuse("catalog_microcredentialversion", on=("delete",), when="OLD.state <> 'draft'", words="A published version is never deleted."),
    ]
