"""What was said, seen and signed on an application is never edited."""

from django.db import migrations

from cairn.frame.triggers import refuse

SIGNED = "OLD.signed_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("licensure", "0004_applications")]
    operations = [
        refuse("licensure_snapshot", words="What an officer decided on stays as it was."),
        refuse("licensure_step", words="What was said on an application stays as it was said."),
        refuse("licensure_determination", on=("update",), when=SIGNED, words="A signed determination is never changed."),
        refuse("licensure_determination", on=("delete",), words="A determination is never deleted."),
    ]
