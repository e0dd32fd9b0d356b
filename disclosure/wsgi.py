"""What gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "disclosure.settings")

application = get_wsgi_application()

# What is loaded by now stays to the end. The collector need not look through it again and again,
# which took a tenth of a second each time, in the middle of somebody's request.
len(get_resolver().url_patterns)  # loads the views
gc.collect()
gc.freeze()
