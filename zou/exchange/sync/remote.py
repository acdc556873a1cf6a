"""The other server: signed in as an account of it, asked over HTTP, and asked again when the network fails."""

import logging
import time
from urllib.parse import quote

import requests

log = logging.getLogger(__name__)

ATTEMPTS, PAUSE_S, PATIENCE_S = 4, 0.5, 300
CHUNK_BYTES = 1024 * 1024


class RemoteFailure(Exception):
    """The other server cannot be asked, or refuses; the message says which address and why. `status`: that of its answer, or None."""

    def __init__(self, message, status=None):
        super().__init__(message)
        self.status = status


class Remote:
    """`url`: root of its API, as a client sees it."""

    def __init__(self, url, login, password):
        self.url = url.rstrip("/")
        self.login, self.password = login, password
        self.session = requests.Session()
        self.token = None

    def sign_in(self):
        """Get a token; returns the account. An account that is no administrator is told, for it sees less. Raises RemoteFailure."""
        self.session.headers.pop("Authorization", None)
        answer = self.ask("POST", "auth/login", json={"email": self.login, "password": self.password})
        self.token = answer.json().get("access_token")
        if not self.token:
            raise RemoteFailure(f"{self.url} did not sign {self.login} in.")
        self.session.headers["Authorization"] = f"Bearer {self.token}"
        account = self.get("auth/authenticated").get("user", {})
        if account.get("role") != "admin":
            log.warning("%s is no administrator of %s: what that account does not see is left out.", self.login, self.url)
        return account

    def ask(self, verb, path, **request):
        """The answer, asked several times while the server cannot be reached. Raises RemoteFailure for one that is no success."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self.session.request(verb, f"{self.url}/{path}", timeout=PATIENCE_S, **request)
            except requests.RequestException as error:
                failure = RemoteFailure(f"{self.url}/{path} cannot be reached: {error}")
            else:
                if answer.ok:
                    return answer
                failure = RemoteFailure(f"{self.url}/{path} answered {answer.status_code}: {answer.text[:300]}", answer.status_code)
                if answer.status_code == 401 and self.token and not path.startswith("auth/"):
                    self.token = None
                    self.sign_in()  # the token has expired meanwhile
                    continue
                if answer.status_code not in (502, 503, 504):
                    break
            if attempt < ATTEMPTS:
                time.sleep(PAUSE_S * 2 ** (attempt - 1))
        raise failure

    def get(self, path, **params):
        """The JSON behind a path."""
        return self.ask("GET", path, params=params).json()

    def post(self, path, body, **params):
        """The JSON that answers a body."""
        return self.ask("POST", path, json=body, params=params).json()

    def pages(self, path, **params):
        """Yield the lists of rows of a path: its pages, or the one list of a route without pages."""
        page, last = 1, 1
        while page <= last:
            answer = self.get(path, page=page, **params)
            if isinstance(answer, list):
                yield answer
                return
            rows = answer.get("data", [])
            yield rows
            last = answer["nb_pages"] if "nb_pages" in answer else (page + 1 if rows else page)
            page += 1

    def whole(self, path, **params):
        """The list behind a path, with or without an envelope."""
        answer = self.get(path, **params)
        return answer.get("data", []) if isinstance(answer, dict) else answer

    def project(self, name):
        """The production of that name, or None."""
        found = self.get("data/projects", name=name)
        return next((project for project in found if project["name"] == name), found[0] if found else None)

    def download(self, path, target):
        """Fetch a file to a path; returns the status, and only after 200 the file is there and whole."""
        address = f"{self.url}/{quote(path)}"
        try:
            with requests.get(address, headers=dict(self.session.headers), stream=True, timeout=PATIENCE_S) as answer:
                if answer.status_code == 200:
                    with target.open("wb") as file:
                        for chunk in answer.iter_content(CHUNK_BYTES):
                            file.write(chunk)
                return answer.status_code
        except requests.RequestException as error:
            raise RemoteFailure(f"{address} cannot be reached: {error}") from None
