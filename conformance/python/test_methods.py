"""Every public function of the SDK once with success and once with its documented failure.

Consent is given on the command line here: the pages are the matter of test_sdk.py.
"""

import functools
import inspect
import os
import subprocess
import uuid
from urllib.parse import parse_qs, urlsplit

import pytest
import smartcar
from smartcar.exception import SmartcarException

import carport
from conftest import READY

EVERYTHING = [
    "read_vehicle_info",
    "read_vin",
    "read_odometer",
    "read_location",
    "read_fuel",
    "read_battery",
    "read_charge",
    "read_engine_oil",
    "read_tires",
    "read_security",
    "read_service_history",
    "read_diagnostics",
    "control_charge",
    "control_security",
    "control_navigation",
]
FOUR = ["frontLeft", "frontRight", "backLeft", "backRight"]
# Nothing answers a failure here: they compute, or keep a setting.
CANNOT_FAIL = {
    "get_api_version",
    "set_api_version",
    "hash_challenge",
    "verify_payload",
    "AuthClient.get_auth_url",
}
# Raises whatever it is given, a fault of this version of the SDK.
CANNOT_SUCCEED = {"Vehicle.set_unit_system"}

OUTCOMES = {}


def watch(owner, prefix=""):
    for name, function in inspect.getmembers(owner, inspect.isfunction):
        if name.startswith("_") or isinstance(inspect.getattr_static(owner, name), staticmethod):
            continue
        outcomes = OUTCOMES.setdefault(prefix + name, set())

        @functools.wraps(function)
        def watched(*arguments, _call=function, _outcomes=outcomes, **named):
            try:
                answer = _call(*arguments, **named)
            except Exception:
                _outcomes.add("failure")
                raise
            _outcomes.add("success")
            return answer

        setattr(owner, name, watched)


@pytest.fixture(scope="module", autouse=True)
def watching():
    with pytest.MonkeyPatch.context() as patch:
        for owner, prefix in [
            (smartcar, ""),
            (smartcar.AuthClient, "AuthClient."),
            (smartcar.Vehicle, "Vehicle."),
        ]:
            for name, _ in inspect.getmembers(owner, inspect.isfunction):
                patch.setattr(owner, name, inspect.getattr_static(owner, name))
            watch(owner, prefix)
        yield


def connect(scope, brand="CHEVROLET"):
    """Consent on the command line, then the SDK's own exchange; the first vehicle."""
    # That consent uses the application's default address.
    client = smartcar.AuthClient(mode="test", redirect_uri=READY["application"]["redirectUris"][0])
    command = [os.environ["CARPORT_BIN"], "connect", "--app", READY["application"]["id"]]
    login = ["--brand", brand, "--user", f"{uuid.uuid4()}@email.com", "--scope", " ".join(scope)]
    url = subprocess.check_output([*command, *login, "--data", READY["data"]], text=True)
    code = parse_qs(urlsplit(url.strip()).query)["code"][0]
    token = client.exchange_code(code).access_token
    return smartcar.Vehicle(smartcar.get_vehicles(token).vehicles[0], token)


@pytest.fixture(scope="module")
def volt(watching):
    return connect(EVERYTHING)


@pytest.fixture(scope="module")
def bare(watching):
    return connect(["read_user_profile"])


def fails(call, kind, status):
    with pytest.raises(SmartcarException) as caught:
        call()
    assert (caught.value.type, caught.value.status_code) == (kind, status)
    return caught.value


READS = {
    "vin": ["vin"],
    "attributes": ["id", "make", "model", "year"],
    "odometer": ["distance"],
    "location": ["latitude", "longitude"],
    "fuel": ["range", "percent_remaining", "amount_remaining"],
    "battery": ["percent_remaining", "range"],
    "battery_capacity": ["capacity"],
    "nominal_capacity": ["availableCapacities", "capacity", "url"],
    "charge": ["is_plugged_in", "state"],
    "get_charge_limit": ["limit"],
    "engine_oil": ["life_remaining"],
    "tire_pressure": ["front_left", "front_right", "back_left", "back_right"],
    "lock_status": ["is_locked", "doors", "windows", "sunroof", "storage", "charging_port"],
    "diagnostic_system_status": ["systems"],
    "diagnostic_trouble_codes": ["active_codes"],
}


@pytest.mark.parametrize("method", READS)
def test_read(volt, bare, method):
    answer = getattr(volt, method)()
    assert sorted(answer._fields) == sorted([*READS[method], "meta"])
    for name in READS[method]:
        value = getattr(answer, name)
        if name != "url":
            assert value is not None, name
        if isinstance(value, (int, float)) and not isinstance(value, bool) and name != "longitude":
            assert value > 0, name
    fails(getattr(bare, method), "PERMISSION", 403)


