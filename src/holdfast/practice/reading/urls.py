"""The duty, one client's consent to it, and what waits to be read."""

from django.urls import path

from holdfast.practice.reading import views

urlpatterns = [
    path("practice/safety/", views.duty, name="duty"),
    path("practice/safety/end/", views.stop_duty, name="stop-duty"),
    path("clients/<uuid:key>/safety/", views.client_safety, name="client-safety"),
    path("clients/<uuid:key>/safety/back/", views.client_safety_back, name="client-safety-back"),
    path("waiting/<uuid:key>/", views.waiting, name="waiting"),
    path("waiting/<uuid:key>/read/", views.have_read, name="have-read"),
]
