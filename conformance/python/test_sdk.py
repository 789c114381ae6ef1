import re
from datetime import datetime, timedelta

import pytest
import smartcar
from smartcar.exception import SmartcarException

from carport import approve

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

# The eleven of the official suite.
SCOPE = [
    "required:read_vehicle_info",
    "required:read_location",
    "required:read_odometer",
    "required:control_security",
    "required:read_vin",
    "required:read_fuel",
    "required:read_battery",
    "required:read_charge",
    "required:read_engine_oil",
    "required:read_tires",
    "required:read_security",
]


def new_client():
    return smartcar.AuthClient(mode="test")


def connect(browser, scope, **login):
    """Through Connect to the code, the tokens and the first vehicle."""
    client = new_client()
    url = client.get_auth_url(scope, {"force_prompt": True})
    code = approve(browser, url, **login)["code"]
    access = client.exchange_code(code)
    vehicles = smartcar.get_vehicles(access.access_token).vehicles
    return code, access, smartcar.Vehicle(vehicles[0], access.access_token)


@pytest.fixture(scope="module")
def volt(browser):
    return connect(browser, SCOPE)


@pytest.fixture(scope="module")
def access(volt):
    return volt[1]


@pytest.fixture(scope="module")
def vehicle(volt):
    return volt[2]


@pytest.fixture(scope="module")
def ford(browser):
    """The official suite's Ford, which may not read the odometer."""
    scope = ["required:read_charge", "required:control_charge", "control_navigation"]
    return connect(browser, scope, brand="FORD")[2]


def has_meta(answer, data=True, unit_system=None):
    assert UUID.fullmatch(answer.meta.request_id)
    if data:
        assert TIME.fullmatch(answer.meta.data_age)
        assert TIME.fullmatch(answer.meta.fetched_at)
        assert answer.meta.data_age <= answer.meta.fetched_at
    if unit_system:
        assert answer.meta.unit_system == unit_system


def are_floats(*values):
    for value in values:
        assert type(value) is float, repr(value)


def fails(call, status, kind, code, resolution, base):
    with pytest.raises(SmartcarException) as caught:
        call()
    error = caught.value
    assert error.status_code == status
    assert error.type == kind
    assert error.code == code
    assert UUID.fullmatch(error.request_id)
    assert isinstance(error.description, str)
    named = kind + (f":{code}" if code else "")
    assert error.message == f"{named} - {error.description}"
    assert error.resolution == {"type": resolution, "url": None}
    kebab = kind.lower().replace("_", "-")
    anchor = "#" + code.lower().replace("_", "-") if code else ""
    assert error.doc_url == f"{base}/docs/errors/{kebab}{anchor}"
    # type, code, description, doc_url, status_code, request_id, resolution, detail,
    # suggested_user_message and message: the official suite counts exactly ten.
    assert len(vars(error)) == 10, sorted(vars(error))
    return error


def test_connect_redirects_with_a_code(browser):
    url = new_client().get_auth_url(
        SCOPE, {"state": "a state/+=", "flags": {"country": "US", "test_flag": True}, "user": "me"}
    )
    answer = approve(browser, url, brand="BMW")
    assert re.fullmatch(r"[A-Za-z0-9._~-]{36}", answer["code"])
    assert answer["state"] == "a state/+="
    assert UUID.fullmatch(answer["user_id"])
    assert "error" not in answer


def test_exchange_code(access):
    assert access.token_type == "Bearer"
    assert access.expires_in == 7200
    assert len(access.access_token) == 36
    assert len(access.refresh_token) == 36
    assert access.expiration - datetime.utcnow() > timedelta(minutes=100)
    assert access.refresh_expiration - datetime.utcnow() > timedelta(days=59)


def test_a_code_works_once(volt):
    code = volt[0]
    with pytest.raises(SmartcarException) as caught:
        new_client().exchange_code(code)
    assert caught.value.status_code == 400
    assert caught.value.type == "invalid_request"
    assert caught.value.message == f"Invalid code: {code}."


def test_an_unknown_code_is_named():
    with pytest.raises(SmartcarException) as caught:
        new_client().exchange_code("THIS_IS_A_BAD_CODE")
    assert caught.value.status_code == 400
    assert caught.value.type == "invalid_request"
    assert caught.value.message == "Invalid code: THIS_IS_A_BAD_CODE."


def test_exchange_refresh_token(access):
    pair = new_client().exchange_refresh_token(access.refresh_token)
    assert pair.access_token != access.access_token
    assert pair.refresh_token != access.refresh_token
    assert pair.token_type == "Bearer"
    same = smartcar.get_user(pair.access_token).id
    assert same == smartcar.get_user(access.access_token).id


def test_a_bad_refresh_token_is_named():
    with pytest.raises(SmartcarException) as caught:
        new_client().exchange_refresh_token("THIS_IS_A_BAD_TOKEN")
    assert caught.value.status_code == 400
    assert caught.value.type == "invalid_request"
    assert caught.value.message == "Invalid refresh_token: THIS_IS_A_BAD_TOKEN."


