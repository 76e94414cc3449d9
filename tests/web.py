# SPDX-License-Identifier: MIT
"""Our servers against the world's clients: curl, wrk, a browser.

    python3 tests/web.py build

Each function is one thing that has to work; it raises AssertionError with what
it saw instead. A client that is not here is said to be skipped.
"""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

import browser

HELLO = "hello, Bob\n"


@contextlib.contextmanager
def serving(program, **env):
    """The address of a running server, which then has to end well."""
    process = subprocess.Popen(
        [program], encoding="utf-8", stdout=subprocess.PIPE,
        env=dict(os.environ, LISTEN="127.0.0.1:0", ANTFARM_FLAVOR="multi",
                 **env))
    try:
        line = process.stdout.readline()
        yield re.search(r"listening at (\S+)", line).group(1)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert process.returncode == 0, f"server: {process.returncode}"
    finally:
        if process.poll() is None:
            process.kill()


def curl(*args, data=None):
    """What curl prints."""
    done = subprocess.run(["curl", "-s", "-S", "--max-time", "20", *args],
                          input=data, stdout=subprocess.PIPE, check=False)
    assert done.returncode == 0, f"curl {' '.join(args)}: {done.returncode}"
    return done.stdout


def expect(found, wanted, why):
    assert found == wanted, f"{why}: {found!r}, not {wanted!r}"


# --- curl ---------------------------------------------------------------------

def keeps_connections(at):
    url = f"http://{at}/hello/Bob"
    out = curl(url, url, url, "-w", "%{num_connects};").decode()
    expect(out, f"{HELLO}1;{HELLO}0;{HELLO}0;", "three on one connection")


def takes_uploads(at):
    data = os.urandom(700000)
    for extra in (["-H", "Transfer-Encoding: chunked"], [],
                  ["-H", "Expect: 100-continue"]):
        back = curl("-T", "-", *extra, f"http://{at}/echo", data=data)
        assert back == data, f"upload {extra}: {len(back)} bytes came back"
        back = curl("--data-binary", "@-", *extra, f"http://{at}/echo",
                    data=data)
        assert back == data, f"post {extra}: {len(back)} bytes came back"


def answers_head_and_pieces(at):
    out = curl("-I", f"http://{at}/hello/Bob").decode()
    assert "200 OK" in out and "Content-Length: 11" in out, out
    expect(curl(f"http://{at}/ticks"), b"tick\n" * 3, "chunked")
    expect(curl("--http1.0", f"http://{at}/ticks"), b"tick\n" * 3, "1.0")


def refuses(at):
    for args, wanted in (
            ([f"http://{at}/nowhere"], "404"),
            (["-X", "DELETE", f"http://{at}/echo"], "405"),
            (["-X", "BREW", f"http://{at}/echo"], "501"),
            ([f"http://{at}/{'x' * 20000}"], "414"),
            (["-H", "X: " + "y" * 20000, f"http://{at}/"], "431"),
            (["--data-binary", "@-", f"http://{at}/echo"], "413")):
        data = b"x" * 2000000 if wanted == "413" else b""
        out = curl(*args, "-o", "/dev/null", "-w", "%{http_code}", data=data)
        expect(out.decode(), wanted, " ".join(args)[:60])


# --- Bad company --------------------------------------------------------------

def survives_rude_peers(at):
    """Resets, halves, junk: the server goes on."""
    host, port = at.split(":")
    reset = b"\x01\0\0\0\0\0\0\0"  # SO_LINGER: on, no time
    for words in (b"", b"GET /", b"GET /ticks HTTP/1.1\r\nHost: h\r\n\r\n",
                  b"POST /echo HTTP/1.1\r\nHost: h\r\n"
                  b"Content-Length: 10\r\n\r\nabc", os.urandom(5000)):
        for ending in ("reset", "half", "close"):
            with socket.create_connection((host, int(port))) as peer:
                peer.sendall(words)
                if ending == "reset":
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
                elif ending == "half":
                    peer.shutdown(socket.SHUT_WR)
                    peer.settimeout(20)
                    with contextlib.suppress(ConnectionError):
                        while peer.recv(4096):
                            pass
    expect(curl(f"http://{at}/hello/Bob").decode(), HELLO, "afterwards")


def leaves_a_port_to_who_has_it(at, server):
    """A second server says why it ends; the first one goes on."""
    done = subprocess.run(
        [server], encoding="utf-8", stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False, timeout=60,
        env=dict(os.environ, LISTEN=at, ANTFARM_FLAVOR="multi"))
    assert done.returncode != 0, "two servers at one port"
    assert f"LISTEN={at}: " in done.stdout, done.stdout
    assert "in use" in done.stdout, done.stdout
    expect(curl(f"http://{at}/hello/Bob").decode(), HELLO, "the first server")


# --- wrk ----------------------------------------------------------------------

