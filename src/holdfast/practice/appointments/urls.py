"""The addresses of appointments: what everybody may open, then the therapist's own."""

from django.urls import path

from holdfast.practice.appointments import public, views

urlpatterns = [
    path("with/<slug:slug>/", public.public_page, name="public-page"),
    path("with/<slug:slug>/sent/", public.sent, name="public-sent"),
    path("times", public.times_door, name="times-door"),
    path("times/open", public.times_open, name="times-open"),
    path("times/choose", public.times_choose, name="times-choose"),
    path("feed/<str:token>.ics", public.feed, name="feed"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/book/", views.book, name="book-series"),
    path("calendar/feed/", views.feed_address, name="feed-address"),
    path("sessions/<uuid:key>/move/", views.move_session, name="move-session"),
    path("sessions/<uuid:key>/state/", views.mark, name="session-state"),
    path("requests/", views.requests, name="requests"),
    path("requests/<uuid:key>/", views.one_request, name="request"),
    path("requests/<uuid:key>/accept/", views.accept_request, name="accept-request"),
    path("requests/<uuid:key>/propose/", views.propose_times, name="propose-times"),
    path("requests/<uuid:key>/decline/", views.decline_request, name="decline-request"),
    path("requests/<uuid:key>/list/", views.list_request, name="list-request"),
    path("my-page/", views.public_page, name="own-page"),
]
