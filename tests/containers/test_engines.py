"""Which engine is meant, with which runtime, and one that does not see this machine's files."""

import hashlib
import json
import os
import socket
import threading
from contextlib import contextmanager, suppress

import pytest

from harness.runners.containers.confinement import ENVIRONMENT, RUNNING, Purpose, wanted
from harness.runners.containers.engine import connect, create
from harness.runners.containers.image import find_image
from harness.runners.containers.owner import own_label
from tests.command_line import harness, report_of_run

pytestmark = [pytest.mark.containers, pytest.mark.compiler]

NOWHERE = "unix:///nonexistent/engine.sock"


@pytest.fixture
def page(tmp_path):
    (tmp_path / "page.md").write_text("```rust\nlet x = 1;\n```\n")
    return tmp_path


def run(folder, *options, **environment):
    return harness(
        "check", "page.md", "--runner", "docker", "--output-format", "json", *options,
        cwd=folder, cache=folder / "cache", **environment,
    )  # fmt: skip


def context(folder, host):
    """A folder of the docker command's settings in which a context is the current one."""
    config = folder / "docker"
    meta = config / "contexts/meta" / hashlib.sha256(b"chosen").hexdigest()
    meta.mkdir(parents=True)
    endpoint = {"Host": host, "SkipTLSVerify": False}
    told = {"Name": "chosen", "Metadata": {}, "Endpoints": {"docker": endpoint}}
    (meta / "meta.json").write_text(json.dumps(told))
    (config / "config.json").write_text(json.dumps({"currentContext": "chosen"}))
    return str(config)


def socket_of(engine):
    told = engine.api.base_url
    return os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock") if "http" in told else told


def test_the_current_context_names_the_engine_and_docker_host_comes_before_it(
    engine, containers, page
):
    link = page / "engine.sock"
    link.symlink_to(socket_of(engine).removeprefix("unix://"))
    config = context(page, f"unix://{link}")
    done = run(page, DOCKER_CONFIG=config, DOCKER_HOST=None)
    assert done.returncode == 0, done.stderr
    assert report_of_run(done)["environment"]["runner"] == "docker"
    assert run(page, DOCKER_CONFIG=config, DOCKER_HOST=NOWHERE).returncode == 4
    link.unlink()
    assert run(page, DOCKER_CONFIG=config, DOCKER_HOST=None).returncode == 4
    assert run(page, DOCKER_CONFIG=config, DOCKER_HOST=socket_of(engine)).returncode == 0


def test_a_runtime_is_passed_on(containers, page, tmp_path):
    purpose = Purpose("run", RUNNING, ())
    assert wanted(purpose, "i", tmp_path, "o", "runsc").host["runtime"] == "runsc"
    assert "runtime" not in wanted(purpose, "i", tmp_path, "o", None).host
    assert run(page, "--runtime", "runc").returncode == 0
    done = run(page, "--runtime", "none-of-this-name")
    assert done.returncode == 4
    assert "none-of-this-name" in done.stderr
    assert "do not see" not in done.stderr


def test_proxies_of_the_docker_command_stay_out_of_containers(engine, monkeypatch, tmp_path):
    proxies = {"default": {"httpProxy": "http://somebody:secret@192.0.2.1:1"}}
    (tmp_path / "config.json").write_text(json.dumps({"proxies": proxies}))
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    client = connect()
    of = wanted(Purpose("run", RUNNING, ()), find_image(client).id, None, own_label(), None)
    made = create(client, of)
    try:
        variables = client.api.inspect_container(made)["Config"]["Env"]
    finally:
        client.api.remove_container(made, force=True)
    assert sorted(variables) == sorted(f"{name}={value}" for name, value in ENVIRONMENT.items())


@contextmanager
def engine_elsewhere(folder, real, changed):
    """A socket of an engine for which the folders of this machine are other ones."""
    path = folder / "elsewhere.sock"
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def serve():
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                threading.Thread(target=_relay, args=(client, real, changed), daemon=True).start()

    with server:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"unix://{path}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def _relay(client, real, changed):
    with client, socket.socket(socket.AF_UNIX) as there, client.makefile("rb") as read:
        there.connect(real)
        pump = threading.Thread(target=_pump, args=(there, client), daemon=True)
        pump.start()
        _forward(read, there, changed)
        with suppress(OSError):
            there.shutdown(socket.SHUT_RDWR)
        pump.join()


def _forward(read, there, changed):
    with suppress(OSError):
        while head := _head(read):
            length = int(_field(head, b"content-length") or 0)
            body = read.read(length)
            if head.startswith(b"POST") and b"/containers/create" in head.split(b"\r\n")[0]:
                told = json.loads(body)
                for mount in told["HostConfig"].get("Mounts") or []:
                    mount["Source"] = changed(mount["Source"])
                body = json.dumps(told).encode()
                old = b"content-length: %d" % length
                at = head.lower().index(old)
                head = head[:at] + b"Content-Length: %d" % len(body) + head[at + len(old) :]
            there.sendall(head + body)
            if _field(head, b"upgrade"):
                while data := read.read1(1 << 16):
                    there.sendall(data)


def _head(read):
    lines = []
    while line := read.readline():
        lines.append(line)
        if line == b"\r\n":
            return b"".join(lines)
    return b""


def _field(head, name):
    for line in head.split(b"\r\n"):
        key, _, value = line.partition(b":")
        if key.lower() == name:
            return value.strip()
    return b""


def _pump(source, to):
    with suppress(OSError):
        while data := source.recv(1 << 16):
            to.sendall(data)
        to.shutdown(socket.SHUT_WR)


def test_an_engine_that_does_not_see_our_files_is_told_before_the_first_block(
    engine, containers, page
):
    (page / "other").mkdir()
    ways = {
        "sees them": lambda source: source,
        "has no such folder": lambda source: f"/nowhere{source}",
        "has another folder": lambda source: str(page / "other") if "handed" in source else source,
    }
    seen = {}
    for way, changed in ways.items():
        real = socket_of(engine).removeprefix("unix://")
        with engine_elsewhere(page, real, changed) as host:
            done = run(page, DOCKER_HOST=host)
        (page / "elsewhere.sock").unlink()
        seen[way] = done.returncode
        if done.returncode:
            assert "do not see this machine's files" in done.stderr
            assert "DOCKER_HOST" in done.stderr
    assert seen == {"sees them": 0, "has no such folder": 4, "has another folder": 4}
