"""How fast it is, on ten thousand and on a million cases: `make bench`.

Every database is a scratch one, filled and measured by processes of their own whose `DATABASE_URL`
names it; the installation's own is never touched.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.bench.settings")
django.setup()
