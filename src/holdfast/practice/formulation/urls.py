"""The formulation of one client, and what is done on it."""

from django.urls import path

from holdfast.practice.formulation import views

urlpatterns = [
    path("clients/<uuid:key>/formulation/", views.formulation, name="formulation"),
    path("clients/<uuid:key>/formulation/add/", views.add_entry, name="add-entry"),
    path("clients/<uuid:key>/goals/add/", views.add_goal, name="add-goal"),
    path("entries/<uuid:key>/change/", views.change_entry, name="change-entry"),
    path("entries/<uuid:key>/aside/", views.set_aside, name="set-aside"),
    path("entries/<uuid:key>/back/", views.bring_back, name="bring-back"),
    path("goals/<uuid:key>/reword/", views.reword_goal, name="reword-goal"),
    path("goals/<uuid:key>/end/", views.end_goal, name="end-goal"),
    path("goals/<uuid:key>/take-up/", views.take_up_goal, name="take-up-goal"),
    path("goals/<uuid:key>/links/", views.link_goal, name="link-goal"),
    path("sessions/<uuid:key>/worked-on/", views.worked_on, name="worked-on"),
]