def test_lock_status(volt):
    answer = volt.lock_status()
    assert [door["type"] for door in answer.doors] == FOUR
    assert {window["status"] for window in answer.windows} <= {"OPEN", "CLOSED", "UNKNOWN"}


def test_diagnostics(volt):
    systems = volt.diagnostic_system_status().systems
    assert all(system.status in ("OK", "ALERT") for system in systems)
    assert volt.diagnostic_trouble_codes().active_codes[0].code


def test_service_history(volt, bare):
    for dates in [(), ("2020-01-01", "2040-01-01")]:
        answer = volt.service_history(*dates)
        assert answer.items and all(item["odometerDistance"] > 0 for item in answer.items)
    assert list(volt.service_history("1990-01-01", "1990-02-01").items) == []
    fails(bare.service_history, "PERMISSION", 403)


def test_permissions(volt):
    assert volt.permissions().permissions == EVERYTHING
    fails(smartcar.Vehicle(volt.vehicle_id, "abc").permissions, "AUTHENTICATION", 401)


def test_batch(volt):
    paths = ["/odometer", "/", "/tires/pressure", "/charge/limit", "/service/history"]
    batch = volt.batch(paths)
    assert batch.odometer().distance > 0
    assert batch.attributes().make == "CHEVROLET"
    assert batch.get_charge_limit().limit > 0
    assert batch.tire_pressure().meta.unit_system == "metric"
    partly = connect(["read_odometer"]).batch(["/odometer", "/location"])
    assert partly.odometer().distance > 0
    fails(partly.location, "PERMISSION", 403)
    fails(lambda: volt.batch(["/LOCATIONNNNNNNN"]), "VALIDATION", 400)


def test_request(volt, bare):
    assert volt.request("GET", "odometer").body["distance"] > 0
    fails(lambda: bare.request("GET", "odometer"), "PERMISSION", 403)


COMMANDS = {
    "lock": (),
    "unlock": (),
    "start_charge": (),
    "stop_charge": (),
    "set_charge_limit": (0.7,),
    "send_destination": (39.7, -104.9),
}


@pytest.mark.parametrize("method", COMMANDS)
def test_command(volt, bare, method):
    answer = getattr(volt, method)(*COMMANDS[method])
    assert answer.status == "success"
    if hasattr(answer, "message"):
        assert answer.message == "Successfully sent request to vehicle"
    fails(lambda: getattr(bare, method)(*COMMANDS[method]), "PERMISSION", 403)


def test_what_was_commanded_is_read_back(volt):
    volt.unlock()
    assert volt.lock_status().is_locked is False
    volt.lock()
    assert volt.lock_status().is_locked is True
    volt.set_charge_limit(0.7)
    assert volt.get_charge_limit().limit == 0.7


def test_set_unit_system(volt):
    with pytest.raises(Exception):
        volt.set_unit_system("imperial")


def test_tokens():
    client = smartcar.AuthClient(mode="test")
    assert client.get_auth_url(["read_vin"]).startswith(READY["url"])
    fails(lambda: client.exchange_code("wrong"), "invalid_request", 400)
    fails(lambda: client.exchange_refresh_token("wrong"), "invalid_request", 400)


def test_user_and_vehicles(volt):
    assert smartcar.get_user(volt.access_token).id
    assert smartcar.get_vehicles(volt.access_token).vehicles == [volt.vehicle_id]
    fails(lambda: smartcar.get_user("abc"), "AUTHENTICATION", 401)
    fails(lambda: smartcar.get_vehicles("abc"), "AUTHENTICATION", 401)


def test_refresh(volt):
    client = smartcar.AuthClient(
        mode="test", redirect_uri=READY["application"]["redirectUris"][0]
    )
    command = [os.environ["CARPORT_BIN"], "connect", "--app", READY["application"]["id"]]
    login = ["--brand", "KIA", "--scope", "read_vin", "--data", READY["data"]]
    url = subprocess.check_output([*command, *login], text=True)
    pair = client.exchange_code(parse_qs(urlsplit(url.strip()).query)["code"][0])
    assert client.exchange_refresh_token(pair.refresh_token).access_token != pair.access_token


# VIN, what is asked, whether compatible, and what each is capable of (REST contract, 4.1).
COMPATIBILITY = [
    ("5YJXCDE22HF068739", ["read_odometer", "read_location"], True, [True, True]),
    ("WAUAFAFL1GN014882", ["read_odometer", "read_location"], True, [False, False]),
    ("WBAKE5C58DJ107700", ["read_odometer", "read_location"], False, []),
]


