"""Every address of the practice app begins here."""

from django.urls import include, path

from holdfast.practice.insight.views import start

urlpatterns = [
    path("", start, name="start"),
    path("", include("holdfast.practice.accounts.urls")),
    path("", include("holdfast.practice.checkins.urls")),
    path("", include("holdfast.practice.messages.urls")),
    path("", include("holdfast.practice.formulation.urls")),
    path("", include("holdfast.practice.notes.urls")),
    path("", include("holdfast.practice.appointments.urls")),
    path("", include("holdfast.practice.insight.urls")),
    path("", include("holdfast.practice.reading.urls")),
    path("", include("holdfast.practice.own.urls")),
    path("", include("holdfast.practice.demo.urls")),
]
handler429 = "holdfast.practice.lib.views.too_many"
handler404 = "holdfast.practice.lib.views.not_there"
handler500 = "holdfast.practice.lib.views.went_wrong"
handler403 = "holdfast.practice.lib.views.not_there"
