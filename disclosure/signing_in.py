"""Signing in, in our words; and who is signed in, for a page that is about to send a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.urls import Resolver404, resolve
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cases.forms.base import say_errors
from cases.models import User


class LoginForm(AuthenticationForm):
    error_messages = {  # noqa: RUF012 - Django's own name, read only
        "invalid_login": "用户名或密码不对，请重试。",
        "inactive": "这个账号已停用，请与系统管理员联系。",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        longest = User._meta.get_field("username").max_length
        self.fields["username"].validators.append(MaxLengthValidator(longest))
        say_errors(self)


class SignIn(LoginView):
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_redirect_url(self) -> str:  # type: ignore[override] # the stubs know another Django
        """Where the user wanted to go; of what is only handed in, to the page it belongs to.

        A session may end before a button is pressed, and its address cannot be looked at.
        """
        wanted: str = super().get_redirect_url()
        path = urlsplit(wanted).path
        view = _view_at(path)
        if not getattr(view, "act_only", False):
            return wanted
        while view is None or getattr(view, "act_only", False):
            path = f"{path.rstrip('/').rpartition('/')[0]}/"
            view = _view_at(path)
        return path


def _view_at(path: str) -> Callable[..., Any] | None:
    try:
        return resolve(path).func
    except Resolver404:
        return None


@never_cache
@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """`user`, the id of who is signed in, "" for nobody; `csrf_token`, the one valid now.

    static/js/form.js asks before it sends a form that has stood open: what was typed is lost when
    the session has ended meanwhile. The token alone allows nothing: other sites cannot read it.
    """
    user = str(request.user.pk) if request.user.is_authenticated else ""
    return JsonResponse({"user": user, "csrf_token": get_token(request)})
