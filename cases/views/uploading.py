"""A page whose form brings files along: they are taken in before anything reads the form."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from cases.receiving import SealingHandler
from cases.views.acting import form_methods
from cases.views.base import V


def upload_view(view: V) -> V:
    """For a view that ends in `read_uploads`, which checks the token: to check it reads the form,
    and nothing may do so until the handler is in its place."""
    return csrf_exempt(login_required(form_methods(view)))


def read_uploads(
    request: HttpRequest, handler: SealingHandler, answer: Callable[[HttpRequest], HttpResponse]
) -> HttpResponse:
    """`answer` to a form whose files `handler` takes in; what it leaves behind is deleted."""
    if request.method == "POST":
        request.upload_handlers = [handler]
    try:
        return csrf_protect(answer)(request)
    finally:
        handler.discard()
