from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comms", "0003_mentions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="webhook",
            name="state",
            field=models.CharField(
                choices=[("on", "Called"), ("paused", "Paused"), ("stopped", "Stopped, since it did not answer"), ("removed", "Removed")],
                default="on",
                max_length=10,
            ),
        ),
    ]
