"""Starts a server with a connected car and lets schemathesis loose on what its documents promise."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import carport

PERMISSIONS = "tests all of them"
HERE = Path(__file__).parent
SCHEMATHESIS = HERE / ".venv/bin/schemathesis"
# No 5xx, no status, content type or body that the document does not tell.
CHECKS = ",".join(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
    ]
)


def connect(ready):
    """Consent on the command line, then the exchange; the vehicle and its token."""
    import json
    import urllib.request

    application = ready["application"]
    command = [os.environ["CARPORT_BIN"], "connect", "--app", application["id"]]
    login = ["--brand", "CHEVROLET", "--data", ready["data"]]
    url = subprocess.check_output([*command, *login], text=True)
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(url.strip()).query)["code"][0],
        "client_id": application["clientId"],
        "client_secret": application["clientSecret"],
    }
    import urllib.parse

    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"{ready['url']}/oauth/token", body) as answer:
        token = json.load(answer)["access_token"]
    request = urllib.request.Request(
        f"{ready['url']}/v2.0/vehicles", headers={"authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["vehicles"][0], token


def main():
    with carport.start_carport() as ready:
        vehicle, token = connect(ready)
        command = [str(SCHEMATHESIS), "--config-file", str(HERE / "schemathesis.toml"), "run"]
        command += [f"{ready['url']}/openapi/v2.json", "--checks", CHECKS, "--seed", "1"]
        command += ["--max-examples", os.environ.get("EXAMPLES", "20"), "--generation-deterministic"]
        command += ["--header", f"Authorization: Bearer {token}", *sys.argv[1:]]
        return subprocess.run(command, env={**os.environ, "VEHICLE_ID": vehicle}).returncode


if __name__ == "__main__":
    sys.exit(main())
