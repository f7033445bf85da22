"""The pages of somebody who answers. Their addresses say nothing."""

from django.urls import path

from holdfast.practice.checkins import views

urlpatterns = [
    path("f", views.door, name="form-door"),
    path("f/open", views.open_link, name="form-open"),
    path("f/code", views.open_code, name="form-code"),
    path("f/form", views.form, name="form"),
    path("f/thanks", views.thanks, name="form-thanks"),
    path("f/who", views.who, name="form-who"),
    path("f/exit", views.leave, name="form-exit"),
]
