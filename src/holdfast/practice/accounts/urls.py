"""Signing in and out, the second factor, the password. django-allauth finds its own pages by the names it gave them."""

from allauth.account.views import password_change, reauthenticate
from allauth.mfa.base.views import authenticate, index
from allauth.mfa.base.views import reauthenticate as reauthenticate_by_code
from allauth.mfa.recovery_codes.views import download_recovery_codes, generate_recovery_codes, view_recovery_codes
from allauth.mfa.totp.views import activate_totp, deactivate_totp
from django.urls import path

from holdfast.practice.accounts import views
from holdfast.practice.accounts.middleware import staff_only

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/code/", authenticate, name="mfa_authenticate"),
    path("sign-in/again/", reauthenticate, name="account_reauthenticate"),
    path("sign-in/again/code/", reauthenticate_by_code, name="mfa_reauthenticate"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("stay/", views.stay, name="stay"),
    path("role/", views.choose_role, name="choose-role"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("account/", index, name="mfa_index"),
    path("account/password/", staff_only(password_change), name="account_change_password"),
    path("account/app/", activate_totp, name="mfa_activate_totp"),
    path("account/app/move/", deactivate_totp, name="mfa_deactivate_totp"),
    path("account/codes/", view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/codes/new/", generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/codes/file/", download_recovery_codes, name="mfa_download_recovery_codes"),
]