@pytest.mark.parametrize(("vin", "scope", "compatible", "capable"), COMPATIBILITY)
def test_get_compatibility(vin, scope, compatible, capable):
    answer = smartcar.get_compatibility(vin, scope)
    assert answer.compatible is compatible
    assert [capability.capable for capability in answer.capabilities] == capable
    assert answer.reason == (None if compatible else "VEHICLE_NOT_COMPATIBLE")


def test_get_compatibility_fails():
    fails(lambda: smartcar.get_compatibility("short", ["read_odometer"]), "VALIDATION", 400)


def test_the_old_compatibility():
    assert smartcar.get_api_version() == "2.0"
    smartcar.set_api_version("1.0")
    try:
        answer = smartcar.get_compatibility("5YJXCDE22HF068739", ["read_odometer"])
    finally:
        smartcar.set_api_version("2.0")
    assert answer.compatible is True


def test_webhook_helpers():
    expected = "9baf5a7464bd86740ad5a06e439dcf535a075022ed2c92d74efacf646d79328e"
    assert smartcar.hash_challenge("amt", "challenge") == expected
    assert smartcar.verify_payload("amt", smartcar.hash_challenge("amt", "body"), "body")


def test_subscriptions(volt):
    application = READY["application"]
    webhook = application["webhookId"]
    made = volt.subscribe(webhook)
    assert (made.webhook_id, made.vehicle_id) == (webhook, volt.vehicle_id)
    assert volt.unsubscribe(application["managementToken"], webhook).status == "success"
    fails(lambda: volt.subscribe("no-uuid"), "VALIDATION", 400)
    fails(lambda: volt.unsubscribe("wrong", webhook), "AUTHENTICATION", 401)


def test_connections():
    token = READY["application"]["managementToken"]
    bmw = connect(["read_vin"], brand="BMW")
    user = smartcar.get_user(bmw.access_token).id
    listed = smartcar.get_connections(token, {"vehicle_id": bmw.vehicle_id}).connections
    assert [(item.vehicle_id, item.user_id) for item in listed] == [(bmw.vehicle_id, user)]
    assert listed[0].connected_at
    page = smartcar.get_connections(token, {}, {"limit": 1})
    assert len(page.connections) == 1 and page.paging.cursor
    gone = smartcar.delete_connections(token, {"vehicle_id": bmw.vehicle_id}).connections
    assert gone[0].connected_at is None
    with pytest.raises(SmartcarException):
        bmw.vin()
    with pytest.raises(SmartcarException):
        smartcar.get_connections("wrong")
    with pytest.raises(SmartcarException):
        smartcar.delete_connections("wrong", {"user_id": user})


def test_disconnect(volt):
    kia = connect(["read_charge"], brand="KIA")
    assert kia.disconnect().status == "success"
    with pytest.raises(SmartcarException):
        kia.charge()
    fails(smartcar.Vehicle(volt.vehicle_id, "abc").disconnect, "AUTHENTICATION", 401)


def test_v3_of_the_documented_test_vehicle():
    car = smartcar.Vehicle("tst2e255-d3c8-4f90-9fec-e6e68b98e9cb", "test-data-token")
    signals = car.get_signals()["body"]
    assert signals["meta"] == {"totalCount": 2, "pageSize": 2, "page": 1}
    odometer = car.get_signal("odometer-traveleddistance")["body"]
    assert odometer["attributes"]["body"]["value"] > 0
    stranger = smartcar.Vehicle(car.vehicle_id, "abc")
    fails(stranger.get_signals, "AUTHENTICATION", 401)
    fails(lambda: car.get_signal("no-such-signal"), "RESOURCE_NOT_FOUND", 404)


def test_v1_errors(volt, bare):
    smartcar.set_api_version("1.0")
    try:
        old = smartcar.Vehicle(volt.vehicle_id, volt.access_token, {"version": "1.0"})
        assert old.odometer().distance > 0
        refused = smartcar.Vehicle(bare.vehicle_id, bare.access_token, {"version": "1.0"})
        with pytest.raises(SmartcarException) as caught:
            refused.odometer()
        assert caught.value.status_code == 403
    finally:
        smartcar.set_api_version("2.0")


def test_zz_every_public_function_was_called(capsys):
    called = [name for name, outcomes in OUTCOMES.items() if "success" in outcomes]
    with capsys.disabled():
        carport.report(f"PyPI smartcar {carport.version('smartcar')}", len(called), len(OUTCOMES))
    missing = {name for name in OUTCOMES if name not in called}
    assert missing == CANNOT_SUCCEED
    unfailing = {name for name, outcomes in OUTCOMES.items() if "failure" not in outcomes}
    assert unfailing == CANNOT_FAIL
