#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A window on a virtual display, and a person who presses every key of the help
page: real key and mouse events, sent by xdotool. What each did is read from the
window's own journal (antfarm view --log).

  tests/window.py BUILD

Fails when a key of `antfarm view --keys` is never pressed here."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

PATIENCE = 10.0  # seconds for one key to show its effect
SETTLED = 1.0
SIZE = (1280, 720)

# The name of an action, the keys that do it (as xdotool calls them), and what
# must have become of the state: (before, after) -> bool.
KEYS = [
    ("axis", ["t"], lambda b, a: a["axis"] != b["axis"]),
    ("axis", ["t"], lambda b, a: a["axis"] != b["axis"]),
    ("step", ["Right"], lambda b, a: num(a, "step") == num(b, "step") + 1),
    ("step", ["Page_Down"], lambda b, a: num(a, "step") == num(b, "step") + 1),
    ("step_back", ["Left"], lambda b, a: num(a, "step") == num(b, "step") - 1),
    ("step_back", ["Page_Up"],
     lambda b, a: num(a, "step") == num(b, "step") - 1),
    ("end", ["End"], lambda b, a: num(a, "event") > num(b, "event")),
    ("start", ["Home"], lambda b, a: num(a, "step") == 1),
    ("select_down", ["Down"], lambda b, a: a["select"] != "nothing:0"),
    ("select_down", ["Down"], lambda b, a: a["select"] != b["select"]),
    ("select_up", ["Up"], lambda b, a: a["select"] != b["select"]),
    ("step_own", ["shift+Right"], lambda b, a: later(b, a)),
    ("step_own", ["period"], lambda b, a: later(b, a)),
    ("step_own_back", ["shift+Left"], lambda b, a: later(a, b)),
    ("step_own", ["period"], lambda b, a: later(b, a)),
    ("step_own_back", ["comma"], lambda b, a: later(a, b)),
    ("zoom_in", ["w"], lambda b, a: width(a) < width(b)),
    ("zoom_in", ["plus"], lambda b, a: width(a) < width(b)),
    ("zoom_out", ["s"], lambda b, a: width(a) > width(b)),
    ("zoom_in", ["W"], lambda b, a: width(a) < width(b)),
    ("pan_right", ["d"], lambda b, a: num(a, "from") > num(b, "from")),
    ("pan_left", ["a"], lambda b, a: num(a, "from") < num(b, "from")),
    ("zoom_out", ["minus"], lambda b, a: width(a) > width(b)),
    ("fit_selection", ["f"],
     lambda b, a: window(a) != window(b) and abs(width(a) - width(b)) < 2),
    ("fit_selection", ["f"], lambda b, a: abs(width(a) - width(b)) >= 2),
    ("fit", ["0"], lambda b, a: num(a, "from") == 0),
    ("follow", ["F"], lambda b, a: a["follow"] == "1"),
    ("follow", ["F"], lambda b, a: a["follow"] == "0"),
    ("chain", ["braceleft"], lambda b, a: a["chain"] == "1"),
    ("open", ["Return"], lambda b, a: a["side"] == "why"),
    ("clear", ["Escape"],
     lambda b, a: a["select"] == "nothing:0" and a["chain"] == "0"),
    ("knot", ["x"], lambda b, a: later(b, a)),
    ("origin", ["X"], lambda b, a: a["event"] != b["event"]),
    ("undo", ["z"], lambda b, a: a["event"] != b["event"]),
    ("redo", ["Z"], lambda b, a: a["event"] != b["event"]),
    ("undo", ["ctrl+z"], lambda b, a: a["event"] != b["event"]),
    ("redo", ["ctrl+y"], lambda b, a: a["event"] != b["event"]),
    ("select_down", ["Down"], lambda b, a: a["select"] != "nothing:0"),
    ("knot", ["x"], None),
    ("cause", ["bracketleft"], lambda b, a: later(a, b)),
    ("effect", ["bracketright"], lambda b, a: later(b, a)),
    ("start", ["Home"], lambda b, a: num(a, "step") == 1),
    ("mark", ["m"], lambda b, a: a["marks"] == "1"),
    ("end", ["End"], lambda b, a: later(b, a)),
    ("note", ["quotedbl", "h", "i", "Return"], lambda b, a: a["marks"] == "2"),
    ("previous_mark", ["ctrl+Left"], lambda b, a: num(a, "step") == 1),
    ("next_mark", ["ctrl+Right"], lambda b, a: later(b, a)),
    ("start", ["Home"], None),
    ("marks", ["apostrophe", "h", "i", "Return"], lambda b, a: later(b, a)),
    ("mark", ["m"], lambda b, a: a["marks"] == "1"),
    ("start", ["Home"], None),
    ("search", ["slash", "h", "o", "l", "d", "s", "Return"],
     lambda b, a: later(b, a) and a["picker"] == "0"),
    ("next_match", ["n"], lambda b, a: later(b, a)),
    ("previous_match", ["N"], lambda b, a: later(a, b)),
    ("search", ["ctrl+f", "Escape"], lambda b, a: a["picker"] == "0"),
    ("go", ["g", "s", "1", "0", "Return"], lambda b, a: num(a, "step") == 10),
    ("select_down", ["Down"], None),
    ("pin", ["P"], lambda b, a: a["pinned"] == "1"),
    ("hide", ["H"], lambda b, a: a["hidden"] == "1"),
    ("show_all", ["U"], lambda b, a: a["pinned"] == "0" and a["hidden"] == "0"),
    ("filter", ["ampersand", "t", "o", "Return"],
     lambda b, a: a["filter"] == "to"),
    ("show_all", ["U"], lambda b, a: a["filter"] == ""),
    ("sort", ["bar"], lambda b, a: a["sort"].startswith("1")),
    ("sort_turn", ["backslash"], lambda b, a: a["sort"] != b["sort"]),
    ("log_lines", ["E"], lambda b, a: a["log"] != b["log"]),
    ("slower", ["less"], lambda b, a: a["speed"] == "0.5x"),
    ("faster", ["greater"], lambda b, a: a["speed"] == "1x"),
    ("faster", ["greater"], lambda b, a: a["speed"] == "2x"),
    ("play", ["space"], lambda b, a: a["playing"] == "1"),
    ("play", ["space"], lambda b, a: a["playing"] == "0"),
    ("theme", ["b"], lambda b, a: a["theme"] == "light"),
    ("projector", ["p"], lambda b, a: a["theme"] == "projector"),
    ("projector", ["p"], lambda b, a: a["theme"] == "light"),
    ("side", ["i"], lambda b, a: a["has_side"] == "0"),
    ("side", ["i"], lambda b, a: a["has_side"] == "1"),
    ("motion", ["M"], None),
    ("palette", ["ctrl+p", "d", "a", "r", "k", "Return"],
     lambda b, a: a["theme"] == "dark"),
    ("help", ["question"], lambda b, a: a["help"] == "1"),
    ("help", ["question"], lambda b, a: a["help"] == "0"),
    ("full_screen", ["F11"], None),
    ("full_screen", ["F11"], None),
    ("start", ["Home"], None),
    ("finding", ["exclam"], lambda b, a: later(b, a)),
    ("swap", ["Tab"], lambda b, a: a["message"].startswith("B: ")),
    ("swap", ["Tab"], lambda b, a: a["message"].startswith("A: ")),
    ("shot", ["F12"], lambda b, a: a["message"].startswith("Saved ")),
]

