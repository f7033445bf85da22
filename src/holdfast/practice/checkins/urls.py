"""The pages of somebody who answers. Their addresses say nothing."""

from django.urls import path
from django.views.decorators.http import require_safe

from holdfast.practice.checkins import views
from holdfast.practice.checkins.questions import FOLDER
from holdfast.practice.lib.words import DEFAULT, languages

OTHERS = [each for each in languages(FOLDER) if each != DEFAULT]

urlpatterns = [
    path("f", views.door, name="form-door"),
    path("f/open", views.open_link, name="form-open"),
    path("f/code", views.open_code, name="form-code"),
    path("f/form", views.form, name="form"),
    path("f/longer", views.longer, name="form-longer"),
    path("f/sealed", views.sealed, name="form-sealed"),
    path("f/thanks", views.thanks, name="form-thanks"),
    path("f/after", require_safe(views.after), name="form-after"),
    path("f/who", views.who, name="form-who"),
    path("f/exit", views.leave, name="form-exit"),
    *(path(f"f/{each}", views.door, {"language": each}, name=f"form-door-{each}") for each in OTHERS),
]
