"""By when an order is to be paid, and when those who pay were told that the day is over."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_price_of_a_place'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='due_on',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='overdue_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('overdue_at', None), ('state', 'invoiced')), fields=['due_on'], name='orders_to_be_paid'),
        ),
    ]
