"""The pages that the therapist reads."""

from django.urls import path

from holdfast.practice.insight import views

urlpatterns = [
    path("today/", views.today, name="today"),
]