# A key, its place, and the panel that it opens there.
PLACES = ("main", "top", "side")


def num(state, name):
    return int(state[name])


def later(before, after):
    return num(after, "event") > num(before, "event")


def width(state):
    return num(state, "to") - num(state, "from")


def window(state):
    return num(state, "from"), num(state, "to")


class Failure(Exception):
    pass


class Window:
    """The program under test, its display and its journal."""

    def __init__(self, build, folder):
        self.folder = folder
        self.display = start_display()
        self.env = dict(os.environ, DISPLAY=self.display[1],
                        XDG_STATE_HOME=folder, SDL_VIDEODRIVER="x11")
        self.env.pop("WAYLAND_DISPLAY", None)
        self.lines = 0
        self.trace = os.path.join(folder, "deadlock.ant")
        record(build, "bad", self.trace, 3)
        other = os.path.join(folder, "fixed.ant")
        record(build, "fixed", other, 0)
        self.log = os.path.join(folder, "journal")
        self.program = subprocess.Popen(
            [os.path.abspath(os.path.join(build, "antfarm")), "view",
             self.trace, other, "--panel", "tracks", "--size", f"{SIZE[0]}x{SIZE[1]}", "--axis", "step",
             "--log", self.log], env=self.env, cwd=folder)
        self.state = self.wait(lambda s: True, "the first frame")
        found = self.tool("search", "--sync", "--onlyvisible", "--name",
                          "Antfarm")
        self.id = found.split()[0]
        self.tool("windowmove", self.id, "0", "0")
        self.tool("windowfocus", self.id)
        time.sleep(0.5)

    def tool(self, *words):
        done = subprocess.run(["xdotool", *words], env=self.env, check=True,
                              stdout=subprocess.PIPE, timeout=20, text=True)
        return done.stdout

    def read(self):
        """The states written since the last call."""
        try:
            with open(self.log, encoding="utf-8") as file:
                lines = [l for l in file.read().split("\n")[:-1] if l]
        except OSError:
            return []
        new = lines[self.lines:]
        self.lines = len(lines)
        return [parse(line) for line in new]

    def wait(self, is_good, what):
        """The first state that is good; the window may need some frames."""
        end = time.monotonic() + PATIENCE
        seen = []
        while time.monotonic() < end:
            for state in self.read():
                self.state = state
                seen.append(state["did"])
                if is_good(state):
                    return state
            if self.program.poll() is not None:
                raise Failure(f"{what}: the window is gone, status "
                              f"{self.program.returncode}")
            time.sleep(0.02)
        raise Failure(f"{what}: nothing of the kind; seen {seen}, now "
                      f"{getattr(self, 'state', None)}")

    def settle(self, did):
        """Lets a key have a frame of its own: a busy machine would see it and
        the next one in the same frame, which has one action in the journal."""
        end = time.monotonic() + SETTLED
        while time.monotonic() < end:
            new = self.read()
            did.extend(state["did"] for state in new)
            if new:
                self.state = new[-1]
                return
            time.sleep(0.01)

    def press(self, name, keys, check):
        before = self.state
        did = []
        for n, key in enumerate(keys):
            self.tool("key", "--delay", "0", key)
            if n + 1 < len(keys):
                self.settle(did)

        def is_good(state):
            did.append(state["did"])
            return name in did and (check is None or check(before, state))
        self.wait(is_good, f"{' '.join(keys)} ({name})")

    def click(self, x, y, check, what, button=1):
        before = self.state
        # Not --sync: that waits for ever when the mouse is there already.
        self.tool("mousemove", str(x), str(y), "sleep", "0.1", "click",
                  str(button))
        self.wait(lambda s: check(before, s), what)

    def close(self):
        if self.program.poll() is None:
            self.program.terminate()
        self.program.wait(timeout=10)
        self.display[0].terminate()
        self.display[0].wait(timeout=10)


