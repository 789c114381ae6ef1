import pytest

import carport


@pytest.fixture(scope="session")
def ready():
    with carport.start_carport() as ready:
        yield ready


@pytest.fixture(scope="session")
def browser():
    with carport.open_browser() as driver:
        yield driver
