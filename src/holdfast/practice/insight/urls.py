"""The pages that the therapist reads and works on."""

from django.urls import path

from holdfast.practice.insight import episodes, paper, running, together, views, work

urlpatterns = [
    path("today/", views.today, name="today"),
    path("clients/", views.clients, name="clients"),
    path("clients/new/", work.new_client, name="new-client"),
    path("clients/<uuid:key>/", views.client, name="client"),
    path("clients/<uuid:key>/book/", work.book, name="book"),
    path("clients/<uuid:key>/language/", work.choose_language, name="choose-language"),
    path("sessions/<uuid:key>/", views.session, name="session"),
    path("sessions/<uuid:key>/links/", work.make_link, name="make-link"),
    path("sessions/<uuid:key>/mark/", work.mark, name="mark"),
    path("sessions/<uuid:key>/rate/", work.rate_session, name="rate"),
    path("sessions/<uuid:key>/skip/", work.skip, name="skip"),
    path("links/<uuid:key>/revoke/", work.revoke, name="revoke-link"),
    path("comments/<uuid:key>/reply/", work.answer_comment, name="reply"),
    path("practice/", running.practice, name="practice"),
    path("practice/settings/", running.settings, name="settings"),
    path("supervision/", together.supervision, name="supervision"),
    path("clients/<uuid:key>/together/", paper.together, name="together"),
    path("clients/<uuid:key>/summary/", paper.letter, name="letter"),
    path("clients/<uuid:key>/supervision/", together.client_supervision, name="client-supervision"),
    path("clients/<uuid:key>/supervision/consent/", together.give_consent, name="give-consent"),
    path("clients/<uuid:key>/supervision/consent/back/", together.take_consent_back, name="take-consent-back"),
    path("clients/<uuid:key>/supervision/share/", together.start_share, name="start-share"),
    path("shares/<uuid:key>/end/", together.stop_share, name="stop-share"),
    path("shares/<uuid:key>/say/", together.say, name="say-in-supervision"),
    path("words/<uuid:key>/settle/", together.settle_word, name="settle-word"),
    path("episodes/", episodes.episodes, name="episodes"),
    path("episodes/<uuid:key>/", episodes.episode, name="episode"),
    path("episodes/<uuid:key>/acknowledge/", episodes.acknowledge_episode, name="acknowledge"),
    path("episodes/<uuid:key>/talked/", episodes.talked, name="talked"),
    path("episodes/<uuid:key>/undo/", episodes.undo, name="undo"),
    path("episodes/<uuid:key>/try/", episodes.plan_attempt, name="plan"),
    path("attempts/<uuid:key>/", episodes.tell_attempt, name="tell"),
    path("episodes/<uuid:key>/note/", episodes.add_note, name="note"),
    path("episodes/<uuid:key>/close/", episodes.close_episode, name="close"),
    path("episodes/<uuid:key>/reopen/", episodes.reopen_episode, name="reopen"),
]