def load(at, path="/hello/x", seconds=2):
    done = subprocess.run(
        ["wrk", "-t1", "-c64", f"-d{seconds}s", f"http://{at}{path}"],
        stdout=subprocess.PIPE, encoding="utf-8", check=True)
    assert "Socket errors" not in done.stdout, done.stdout
    assert "Non-2xx" not in done.stdout, done.stdout
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout).group(1)
    return f"{float(rate):.0f} requests a second"


# --- A recording of a server under load ---------------------------------------

def lint_under_load(out, path, folder):
    """What lint says of a recording of the server under load, during which
    somebody asks for `path`: its findings, each a text."""
    trace = os.path.join(folder, "1.ant")
    with serving(f"{out}/examples/http/server", ANTFARM_TRACE=trace) as at:
        load(at, seconds=1)
        for _ in range(3):
            curl(f"http://{at}{path}")
    done = subprocess.run([f"{out}/antfarm", "lint", trace],
                          stdout=subprocess.PIPE, encoding="utf-8",
                          check=False)
    texts = done.stdout.strip().split("\n\n")
    findings = [text for text in texts if re.match(r"[\w-]+: \w+ at ", text)]
    assert done.returncode == (1 if findings else 0), done.stdout
    return findings


def mistake(finding):
    """What is wrong, and where, without the numbers of one recording."""
    lint, said = re.match(r"([\w-]+): .*\n +(.*)", finding).groups()
    place = re.search(r"\(([\w.]+:\d+)\)", said)
    return lint, place.group(1) if place else re.sub(r"\d[\d.]*", "", said)


def lint_names_only_what_is_wrong(out):
    """Nothing under load; the line of a call that blocks, when there is one.
    That others use the machine, too, changes neither. What the server does
    wrong it does each time, so no mistake may be in all recordings; a thread
    that the system put to sleep once, for reasons of its own, is no mistake
    (docs/LINTS.md)."""
    with tempfile.TemporaryDirectory() as folder:
        always = None
        for count in range(1, 11):
            findings = lint_under_load(out, "/hello/x", folder)
            found = {mistake(finding) for finding in findings}
            always = found if always is None else always & found
            if not always:
                break
        assert not always, "\n\n".join(findings)
        findings = lint_under_load(out, "/blocks", folder)
    with open("examples/http/server.c", encoding="utf-8") as code:
        line = 1 + next(n for n, text in enumerate(code)
                        if "ant_thread_sleep(" in text)
    mistakes = [mistake(finding) for finding in findings]
    assert ("blocked-worker", f"server.c:{line}") in mistakes, mistakes
    return f"ok, after {count} of the good server" if count > 1 else "ok"


# --- A browser ----------------------------------------------------------------

def browser_talks(out):
    with serving(f"{out}/examples/ws/chat") as at, browser.Browser() as view:
        view.open(f"http://{at}/")
        expect(view.ask("document.title"), "Chat", "the page")
        view.ask("""new Promise(done => {
            window.other = new WebSocket('ws://' + location.host + '/chat');
            other.onopen = done; })""")
        view.ask("say.value = 'good \\u00fcmlaut', say.onchange()")
        assert view.wait("all.textContent == 'good \\u00fcmlaut\\n'"), \
            view.ask("all.textContent")
        expect(view.ask("""new Promise(done => {
            const ws = new WebSocket('ws://' + location.host + '/echo');
            const long = 'x'.repeat(200000);
            ws.onopen = () => ws.send(long);
            ws.onmessage = e => { ws.onclose = c => done(
                [e.data == long, c.wasClean, c.code].join());
                ws.close(4000, 'bye'); }; })"""),
               "true,true,4000", "a long message and a goodbye")
        expect(view.ask("""fetch('/').then(a => a.status + ' ' +
            a.headers.get('content-type'))"""), "200 text/html", "fetch")
        expect(view.errors, [], "errors on the page")


def main():
    out = sys.argv[1]
    def say(name, words="ok"):
        print(f"  {name.replace('_', ' ')}: {words or 'ok'}", flush=True)
    with serving(f"{out}/examples/http/server") as at:
        for check in (keeps_connections, takes_uploads,
                      answers_head_and_pieces, refuses, survives_rude_peers):
            say(check.__name__, check(at))
        say("port in use", leaves_a_port_to_who_has_it(
            at, f"{out}/examples/http/server"))
        if shutil.which("wrk"):
            say("load", load(at))
    if shutil.which("wrk"):
        say("lint", lint_names_only_what_is_wrong(out))
    else:
        print("  load, lint: skipped, for want of wrk")
    if not os.path.exists(f"{out}/examples/ws/chat"):
        print("  browser: skipped, module ws is off")
    elif browser.find():
        say("browser", browser_talks(out))
    else:
        print("  browser: skipped, for want of Chromium")


if __name__ == "__main__":
    main()
