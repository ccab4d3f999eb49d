"""What a rule said stays as it was read, and standings are never deleted."""

from django.db import migrations

from cairn.frame.triggers import refuse


class Migration(migrations.Migration):
    dependencies = [("licensure", "0001_initial")]
    operations = [
        refuse("licensure_rulefile", words="The text of a rule stays as it was read."),
        refuse("licensure_rulesetversion", words="A version of a rule stays as it was read."),
    ]
