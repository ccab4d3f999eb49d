"""A price is fixed with the seat, and carried over when the run begins."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0002_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='entitlement',
            name='place_id',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AlterField(
            model_name='entitlement',
            name='enrollment_id',
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddConstraint(
            model_name='entitlement',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('place_id', ''), _negated=True), models.Q(('enrollment_id', ''), _negated=True), _connector='OR'), name='a_price_is_of_something'),
        ),
        migrations.AddConstraint(
            model_name='entitlement',
            constraint=models.UniqueConstraint(condition=models.Q(('place_id', ''), _negated=True), fields=('place_id',), name='one_price_each_seat'),
        ),
        migrations.AddConstraint(
            model_name='entitlement',
            constraint=models.UniqueConstraint(condition=models.Q(('enrollment_id', ''), _negated=True), fields=('enrollment_id',), name='one_price_each_run'),
        ),
    ]
