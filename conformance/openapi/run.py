"""Starts a server with connected cars and lets schemathesis loose on what a document promises."""

import base64
import json
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import carport

HERE = Path(__file__).parent
# No 5xx, and no status, content type or body that the document does not tell.
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
]
# Requests made up for each operation.
EXAMPLES = os.environ.get("CARPORT_EXAMPLES", "15")
SCOPE = """
    read_vehicle_info read_vin read_odometer read_location read_fuel read_battery read_charge
    read_charge_locations read_charge_records read_engine_oil read_tires read_security
    read_service_history read_diagnostics read_climate read_compass read_speedometer
    read_thermometer read_extended_vehicle_info read_user_profile read_alerts control_charge
    control_security control_navigation control_climate control_trunk control_pin
"""


def asked(url, headers, form=None):
    body = urlencode(form).encode() if form else None
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return json.load(answer)


def connect(ready, brand):
    """Consent on the command line, then the exchange; the vehicle and its token."""
    application = ready["application"]
    command = [os.environ["CARPORT_BIN"], "connect", "--app", application["id"]]
    login = ["--brand", brand, "--scope", " ".join(SCOPE.split()), "--data", ready["data"]]
    url = subprocess.check_output([*command, *login], text=True)
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(url.strip()).query)["code"][0],
        "client_id": application["clientId"],
        "client_secret": application["clientSecret"],
    }
    token = asked(f"{ready['url']}/oauth/token", {}, form)["access_token"]
    vehicles = asked(f"{ready['url']}/v2.0/vehicles", {"authorization": f"Bearer {token}"})
    return vehicles["vehicles"][0], token


def basic(name, password):
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


def runs(ready, document):
    """What each run of the tool is about: its vehicle, its credentials, which operations."""
    application = ready["application"]
    if document == "management":
        yield "", basic("default", application["managementToken"]), []
        return
    if document == "simulator":
        by_token = basic("default", application["managementToken"])
        cars = asked(f"{ready['url']}/simulator/v1/simulations", {"authorization": by_token})
        # Faults on demand are errors that are wished for. The clock would run ahead of the others: it is last.
        apart = "^/faults|^/clock"
        yield cars["simulations"][0]["id"], by_token, ["--exclude-path-regex", apart]
        yield "", by_token, ["--include-path-regex", "^/clock"]
        return
    by_client = ["--include-path-regex", "^/compatibility"]
    yield "", basic(application["clientId"], application["clientSecret"]), by_client
    # What one operation takes away the others need: those are tried with the tests of the SDKs.
    ends = ["--exclude-path-regex", "^/compatibility|/application$|/webhooks/"]
    for brand in ["CHEVROLET", "TESLA"]:
        vehicle, token = connect(ready, brand)
        yield vehicle, f"Bearer {token}", ends


def main(document):
    failed = 0
    with carport.start_carport() as ready:
        for vehicle, authorization, which in runs(ready, document):
            command = [str(HERE / ".venv/bin/schemathesis")]
            command += ["--config-file", str(HERE / "schemathesis.toml"), "run"]
            command += [f"{ready['url']}/openapi/{document}.json", "--checks", ",".join(CHECKS)]
            command += ["--phases", "coverage,fuzzing", "--max-examples", EXAMPLES]
            command += ["--generation-deterministic", "--warnings", "off", *which]
            command += ["--header", f"Authorization: {authorization}"]
            environment = {**os.environ, "VEHICLE_ID": vehicle}
            failed += subprocess.run(command, env=environment, cwd=HERE).returncode != 0
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
