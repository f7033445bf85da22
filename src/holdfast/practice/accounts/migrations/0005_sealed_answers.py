from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_monthly'),
    ]

    operations = [
        migrations.AddField(
            model_name='practice',
            name='keeps_sealed',
            field=models.BooleanField(default=False),
        ),
    ]
