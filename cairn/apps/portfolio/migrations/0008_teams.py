"""Copies of citations, who of a team wrote what, words set aside; and the guard of citations again, whose table SQLite made anew."""

import cairn.frame.fields
import cairn.kernel.clock
import django.db.models.deletion
from django.db import migrations, models

from cairn.frame.triggers import refuse

_FROZEN = "(SELECT state FROM portfolio_submission WHERE id = OLD.submission_id) <> 'draft'"


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0008_brands'),
        ('portfolio', '0007_coaching'),
        ('programs', '0006_teams'),
    ]

    operations = [
        migrations.AddField(
            model_name='citation',
            name='shared_as',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.CreateModel(
            name='SetAside',
            fields=[
                ('id', cairn.frame.fields.IdField(serialize=False)),
                ('key', models.CharField(max_length=80)),
                ('text', models.TextField()),
                ('set_at', models.DateTimeField(default=cairn.kernel.clock.now)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='portfolio.submission')),
            ],
        ),
        migrations.CreateModel(
            name='TeamSaving',
            fields=[
                ('id', cairn.frame.fields.IdField(serialize=False)),
                ('prompt', models.CharField(max_length=80)),
                ('text', models.TextField(blank=True)),
                ('words', models.PositiveIntegerField(default=0)),
                ('begun_at', models.DateTimeField(default=cairn.kernel.clock.now)),
                ('saved_at', models.DateTimeField(default=cairn.kernel.clock.now)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('team', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programs.team')),
            ],
            options={
                'indexes': [models.Index(fields=['team', 'prompt', 'saved_at'], name='portfolio_t_team_id_09582b_idx')],
            },
        ),
        refuse("portfolio_citation", when=_FROZEN, words="What was submitted never changes."),
    ]
