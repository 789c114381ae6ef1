"""One server and one browser for the whole run.

The SDK reads its origins when it is imported, so the server is started before the tests are.
"""

import contextlib
import os

import pytest

import carport

REDIRECT_URI = "https://example.com/auth"

_running = contextlib.ExitStack()
READY = {}


def pytest_configure(config):
    READY.update(_running.enter_context(carport.start_carport()))
    base = READY["url"]
    application = READY["application"]
    os.environ.update(
        SMARTCAR_CLIENT_ID=application["clientId"],
        SMARTCAR_CLIENT_SECRET=application["clientSecret"],
        SMARTCAR_REDIRECT_URI=REDIRECT_URI,
        SMARTCAR_API_ORIGIN=base,
        SMARTCAR_CONNECT_ORIGIN=base,
        SMARTCAR_MANAGEMENT_API_ORIGIN=base,
        SMARTCAR_VEHICLE_API_V3_ORIGIN=base,
        SMARTCAR_AUTH_ORIGIN=base + os.environ["TOKEN_PATH"],
    )


def pytest_unconfigure(config):
    _running.close()


@pytest.fixture(scope="session")
def base():
    return READY["url"]


@pytest.fixture(scope="session")
def browser():
    with carport.open_browser() as driver:
        yield driver
