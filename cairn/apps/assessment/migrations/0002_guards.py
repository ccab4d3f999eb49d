"""A locked sheet and a decision stay as they are."""

from django.db import migrations

from cairn.frame.triggers import refuse

_LOCKED = "(SELECT state FROM assessment_scoresheet WHERE id = OLD.sheet_id) <> 'open'"


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]
    operations = [
        refuse("assessment_score", when=_LOCKED, words="A locked score sheet never changes."),
        refuse("assessment_scoresheet", when="OLD.state = 'locked'", words="A locked score sheet never changes."),
        refuse("assessment_decision", words="A decision never changes."),
    ]
