from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("programs", "0002_seats_meetings_and_more_time")]

    operations = [
        migrations.AlterField(model_name="offering", name="slug", field=models.SlugField(max_length=110, unique=True)),
    ]
