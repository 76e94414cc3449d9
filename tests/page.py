# SPDX-License-Identifier: MIT
"""The page of `antfarm export --to html`, played in a browser by keys, mouse
and slider as a person would. Each function is one thing that has to work; it
raises AssertionError with what it saw instead."""

import browser

WORDS = {"say": "document.getElementById('say').textContent",
         "why": "document.getElementById('why').textContent",
         "moment": "document.getElementById('moment').textContent",
         "scrub": "+document.getElementById('scrub').value",
         "last": "+document.getElementById('scrub').max"}

# A frame is drawn and the words are written.
FRAME = ("new Promise(done => requestAnimationFrame(() => "
         "requestAnimationFrame(done)))")


class Page:
    """A page in the browser, and what can be read on it."""

    def __init__(self, view, path):
        self.view = view
        view.open(f"file://{path}")
        view.ask(FRAME)

    def press(self, *keys, shift=False):
        for key in keys:
            self.view.press(key, shift)
        self.view.ask(FRAME)

    def read(self, what):
        return self.view.ask(WORDS[what])

    def expect(self, what, wanted, why):
        found = self.read(what)
        assert found == wanted, f"{why}: {what} is {found!r}, not {wanted!r}"


def steps(page):
    """Keys and buttons go on and back by one, to the ends and no further."""
    page.press("ArrowRight", "ArrowRight", "PageDown")
    page.expect("scrub", 3, "three keys on")
    page.press("ArrowLeft", "PageUp")
    page.expect("scrub", 1, "two keys back")
    for button, wanted in (("on", 2), ("back", 1), ("last", page.read("last")),
                           ("on", page.read("last")), ("first", 0),
                           ("back", 0)):
        page.view.ask(f"document.getElementById('{button}').click()")
        page.view.ask(FRAME)
        page.expect("scrub", wanted, f"the button {button}")
    page.press("End")
    page.expect("scrub", page.read("last"), "End")
    page.press("Home")
    page.expect("scrub", 0, "Home")


def plays(page):
    """It plays by itself, stops when asked to, and stops at the end."""
    page.press("Home", " ")
    assert page.view.wait(WORDS["scrub"] + " > 1"), "Space does not play"
    page.press(" ")
    stood = page.read("scrub")
    page.view.ask("new Promise(done => setTimeout(done, 400))")
    page.expect("scrub", stood, "Space pauses")
    page.press("End", "ArrowLeft", " ")
    at_end = "document.getElementById('play').textContent == 'Play'"
    assert page.view.wait(at_end), "it does not stop at the end"
    page.view.ask(FRAME)
    page.expect("scrub", page.read("last"), "played to the end")


def scrubs(page):
    """The slider goes anywhere, and arrow keys on it are single steps."""
    page.view.ask("(s => { s.value = 7; s.dispatchEvent(new Event('input')); "
                  "s.focus(); })(document.getElementById('scrub'))")
    page.view.ask(FRAME)
    assert "step 8 of" in page.read("moment"), page.read("moment")
    page.press("ArrowRight")
    page.expect("scrub", 8, "an arrow key on the slider")
    page.view.ask("document.activeElement.blur()")


def mouse(page):
    """A click on a lane goes there; one on a task's name selects it."""
    page.press("0", "Home")
    top = page.view.ask(
        "document.getElementById('canvas').getBoundingClientRect().top")
    page.view.click(600, top + 60)
    page.view.ask(FRAME)
    assert page.read("scrub") > 2, "a click on a lane goes nowhere"
    row = page.view.ask("JSON.parse(document.getElementById('trace')"
                        ".textContent).lanes.length + 1")
    page.view.click(60, top + 26 + 24 * row + 12)
    page.view.ask(FRAME)
    found = page.view.ask("document.getElementById('whose').textContent")
    assert found.startswith("WHY: task 1 "), f"a click selects {found!r}"


def sentences(page, known):
    """What it says of each step is what `antfarm dump` says."""
    page.press("Home")
    for _ in range(min(40, page.read("last"))):
        said = page.read("say")
        assert said in known, f"antfarm dump does not say {said!r}"
        page.press("ArrowRight")


def whys(page):
    """The sentence of the selected task follows its life."""
    page.press("Home", "Escape", "ArrowDown", "End")
    seen = set()
    for _ in range(min(200, page.read("last"))):
        seen.add(page.read("why"))
        page.press("ArrowLeft")
    assert len(seen) > 2, f"only {seen} in a whole life"
    page.press("Home")
    page.expect("why", "has not been spawned yet", "before its life")


def table(page):
    """The same in words: a row for each task."""
    page.press("End")
    page.view.ask("document.getElementById('astext').open = true")
    page.view.ask("new Promise(done => setTimeout(done, 100))")
    rows = page.view.ask("document.querySelectorAll('#table tr').length")
    tasks = page.view.ask("JSON.parse(document.getElementById('trace')"
                          ".textContent).tasks.length - 1")
    assert rows == min(tasks, 500), f"{rows} rows for {tasks} tasks"
    page.view.ask("document.getElementById('astext').open = false")


def looks(page):
    """Axes and themes change the picture; each theme is there."""
    seen = set()
    for key in ("b", "b", "b", "t", "t"):
        page.press(key)
        seen.add(page.view.ask(
            "document.getElementById('canvas').toDataURL()"))
    assert len(seen) >= 4, f"five keys make {len(seen)} different pictures"


def names(page):
    """Everything that can be pressed has a name; nothing is fetched."""
    nameless = page.view.ask(
        "[...document.querySelectorAll('button, input, select')].filter(e => "
        "!(e.getAttribute('aria-label') || e.textContent.trim() || "
        "e.closest('label'))).map(e => e.id)")
    assert nameless == [], f"without a name: {nameless}"
    fetched = page.view.ask("performance.getEntriesByType('resource').length")
    assert fetched == 0, f"{fetched} files were fetched"
    wide = page.view.ask("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{wide} pixels too wide"


def source(page):
    """The line where the task is stands lit in its file."""
    page.press("End", "Escape", "ArrowDown")
    lit = page.view.ask("document.querySelectorAll('#source .now').length")
    assert lit == 1, f"{lit} lines are lit"
    inside = page.view.ask(
        "(b => (r => r.top >= b.top - 1 && r.bottom <= b.bottom + 1)"
        "(document.querySelector('#source .now').getBoundingClientRect()))"
        "(document.getElementById('source').getBoundingClientRect())")
    assert inside, "the lit line is out of sight"


def check(path, known, shot):
    """Plays the page; `known` are the sentences of `antfarm dump`."""
    with browser.Browser() as view:
        page = Page(view, path)
        for test in (steps, plays, scrubs, mouse, whys, table, looks, names,
                     source):
            test(page)
        sentences(page, known)
        page.press("End", "ArrowUp")
        view.ask("new Promise(done => setTimeout(done, 300))")
        view.shot(shot)
        assert view.errors == [], f"the page's scripts: {view.errors}"
        return page.read("why")
