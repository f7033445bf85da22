"""An author's own notes about one client."""

from django.urls import path

from holdfast.practice.notes import views

urlpatterns = [
    path("clients/<uuid:key>/notes/", views.notes, name="notes"),
    path("clients/<uuid:key>/notes/write/", views.write, name="write-process-note"),
    path("notes/<uuid:key>/change/", views.change, name="change-process-note"),
    path("notes/<uuid:key>/void/", views.void, name="void-process-note"),
]
