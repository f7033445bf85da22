"""Every page of one client can be reached from each of the others."""

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from tests.practice.insight.conftest import Therapy

PLACES = ("", "formulation/", "together/", "sharing/", "contact/", "own/", "summary/", "supervision/", "notes/")


@pytest.mark.parametrize("place", [each for each in PLACES if each != "together/"])
def test_a_clients_pages_lead_to_one_another(
    place: str, told: Therapy, ada: Membership, signed_in: Callable[[Membership | None], Browser]
) -> None:
    base = f"/clients/{told.client.pk}/"
    text = signed_in(ada).get(base + place).content.decode()
    places = text[text.index('aria-label="This client"') :]
    places = places[: places.index("</nav>")]
    assert re.findall(r'href="([^"]*)"', places) == [base + each for each in PLACES]
    assert len(re.findall(r'aria-current="page"', places)) == 1
