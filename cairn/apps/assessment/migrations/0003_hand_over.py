"""A locked sheet and a decision go from one person to another where the two have become one, and change in no other way."""

from django.db import migrations

from cairn.frame.triggers import refuse


def _follows(key: str, *same: str) -> str:
    """Nothing but whose it is changes. None of the columns is ever null."""
    merged = f"EXISTS (SELECT 1 FROM people_person p WHERE p.id = OLD.{key} AND p.merged_into_id = NEW.{key})"
    return " AND ".join([merged, *(f"NEW.{column} = OLD.{column}" for column in same)])


_SHEET = _follows("assessor_id", "id", "case_id", "kind", "state", "code_name", "assigned_at", "due_at")
_DECISION = _follows("person_id", "id", "case_id", "enrollment_id", "version_id", "attempt", "outcome", "levels", "reopened", "sheets",
                     "trace", "decided_at")  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_guards"), ("people", "0006_merging")]
    operations = [
        refuse(
            "assessment_scoresheet",
            on=("update",),
            when=f"OLD.state = 'locked' AND NOT (NEW.locked_at IS NOT NULL AND NEW.locked_at = OLD.locked_at AND {_SHEET})",
            words="A locked score sheet never changes.",
        ),
        refuse("assessment_decision", on=("update",), when=f"NOT ({_DECISION})", words="A decision never changes."),
    ]
