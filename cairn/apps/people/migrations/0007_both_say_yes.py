from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0006_merging'),
    ]

    operations = [
        migrations.AddField(
            model_name='merging',
            name='agreed_at',
            field=models.DateTimeField(null=True),
        ),
    ]
