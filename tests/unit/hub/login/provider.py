"""A real OpenID Connect provider on loopback, which insists on PKCE (oidc-provider-mock does not)."""

import base64
import hashlib
import os
import sys
import warnings
from multiprocessing.connection import Connection
from urllib.parse import parse_qs, urlsplit


def provide(port: int, ready: Connection) -> None:
    """Serve; say so through ``ready``."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    warnings.simplefilter("ignore")
    import flask
    import werkzeug.serving
    from oidc_provider_mock import app

    application = app()
    challenges: dict[str, str] = {}

    @application.before_request
    def wants_the_verifier() -> tuple[str, int] | None:
        if flask.request.path != "/oauth2/token":
            return None
        verifier = flask.request.form.get("code_verifier", "").encode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest())
        expected = challenges.pop(flask.request.form["code"], None)
        return None if expected == digest.decode().rstrip("=") else ("no proof of this code", 400)

    @application.after_request
    def keep_the_challenge(response: flask.Response) -> flask.Response:
        asked, location = flask.request.args, response.headers.get("Location", "")
        code = parse_qs(urlsplit(location).query).get("code")
        if code and asked.get("code_challenge_method") == "S256":
            challenges[code[0]] = asked["code_challenge"]
        return response

    sys.stderr = open(os.devnull, "w")  # noqa: PTH123, SIM115 (for the life of this process)
    server = werkzeug.serving.make_server("127.0.0.1", port, application, threaded=True)
    ready.send(True)
    server.serve_forever()
