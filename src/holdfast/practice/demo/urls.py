"""The tour of the demonstration. In a practice that is not simulated these addresses are not there."""

from django.urls import path

from holdfast.practice.demo import tour

urlpatterns = [
    path("tour/", tour.tour, name="tour"),
    path("tour/<slug:key>/", tour.look, name="tour-look"),
]
