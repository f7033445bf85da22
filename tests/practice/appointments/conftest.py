"""Ada's public page, and somebody who asks."""

from datetime import datetime

import pytest

from holdfast.practice.accounts.models import Membership
from holdfast.practice.appointments.actions import request_appointment, set_page
from holdfast.practice.appointments.models import AppointmentRequest, PublicPage
from tests.practice.conftest import NOON
from tests.practice.remember import remembered

SAID = {
    "name": "Mika Orlow",
    "reach": "0170 9911",
    "hours": "after 18:00",
    "times": "Tuesday mornings",
    "words": "Sleepless since spring",
}


@pytest.fixture
@remembered
def page(ada: Membership) -> PublicPage:
    return set_page(actor=ada, slug="ada", is_on=True, texts={"who": "I am Ada."}, at=NOON)


@pytest.fixture
@remembered
def asked(page: PublicPage, noon: datetime) -> AppointmentRequest:
    return request_appointment(page=page, said=SAID, at=NOON)
