"""What went out on paper is never edited: the database itself refuses."""

from django.db import migrations

from cairn.frame.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [refuse("payments_invoice", words="An invoice is never changed or deleted; a credit note follows it.")]
