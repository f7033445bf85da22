"""Logs without content: time, level, logger, route name and status; an exception is its type, file and line."""

import logging
import traceback
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter


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
