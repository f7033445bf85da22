"""Attachment: what changes over months, and, exploratory, whether the bond with the therapist carries over."""

from holdfast.alliance.attachment.change import AttachmentChange, attachment_change
from holdfast.alliance.attachment.template import RelationalTemplate, WorkingModel, fit_template, working_model

__all__ = [
    "AttachmentChange",
    "RelationalTemplate",
    "WorkingModel",
    "attachment_change",
    "fit_template",
    "working_model",
]
