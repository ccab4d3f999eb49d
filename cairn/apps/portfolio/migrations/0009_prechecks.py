"""A submission that came back before it was scored; and its guard again, whose table SQLite made anew."""

from django.db import migrations, models

from cairn.frame.triggers import lift, refuse

_FROZEN = "(SELECT state FROM portfolio_submission WHERE id = OLD.submission_id) <> 'draft'"
_SHOWN = (
    "EXISTS (SELECT 1 FROM portfolio_inclusion i JOIN portfolio_submission s ON s.id = i.submission_id"
    " WHERE i.artifact_id = {row}.artifact_id AND s.state <> 'draft')"
)
_WORDS = "What was submitted never changes."
_PARTS = ("writing", "citation", "inclusion")


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0004_made_by_educators'),
        ('people', '0008_brands'),
        ('portfolio', '0008_teams'),
        ('programs', '0011_prechecks'),
    ]

    operations = [
        *(lift(f"portfolio_{table}") for table in _PARTS),
        lift("portfolio_captions", on=("insert", "update", "delete")),
        migrations.RemoveConstraint(
            model_name='submission',
            name='one_submission_per_attempt',
        ),
        migrations.AddField(
            model_name='submission',
            name='missing',
            field=models.CharField(blank=True, max_length=1000),
        ),
        migrations.AlterField(
            model_name='submission',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('earned', 'earned'), ('not_yet', 'not_yet'), ('returned', 'returned')], default='draft', max_length=10),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'returned'), _negated=True), fields=('enrollment', 'attempt'), name='one_submission_per_attempt'),
        ),
        *(refuse(f"portfolio_{table}", when=_FROZEN, words=_WORDS) for table in _PARTS),
        refuse("portfolio_captions", on=("insert",), when=_SHOWN.format(row="NEW"), words=_WORDS),
        refuse("portfolio_captions", when=_SHOWN.format(row="OLD"), words=_WORDS),
        refuse(
            "portfolio_submission",
            on=("update",),
            when="OLD.state <> 'draft' AND (NEW.manifest <> OLD.manifest OR NEW.content_hash <> OLD.content_hash OR NEW.state = 'draft')",
            words=_WORDS,
        ),
    ]
