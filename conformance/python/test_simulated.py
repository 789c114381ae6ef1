"""A simulated car under a clock that the test moves, seen by the official SDK alone."""

import json
import urllib.request

import pytest
import smartcar
from smartcar.exception import SmartcarException

import carport
from conftest import REDIRECT_URI, READY

SCOPE = [
    "required:read_vehicle_info",
    "required:read_odometer",
    "required:read_location",
    "required:read_battery",
    "required:read_charge",
    "required:control_charge",
    "required:control_security",
]


def control(path, body):
    """Calls the simulator's control API, open on a `dev` server."""
    request = urllib.request.Request(
        f"{READY['url']}/simulator/v1/{path}",
        data=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Owner:
    """An application with a car that lives through a day."""

    def __init__(self, browser):
        self.client = smartcar.AuthClient(mode="simulated", redirect_uri=REDIRECT_URI)
        self.car = control(
            "simulations",
            {"make": "KIA", "model": "EV6", "country": "US", "scenario": "day-commute", "play": True},
        )
        url = self.client.get_auth_url(SCOPE, {"force_prompt": True, "flags": {"country": "US"}})
        login = {"email": self.car["username"], "password": self.car["password"]}
        code = carport.approve(browser, url, brand="KIA", **login)["code"]
        self.tokens = self.client.exchange_code(code)

    def advance(self, by):
        """Moves the clock, and signs in anew as an application must after so long."""
        control("clock/advance", {"by": by})
        self.tokens = self.client.exchange_refresh_token(self.tokens.refresh_token)

    def vehicle(self):
        return smartcar.Vehicle(self.car["vehicleId"], self.tokens.access_token)

    def look(self):
        paths = ["/odometer", "/location", "/battery", "/charge"]
        return self.vehicle().batch(paths)


@pytest.fixture(scope="module")
def owner(browser):
    return Owner(browser)


def test_it_drives(owner):
    assert owner.vehicle().attributes().model == "EV6"
    home = owner.look()
    assert home.charge().is_plugged_in is True
    owner.advance("8h")
    driving = owner.look()
    assert driving.odometer().distance > home.odometer().distance
    assert driving.battery().percent_remaining < home.battery().percent_remaining
    assert driving.location().latitude != home.location().latitude
    with pytest.raises(SmartcarException) as caught:
        owner.vehicle().lock()
    assert (caught.value.type, caught.value.code) == ("VEHICLE_STATE", "IN_MOTION")


def test_it_charges(owner):
    control(f"simulations/{owner.car['id']}/jump", {"stage": "Charge at home"})
    begun = owner.look()
    assert begun.charge().state == "CHARGING"
    owner.advance("30m")
    later = owner.look()
    assert later.battery().percent_remaining > begun.battery().percent_remaining
    assert later.odometer().distance == begun.odometer().distance
    owner.vehicle().stop_charge()
    assert owner.look().charge().state == "NOT_CHARGING"
