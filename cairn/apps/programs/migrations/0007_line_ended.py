"""The line of an offering ends with it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0006_teams'),
    ]

    operations = [
        migrations.AlterField(
            model_name='registration',
            name='state',
            field=models.CharField(choices=[('applied', 'applied'), ('waiting', 'waiting'), ('offered', 'offered'), ('seated', 'seated'), ('passed', 'passed'), ('not chosen', 'not chosen'), ('line ended', 'line ended'), ('left', 'left')], default='applied', max_length=10),
        ),
    ]
