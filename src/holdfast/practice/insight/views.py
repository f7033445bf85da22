"""The pages that the therapist reads: each calls one query."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.practice.accounts.middleware import staff_only


@staff_only
def today(request: HttpRequest) -> HttpResponse:
    return render(request, "insight/today.html")
