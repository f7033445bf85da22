"""Signing in and out."""

from datetime import UTC, datetime, timedelta

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.practice.accounts.actions import note_role
from holdfast.practice.accounts.adapters import STARTED
from holdfast.practice.accounts.forms import SignInForm
from holdfast.practice.accounts.middleware import ROLE, staff_only
from holdfast.practice.lib import clock


@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid() and form.membership is not None:
        answer: HttpResponse = perform_login(request, form.membership.person, redirect_url=_onward(request))
        return answer
    page = {
        "form": form,
        "next": request.POST.get("next", request.GET.get("next", "")),
        "simulated_without_second_factor": not settings.SECOND_FACTOR,
    }
    return render(request, "accounts/sign_in.html", page, status=429 if form.has_error("__all__", "wait") else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    answer = redirect("sign-in")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@require_safe
@staff_only
def stay(request: HttpRequest) -> HttpResponse:
    """Asking for this page is enough to be here for as long again; it shows nothing of anybody."""
    until = clock.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    longest = datetime.fromtimestamp(request.session[STARTED], UTC) + timedelta(seconds=settings.SESSION_LONGEST)
    return render(request, "accounts/stay.html", {"until": min(until, longest)})


@require_POST
@staff_only
def choose_role(request: HttpRequest) -> HttpResponse:
    """Somebody with several roles works in one at a time, so that the log says which; another one begins anew."""
    chosen = next((row for row in request.roles if row.role == request.POST.get("role")), None)  # type: ignore[attr-defined]
    if chosen is not None:
        request.session.cycle_key()
        request.session[ROLE] = chosen.role
        note_role(membership=chosen, at=clock.now())
    return redirect("start")


def _onward(request: HttpRequest) -> str:
    """Where the person wanted to go, if that is a page of ours."""
    wanted = request.POST.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url("start")
