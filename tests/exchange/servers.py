"""Two installations: a second server that really answers, and the one on which the commands run."""

import threading

import bcrypt
import pytest
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from tests.commands import Installation
from tests.databases import close, fresh_database
from tests.making import make
from zou.people.models import Person
from zou.platform.db import db

EMAIL, PASSWORD = "sync@studio.example", "a long password"


class Server(Installation):
    """An installation that answers at `address`, with an administrator who synchronises."""

    def start(self):
        self.served = self.app()
        with self.served.app_context():
            hashed = bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4))
            make(db.session, Person, email=EMAIL, role="admin", password=hashed, first_name="Sync", last_name="Account")
            self.tx = Session(db.engine, expire_on_commit=False)
            db.session.remove()
        self.http = make_server("127.0.0.1", 0, self.served, threaded=True)
        self.address = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()
        return self

    def stop(self):
        self.tx.close()
        self.http.shutdown()
        close(self.served)


@pytest.fixture(scope="module")
def there(postgres_url, tmp_path_factory):
    """The other server, running."""
    with fresh_database(postgres_url) as url:
        server = Server(url, tmp_path_factory.mktemp("there")).start()
        yield server
        server.stop()


@pytest.fixture(scope="module")
def here(postgres_url, tmp_path_factory, there):
    """Our installation, empty."""
    with fresh_database(postgres_url) as url:
        installation = Installation(url, tmp_path_factory.mktemp("here"))
        installation.environ |= {"SYNC_LOGIN": EMAIL, "SYNC_PASSWORD": PASSWORD}
        yield installation
