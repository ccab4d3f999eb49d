"""An artifact goes from one person to another where the two have become one, and in no other way."""

from django.db import migrations

from cairn.frame.triggers import refuse

_FOLLOWS = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = OLD.person_id AND p.merged_into_id = NEW.person_id)"


class Migration(migrations.Migration):
    dependencies = [("portfolio", "0005_erased"), ("people", "0006_merging")]
    operations = [
        refuse(
            "portfolio_artifact",
            on=("update",),
            when=f"NEW.sha256 <> OLD.sha256 OR NEW.size <> OLD.size OR (NEW.person_id <> OLD.person_id AND NOT {_FOLLOWS})",
            words="The bytes of an artifact never change.",
        ),
    ]