def start_display():
    """Xvfb on a display that is free: (process, ":n")."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0",
         f"{SIZE[0]}x{SIZE[1]}x24", "-nolisten", "tcp"],
        pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as file:
        number = file.readline().strip()
    if not number:
        raise Failure("Xvfb did not start")
    return server, f":{number}"


def record(build, program, trace, status):
    """The lesson about the order of locks, in the simulator."""
    done = subprocess.run(
        [os.path.join(build, "antfarm"), "run", "--flavor", "sim", "--seed",
         "7", "--workers", "2", "--trace", trace,
         os.path.join(build, "lessons/39-lock-order", program)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if done.returncode != status:
        raise Failure(f"{program} ended with status {done.returncode}")


def parse(line):
    pairs = re.findall(r'(\w+)=("[^"]*"|\S+)', line)
    return {name: value.strip('"') for name, value in pairs}


def table(build):
    """The rows of the help page: (key, meaning, name)."""
    done = subprocess.run([os.path.join(build, "antfarm"), "view", "--keys"],
                          stdout=subprocess.PIPE, check=True, text=True)
    rows = [re.split(r"(?<!\\)\|", l)[1:4] for l in done.stdout.splitlines()[2:]]
    return [[cell.strip().strip("`") for cell in row] for row in rows]


def panel_rows(rows):
    return [(key, name[len("panel_"):]) for key, _, name in rows
            if name.startswith("panel_")]


XNAMES = {"%": "percent"}


def press_panels(win, rows):
    """Each panel's key opens it somewhere, and again leaves it."""
    for key, panel in panel_rows(rows):
        xname = XNAMES.get(key, key)
        if panel == "tracks":
            win.press("panel_tracks", [xname], None)
            continue
        is_open = any(win.state[place] == panel for place in PLACES)
        if is_open:
            win.press(f"panel_{panel}", [xname], None)
        win.press(f"panel_{panel}", [xname],
                  lambda b, a, p=panel: any(a[w] == p for w in PLACES))
        win.press(f"panel_{panel}", [xname],
                  lambda b, a: True)


