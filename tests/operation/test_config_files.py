"""The files of config/ are accepted by the programs that read them. A check is skipped where its checker is not installed."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.processes import free_port, spawn  # noqa: F401  (fixtures)
from zou.config import SETTINGS

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
BESIDE = {"BIND", "WEB_CONCURRENCY", "FORWARDED_ALLOW_IPS"}  # of gunicorn and config/gunicorn.conf.py


def program(name):
    """Path of a checker; the test is skipped when there is none."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    return found or pytest.skip(f"{name} is not installed")


def run(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)


def write_site(path, folder, port, root=None, web=5000):
    """A configuration of nginx in `folder` that includes a site of ours, on other ports."""
    site = re.sub(r"server (web|events):5000", "server 127.0.0.1:5000", (CONFIG / path).read_text())  # names of containers are unknown here
    site = site.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("listen [::]:80;", "")
    site = site.replace("/opt/zou/previews/", f"{folder}/previews/")
    site = site.replace("/opt/kitsu/dist", str(root or folder)).replace("127.0.0.1:5000", f"127.0.0.1:{web}")
    (folder / "site.conf").write_text(site)
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    account = "user root; " if os.getuid() == 0 else ""  # pytest's folders are closed to others
    main = f"{account}daemon off; pid {folder}/pid; error_log stderr; events {{}}"
    main += f" http {{ access_log off; {temporary} include {folder}/site.conf; }}"
    (folder / "nginx.conf").write_text(main)
    return ["-p", str(folder), "-c", str(folder / "nginx.conf")]


@pytest.mark.parametrize("path", ["nginx/zou.conf", "container/nginx.conf"])
def test_nginx_takes_the_site(path, tmp_path):
    done = run(program("nginx"), "-t", *write_site(path, tmp_path, 18080))
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def answered(url, **headers):
    """The answer, whatever its status, once something listens."""
    deadline = time.monotonic() + 40
    while True:
        try:
            return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10)
        except urllib.error.HTTPError as error:
            if error.code != 502:
                return error
        except OSError:
            pass
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_nginx_passes_requests_on_and_serves_the_client(spawn, database_url, free_port, tmp_path):  # noqa: F811
    web = free_port + 1 if free_port < 65000 else free_port - 1
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("<title>Kitsu</title>")
    command = [program("nginx"), *write_site("nginx/zou.conf", tmp_path, free_port, tmp_path / "dist", web)]
    url = database_url.render_as_string(hide_password=False)
    spawn(
        "-m", "gunicorn", "-c", CONFIG / "gunicorn.conf.py", "zou.app:app",
        ZOU_DATABASE_URL=url, SECRET_KEY="a secret of the tests, long enough for HS256", BIND=f"127.0.0.1:{web}", ZOU_LOG_LEVEL="error",
    )  # fmt: skip
    proxy = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        here = f"http://127.0.0.1:{free_port}"
        assert json.load(answered(f"{here}/api/")) == {"api": "Zou", "version": "1.0.97"}
        assert answered(f"{here}/api/data/projects").code == 401
        assert "Kitsu" in answered(f"{here}/productions/1").read().decode()
        assert json.load(answered(f"{here}/api/status"))["database-up"] is True
    finally:
        proxy.terminate()
        proxy.wait(20)


def test_the_container_site_is_the_same_with_other_names():
    def plain(path):
        lines = (CONFIG / path).read_text().splitlines()
        return [line for line in lines if line.strip() and not line.lstrip().startswith(("#", "server ", "server_name"))]

    assert plain("nginx/zou.conf") == plain("container/nginx.conf")


def test_systemd_takes_the_units(tmp_path):
    verify = program("systemd-analyze")
    units = sorted((CONFIG / "systemd").glob("*.service"))
    assert [unit.name for unit in units] == ["zou-events.service", "zou-worker@.service", "zou.service"]
    for unit in units:
        text = re.sub(r"/opt/zou/env/bin/(zou|gunicorn)", sys.executable, unit.read_text())
        (tmp_path / unit.name.replace("@", "@1")).write_text(text)
    done = run(verify, "verify", *sorted(tmp_path.glob("*.service")))
    about_ours = [line for line in done.stderr.splitlines() if "zou" in line]
    assert about_ours == []
    assert done.returncode == 0, done.stderr


def test_the_environment_file_holds_settings_only():
    lines = [line for line in (CONFIG / "systemd" / "zou.env").read_text().splitlines() if line and not line.startswith("#")]
    names = {line.partition("=")[0] for line in lines}
    assert len(names) == len(lines)
    assert names - BESIDE <= SETTINGS.keys()


def test_the_compose_file_is_one():
    done = run(program("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", CONFIG / "container" / "compose.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    names = set(re.findall(r"^    ([A-Z0-9_]+):", (CONFIG / "container" / "compose.yaml").read_text(), re.MULTILINE))
    assert names >= {"SECRET_KEY", "DB_HOST"}
    assert {name for name in names if not name.startswith("POSTGRES_")} <= SETTINGS.keys() | BESIDE


def test_the_container_file_is_one():
    done = run(program("hadolint"), CONFIG / "container" / "Containerfile")
    assert (done.returncode, done.stdout) == (0, "")
