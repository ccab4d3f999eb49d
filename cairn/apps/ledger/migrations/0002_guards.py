"""Facts are never edited: the database itself refuses."""

from django.db import migrations

from cairn.frame.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [refuse("ledger_fact", words="A fact is never changed or deleted.")]