def use_mouse(win):
    """What the mouse can do that has no picture of its own."""
    win.press("panel_tracks", ["r"], None)
    win.press("start", ["Home"], None)
    win.click(1000, 60, later, "a click on the strip")
    win.click(24, 658, lambda b, a: num(a, "step") == 1, "the first button")
    win.click(180, 658, lambda b, a: num(a, "step") == 2, "the next button")
    win.click(500, 300, lambda b, a: width(a) < width(b), "the wheel", 4)
    win.click(500, 300, lambda b, a: width(a) > width(b), "the wheel back", 5)
    win.click(100, 185, lambda b, a: a["select"].startswith("lane:"),
              "the name of a worker")
    before = win.state
    win.press("zoom_in", ["w"], None)
    win.press("zoom_in", ["w"], None)
    win.tool("mousemove", "600", "300")
    time.sleep(0.1)
    win.tool("mousedown", "1")
    time.sleep(0.1)
    for x in (560, 520, 480):
        win.tool("mousemove", str(x), "300")
        time.sleep(0.1)
    win.tool("mouseup", "1")
    win.wait(lambda s: window(s) != window(before), "a drag")


# Where the button `menu` is, and the first line of the list that it opens.
MENU = (1160, 15)
MENU_FIRST = (640, 128)
TYPED_MAX = 24  # characters tell one command from all others

# Commands that open something to type or to read, which Esc closes, and those
# that move the menu, which their key takes back.
OPENERS = ("search", "go", "note", "marks", "filter", "palette", "help")
MOVERS = {"projector": "p", "full_screen": "F11"}


def choose(win, name, meaning):
    """A command by its line in the menu, with the mouse."""
    words = meaning[:TYPED_MAX]
    win.click(*MENU, lambda b, a: a["picker"] == "1",
              f"the button `menu`, for {name}")
    win.tool("type", "--delay", "5", words)
    win.wait(lambda s: s["text"] == words, f"{words}, typed")
    win.click(*MENU_FIRST, lambda b, a: a["did"] == name,
              f"the line `{meaning}` of the menu")
    if name in OPENERS:
        win.tool("key", "Escape")
        win.wait(lambda s: s["picker"] == "0" and s["help"] == "0",
                 f"Esc after {name}")
    if name in MOVERS:
        win.press(name, [MOVERS[name]], None)
        time.sleep(1)  # until SDL heeds the mouse again


def use_menu(win, rows):
    """Whatever has a key can be clicked, too."""
    for _, meaning, name in rows:
        if name != "quit":
            choose(win, name, meaning)


def main():
    build = sys.argv[1] if len(sys.argv) > 1 else "build"
    missing = [t for t in ("Xvfb", "xdotool") if shutil.which(t) is None]
    if missing:
        print(f"window: {' and '.join(missing)} missing; try: "
              "./.ci/setup check")
        return 1
    rows = table(build)
    pressed = {name for name, _, _ in KEYS} | {"quit"}
    pressed |= {f"panel_{panel}" for _, panel in panel_rows(rows)}
    forgotten = [f"{key} ({name})" for key, _, name in rows
                 if name not in pressed]
    if forgotten:
        print(f"window: never pressed: {', '.join(forgotten)}; add them to "
              "KEYS in tests/window.py")
        return 1
    folder = tempfile.mkdtemp(prefix="antfarm-window-")
    win = None
    try:
        win = Window(build, folder)
        for name, keys, check in KEYS:
            win.press(name, keys, check)
        press_panels(win, rows)
        use_mouse(win)
        use_menu(win, rows)
        win.tool("key", "q")
        if win.program.wait(timeout=10) != 0:
            raise Failure(f"q: status {win.program.returncode}")
        print(f"window: {len(KEYS)} keys, {len(panel_rows(rows))} panels, "
              f"{len(rows)} lines of the menu and the mouse do what they say")
        return 0
    except Failure as failure:
        print(f"window: {failure}")
        return 1
    finally:
        if win is not None:
            win.close()
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
