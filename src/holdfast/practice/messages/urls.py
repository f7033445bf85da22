"""The addresses about messages."""

from django.urls import path

from holdfast.practice.messages import views

urlpatterns = [
    path("clients/<uuid:key>/contact/", views.contact, name="contact"),
    path("messages/<uuid:key>/again/", views.again, name="send-again"),
    path("practice/messages/", views.timetable, name="timetable"),
    path("pulse", views.pulse, name="pulse"),
]