def test_a_wrong_secret_is_invalid_client():
    with pytest.raises(SmartcarException) as caught:
        smartcar.AuthClient(client_secret="wrong", mode="test").exchange_code("any")
    assert caught.value.status_code == 401
    assert caught.value.type == "invalid_client"


def test_get_user(access):
    user = smartcar.get_user(access.access_token)
    assert UUID.fullmatch(user.id)
    has_meta(user, data=False)


def test_get_vehicles(access):
    page = smartcar.get_vehicles(access.access_token)
    assert len(page.vehicles) == 1
    assert (page.paging.count, page.paging.offset) == (1, 0)
    past = smartcar.get_vehicles(access.access_token, paging={"limit": 1, "offset": 1})
    assert past.vehicles == []
    assert (past.paging.count, past.paging.offset) == (1, 1)


def test_get_vehicles_pages(browser):
    token = connect(browser, ["read_vin"], email="3-vehicles@smartcar.com")[1].access_token
    first = smartcar.get_vehicles(token, paging={"limit": 2})
    rest = smartcar.get_vehicles(token, paging={"limit": 2, "offset": 2})
    assert (len(first.vehicles), len(rest.vehicles)) == (2, 1)
    assert rest.paging.count == 3


def test_attributes(vehicle):
    answer = vehicle.attributes()
    assert answer.id == vehicle.vehicle_id
    assert (answer.make, answer.model) == ("CHEVROLET", "Volt")
    assert type(answer.year) is int
    has_meta(answer, data=False)


def test_vin(vehicle):
    assert re.fullmatch(r"0SC[A-Z0-9]{14}", vehicle.vin().vin)


def test_permissions(vehicle):
    answer = vehicle.permissions()
    assert sorted(answer.permissions) == sorted(name.split(":")[1] for name in SCOPE)
    assert answer.paging.count == 11
    assert len(vehicle.permissions({"limit": 1}).permissions) == 1


def test_odometer(vehicle):
    answer = vehicle.odometer()
    are_floats(answer.distance)
    assert answer.distance > 0
    has_meta(answer, unit_system="metric")


def test_location(vehicle):
    answer = vehicle.location()
    are_floats(answer.latitude, answer.longitude)
    has_meta(answer)


def test_fuel(vehicle):
    answer = vehicle.fuel()
    are_floats(answer.range, answer.percent_remaining, answer.amount_remaining)
    assert answer.range > 0 and answer.amount_remaining > 0
    has_meta(answer, unit_system="metric")


def test_battery(vehicle):
    answer = vehicle.battery()
    are_floats(answer.percent_remaining, answer.range)
    assert 0 < answer.percent_remaining <= 1 and answer.range > 0
    has_meta(answer, unit_system="metric")


def test_charge(vehicle):
    answer = vehicle.charge()
    assert type(answer.is_plugged_in) is bool
    assert answer.state in ("CHARGING", "FULLY_CHARGED", "NOT_CHARGING")
    has_meta(answer)


def test_tire_pressure(vehicle):
    answer = vehicle.tire_pressure()
    are_floats(answer.front_left, answer.front_right, answer.back_left, answer.back_right)
    has_meta(answer, unit_system="metric")


def test_imperial(access, vehicle):
    # set_unit_system raises in this SDK whatever it is given; the option works.
    options = {"unit_system": "imperial"}
    imperial = smartcar.Vehicle(vehicle.vehicle_id, access.access_token, options)
    has_meta(imperial.odometer(), unit_system="imperial")
    has_meta(imperial.fuel(), unit_system="imperial")
    pressure = imperial.tire_pressure()
    has_meta(pressure, unit_system="imperial")
    assert 25 < pressure.front_left < 35


def test_a_bad_token_is_authentication(vehicle, base):
    stranger = smartcar.Vehicle(vehicle.vehicle_id, "abc")
    fails(stranger.odometer, 401, "AUTHENTICATION", None, None, base)
    fails(lambda: smartcar.get_user("abc"), 401, "AUTHENTICATION", None, None, base)


def test_a_missing_permission_is_permission(ford, base):
    fails(ford.odometer, 403, "PERMISSION", None, "REAUTHENTICATE", base)


def test_a_bad_id_is_validation(access, base):
    bad = smartcar.Vehicle("bad_id", access.access_token)
    error = fails(bad.odometer, 400, "VALIDATION", None, None, base)
    assert error.resolution == {"type": None, "url": None}
    assert error.detail, "names the field"


def test_asleep(browser, base):
    login = "VEHICLE_STATE.ASLEEP@smartcar.com"
    vehicle = connect(browser, SCOPE, email=login)[2]
    fails(vehicle.battery, 409, "VEHICLE_STATE", "ASLEEP", None, base)
    assert vehicle.attributes().make == "CHEVROLET"
    assert vehicle.vin().vin
    assert vehicle.permissions().paging.count == 11


def test_fuel_of_a_tesla_is_compatibility(browser, base):
    vehicle = connect(browser, ["read_fuel", "read_battery"], brand="TESLA")[2]
    fails(vehicle.fuel, 501, "COMPATIBILITY", "VEHICLE_NOT_CAPABLE", None, base)
    are_floats(vehicle.battery().range)
