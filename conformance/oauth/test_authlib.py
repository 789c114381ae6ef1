"""PyPI's Authlib, a strict client of OAuth 2, with PKCE and both ways of client authentication."""

from urllib.parse import urlencode

import pytest
import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session

import carport

REDIRECT_URI = "https://example.com/auth"
USES = set()


@pytest.fixture(scope="module", autouse=True)
def over_plain_http():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        yield


@pytest.fixture(scope="module")
def metadata(ready):
    answer = requests.get(f"{ready['url']}/.well-known/oauth-authorization-server", timeout=10)
    assert answer.headers["content-type"].startswith("application/json")
    return answer.json()


def session_of(ready, metadata, method="client_secret_basic", secret=None):
    application = ready["application"]
    return OAuth2Session(
        application["clientId"],
        secret or application["clientSecret"],
        token_endpoint_auth_method=method,
        revocation_endpoint_auth_method=method,
        scope="read_vehicle_info read_odometer",
        redirect_uri=REDIRECT_URI,
        code_challenge_method="S256",
        token_endpoint=metadata["token_endpoint"],
    )


def consent(browser, session, metadata):
    """Through Connect; the address of the callback and the verifier."""
    verifier = generate_token(48)
    url, state = session.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=verifier, mode="test"
    )
    answer = carport.approve(browser, url)
    assert answer["state"] == state
    assert answer["iss"] == metadata["issuer"]
    USES.add("authorization with PKCE")
    return f"{REDIRECT_URI}?{urlencode(answer)}", verifier


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
def test_the_whole_life_of_a_token(browser, ready, metadata, method):
    session = session_of(ready, metadata, method)
    callback, verifier = consent(browser, session, metadata)
    token = session.fetch_token(authorization_response=callback, code_verifier=verifier)
    USES.add("code")
    assert (token["token_type"], token["expires_in"]) == ("Bearer", 7200)

    vehicles = session.get(f"{ready['url']}/v2.0/vehicles")
    USES.add("protected resource")
    assert len(vehicles.json()["vehicles"]) == 1

    seen = session.introspect_token(metadata["introspection_endpoint"], token=token["access_token"])
    USES.add("introspection")
    assert seen.json()["active"] is True

    fresh = session.refresh_token(metadata["token_endpoint"])
    USES.add("refresh")
    assert fresh["refresh_token"] != token["refresh_token"]

    gone = session.revoke_token(metadata["revocation_endpoint"], token=fresh["refresh_token"])
    USES.add("revocation")
    assert gone.status_code == 200
    seen = session.introspect_token(metadata["introspection_endpoint"], token=fresh["access_token"])
    assert seen.json() == {"active": False}
    with pytest.raises(OAuthError):
        session.refresh_token(metadata["token_endpoint"], refresh_token=fresh["refresh_token"])


def test_a_wrong_verifier_is_refused(browser, ready, metadata):
    session = session_of(ready, metadata)
    callback, _ = consent(browser, session, metadata)
    with pytest.raises(OAuthError) as caught:
        session.fetch_token(authorization_response=callback, code_verifier=generate_token(48))
    assert caught.value.error == "invalid_grant"


def test_a_wrong_secret_is_refused(ready, metadata):
    session = session_of(ready, metadata, secret="wrong")
    with pytest.raises(OAuthError) as caught:
        session.fetch_token(code="any", grant_type="authorization_code")
    assert caught.value.error == "invalid_client"


def test_zz_what_it_uses_works():
    version = carport.version("authlib")
    carport.report(f"PyPI authlib {version} (uses of OAuth)", len(USES), 6)
    assert len(USES) == 6
