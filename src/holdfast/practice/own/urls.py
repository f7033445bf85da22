"""A client's own page. What is below /mine/ knows clients alone; its addresses say nothing."""

from django.urls import path

from holdfast.practice.own import choices, door, giving, goals, keys, said, start

urlpatterns = [
    path("mine/", door.mine, name="mine"),
    path("mine/begin/", door.begin, name="mine-begin"),
    path("mine/begin/open/", door.begin_open, name="mine-begin-open"),
    path("mine/begin/ways/", door.ways, name="mine-ways"),
    path("mine/begin/pin/", door.keep_pin, name="mine-keep-pin"),
    path("mine/pin/", door.open_with_pin, name="mine-pin"),
    path("mine/passkey/", door.passkey_asked, name="mine-passkey"),
    path("mine/passkey/shown/", door.passkey_shown, name="mine-passkey-shown"),
    path("mine/passkey/new/", door.passkey_wanted, name="mine-passkey-new"),
    path("mine/passkey/made/", door.passkey_made, name="mine-passkey-made"),
    path("mine/out/", door.sign_out, name="mine-out"),
    path("mine/leave/", door.leave, name="mine-leave"),
    path("mine/form/", start.answer_now, name="mine-form"),
    path("mine/answers/", said.answers, name="mine-answers"),
    path("mine/goals/", goals.goals, name="mine-goals"),
    path("mine/choices/", choices.choices, name="mine-choices"),
    path("mine/keys/", keys.keys, name="mine-keys"),
    path("mine/keys/end/", keys.end_key, name="mine-end-key"),
    path("mine/everything/", keys.take_everything, name="mine-everything"),
    path("clients/<uuid:key>/own/", giving.own_page_of, name="their-page"),
    path("clients/<uuid:key>/own/back/", giving.take_back, name="their-page-back"),
]
