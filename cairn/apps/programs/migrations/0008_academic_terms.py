"""An offering may last so many academic terms of a calendar."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0007_line_ended'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='offering',
            name='offering_has_a_clock',
        ),
        migrations.AddField(
            model_name='offering',
            name='calendar',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='offering',
            name='terms',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='offering',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('last_day', None), _negated=True), models.Q(('days', None), _negated=True), models.Q(('terms', None), _negated=True), _connector='OR'), name='offering_has_a_clock'),
        ),
    ]
