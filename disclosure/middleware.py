"""What happens to a request before Django's own middleware sees it."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from cases import audit


class ClientAddress:
    """Behind our reverse proxy the client is who the proxy says, for the audit log.

    The proxy appends the address it saw, so only the last entry can be trusted.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        if settings.HTTPS and forwarded:
            request.META["REMOTE_ADDR"] = forwarded.rpartition(",")[2].strip()
        audit.remote_address.set(request.META.get("REMOTE_ADDR", ""))
        return self.get_response(request)
