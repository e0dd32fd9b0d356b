"""Which address leads where. Errors are said by 400, 403, 404 and 500.html in templates/."""

from django.contrib.auth.views import LogoutView
from django.urls import URLPattern, URLResolver, include, path

from disclosure import health
from disclosure.signing_in import SignIn, session

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("cases.urls")),
    path("", include("reports.urls")),
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("session/", session, name="session"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
