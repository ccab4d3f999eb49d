"""Whose words stand on a program's pages."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('programs', '0008_academic_terms'),
    ]

    operations = [
        migrations.AddField(
            model_name='program',
            name='notice',
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
