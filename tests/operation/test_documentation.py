"""The manual is built without a warning, links every page, and its examples run."""

import re
import threading

import bcrypt
import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from werkzeug.serving import make_server

from tests.code.sources import ROOT
from tests.making import make
from zou.people.models import Person
from zou.studio import initial_data

DOCS = ROOT / "docs"
EXAMPLE = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
PASSWORD = "a long password"


def test_the_manual_is_built_without_a_warning(tmp_path):
    build(load_config(str(ROOT / "mkdocs.yml"), strict=True, site_dir=str(tmp_path)))  # raises Abort for a warning
    assert (tmp_path / "install" / "index.html").is_file()


def test_the_first_page_links_every_other():
    linked = set(re.findall(r"\]\((\w[\w/.-]*\.md)\)", (DOCS / "index.md").read_text()))
    assert {str(path.relative_to(DOCS)) for path in DOCS.glob("*.md")} - {"index.md"} == linked


@pytest.fixture
def served(app, tx):
    """The address of a server with the first rows and an administrator, in this process and on the test's transaction."""
    initial_data.init_data(tx, "3d")
    tx.commit()
    make(tx, Person, role="admin", email="ada@studio.example", password=bcrypt.hashpw(PASSWORD.encode(), bcrypt.gensalt(4)))
    server = make_server("127.0.0.1", 0, app)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_examples_of_the_api_guide_run(served):
    examples = EXAMPLE.findall((DOCS / "api.md").read_text())
    assert len(examples) > 6
    names = {"host": served, "email": "ada@studio.example", "password": PASSWORD}
    for example in examples:
        exec(compile(example, "docs/api.md", "exec"), names)
