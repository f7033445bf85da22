"""The one exception to Django's check of form posts: pages of people who answer leave no lasting cookie behind.

Instead the browser has to say that the post comes from our own page, and the form carries an id bound to its cookie.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

View = Callable[[HttpRequest], HttpResponse]


def from_our_page(refused: View, *, shown: View | None = None) -> Callable[[View], View]:
    """Let posts through whose ``Origin`` is this site; others get ``refused``. ``shown`` answers a GET, if any does."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest) -> HttpResponse:
            if shown is not None and request.method in {"GET", "HEAD"}:
                return shown(request)
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"] if shown is None else ["GET", "POST"])
            ours = f"{request.scheme}://{request.get_host()}"
            return view(request) if request.headers.get("Origin") == ours else refused(request)

        return wrapped

    return decorate
