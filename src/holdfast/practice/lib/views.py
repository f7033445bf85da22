"""The pages of last resort. "Not there" and "not yours" are the same page with the same bytes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def not_there(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "lib/not_there.html", status=404)


def went_wrong(request: HttpRequest) -> HttpResponse:
    return render(request, "lib/went_wrong.html", status=500)


def too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "lib/too_many.html", status=429)


def page_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token: the page was open too long, or it is not ours."""
    return render(request, "lib/too_old.html", status=403)
