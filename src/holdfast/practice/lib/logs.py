"""Logs without content: time, level, route name and status; an exception is its type, file and line.

A line about a request has its id, route name, method, status, milliseconds and the id of the person. Never a path, a
query, a body, a cookie, an address or a message: those may hold what a client wrote.
"""

import logging
import time
import traceback
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class WithoutContent(logging.Formatter):
    """Never a message, path, query, value or exception text: those may hold what a client wrote."""

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        match = getattr(request, "resolver_match", None)
        parts = [
            self.formatTime(record),
            record.levelname,
            record.name,
            f"route={match.view_name if match else '-'}",
            f"status={getattr(record, 'status_code', '-')}",
            *(f"{name}={value}" for name, value in getattr(record, "facts", {}).items()),
        ]
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            frames = traceback.extract_tb(error.__traceback__)[-3:]
            where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
            parts.append(f"error={type(error).__name__} at {where}")
        return " ".join(parts)


class NoReport(ExceptionReporter):
    """Django's debug report shows variables; ours shows nothing."""

    def __init__(self, request: HttpRequest | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(None, *args, **kwargs)

    def get_traceback_text(self) -> SafeString:
        return SafeString("")

    def get_traceback_html(self) -> SafeString:
        return SafeString("")


class AccessLog:
    """One line for each request, and one for each that failed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.log = logging.getLogger("holdfast.requests")

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = uuid4().hex[:12]
        response = self.get_response(request)
        membership = getattr(request, "membership", None)
        facts = {
            "id": request_id,
            "method": request.method if request.method in METHODS else "-",
            "ms": round(1000 * (time.perf_counter() - started)),
            "person": membership.person_id if membership else "-",
        }
        self.log.info("", extra={"request": request, "status_code": response.status_code, "facts": facts})
        return response
