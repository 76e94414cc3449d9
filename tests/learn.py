# SPDX-License-Identifier: MIT
"""Takes a lesson as a learner does: wrong answers first, a hint, an attempt
that does not compile, then one that is right.

    python3 tests/learn.py build [--tmux]

Through a pipe, or in a terminal of 80 columns (tmux), where keys are typed.
There, the transcripts of all lessons are also compared with what they were
(tests/golden/lesson_NN.txt); through the pipe only that of this lesson.
"""

import glob
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

LESSON = "20"
SLUG = "sequential-vs-join"
FOLDER = "lessons/20-sequential-vs-join"
GOLDEN = "tests/golden/lesson_{}.txt"

# What is typed, and what has to be seen next.
STEPS = [
    ("", "Your answer", "s skips, q leaves"),
    ("c", "After 100 ms is wrong", "Two awaits in a row run at the same time."),
    ("", "the first moment", "a number; s skips"),
    ("4", "right", "Yes."),
    ("s", "skipped", "Skipped."),
    ("", "on", "How often is each fetch polled?"),
    ("a", "wrong once more", "No, that is not what happens."),
    ("", "the exercise", "It runs to its end, but not as it should."),
    ("h", "a hint", "Hint: Look at the picture"),
    ("BREAK", "no compiling", "It does not compile."),
    ("SOLVE", "passed", "Passed: every demand is kept."),
]

STEPS_35 = [
    ("", "a choice", "When is the third deposit done?"),
    ("a", "300 ms is wrong", "What blocks one task hurts that task only."),
    ("cleo", "a point at nobody next", "A task is a thread"),
    ("", "two moments", "waits for ever for"),
    ("", "on", "how many wait in line at most?"),
    ("a", "one in line is wrong", "More workers cure blocking."),
    ("1", "a game", "Choice 2 of 5: which task is polled next?"),
    ("u", "one taken back", "Choice 1 of 5"),
    ("9", "nobody of this number", "(1-3; u takes"),
    ("3", "cleo first", "Choice 2 of 5"),
    ("2", "ben second", "Choice 3 of 5"),
    ("1", "and on", "Choice 4 of 5"),
    ("1", "won", "The goal is reached. The lock is fair"),
    ("s", "skipped", "Skipped."),
    ("", "the exercise", "It stalled: nothing can ever wake its tasks again."),
    ("SOLVE", "passed", "Passed: every demand is kept."),
]


class Pipe:
    """A learner whose keys come through a pipe."""

    def __init__(self, command, env):
        self.child = subprocess.Popen(command, env=env, text=True,
                                      stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE)
        os.set_blocking(self.child.stdout.fileno(), False)
        self.text = b""

    def type(self, keys):
        self.child.stdin.write(keys + "\n")
        self.child.stdin.flush()

    def seen(self):
        self.text += self.child.stdout.buffer.read() or b""
        return self.text.decode("utf-8", "replace")

    def end(self):
        self.child.stdin.close()
        return self.child.wait(timeout=20) == 0


class Terminal:
    """A learner in front of a terminal of 80 columns."""

    def __init__(self, command, env, folder):
        self.tmux = ["tmux", "-S", os.path.join(folder, "tmux")]
        words = [f"XDG_DATA_HOME={env['XDG_DATA_HOME']}"] + command
        subprocess.run(self.tmux + ["-f", "/dev/null", "new-session", "-d",
                                    "-x", "80", "-y", "24",
                                    " ".join(words) + "; sleep 600"],
                       check=True, env=env)
        subprocess.run(self.tmux + ["set", "-g", "history-limit", "5000"],
                       check=True)

    def type(self, keys):
        subprocess.run(self.tmux + ["send-keys", keys, "Enter"], check=True)

    def seen(self):
        done = subprocess.run(self.tmux + ["capture-pane", "-p", "-J", "-S", "-"],
                              check=True, stdout=subprocess.PIPE, text=True)
        return done.stdout

    def end(self):
        subprocess.run(self.tmux + ["kill-server"], check=False)
        return True


def expect(learner, what, text, since):
    """Waits until `text` is seen behind `since`; returns where it ends."""
    flat = ""
    for _ in range(600):
        flat = " ".join(learner.seen().split())
        at = flat.find(text, since)
        if at >= 0:
            return at + len(text)
        time.sleep(0.05)
    sys.exit(f"{what}: not seen: {text}\n{flat[-3000:]}")


def write(path, name):
    """Puts an attempt where the learner's file is."""
    if name is None:
        with open(path, "a", encoding="utf-8") as stream:
            stream.write("\nint broken(\n")
    else:
        shutil.copy(name, path)


def take(learner, data, folder, steps):
    slug = os.path.basename(folder).split("-", 1)[1]
    mine = os.path.join(data, "antfarm", "lessons", slug, "exercise.c")
    since = 0
    for keys, what, text in steps:
        if keys == "BREAK":
            write(mine, None)
        elif keys == "SOLVE":
            write(mine, os.path.join(folder, "solution.c"))
        elif what not in ("Your answer", "a choice"):
            learner.type(keys)
        since = expect(learner, what, text, since)


def check_kept(data):
    """Progress and answers are in files that people can read."""
    with open(os.path.join(data, "antfarm", "progress"),
              encoding="utf-8") as stream:
        assert f"{SLUG}: passed\n" in stream.read(), "progress"
    with open(os.path.join(data, "antfarm", "answers.csv"),
              encoding="utf-8") as stream:
        answers = stream.read()
    for part in (f',{SLUG},total,"c",wrong,MC06\n', ',polls,"4",right,\n',
                 ',joined,"s",skipped,\n'):
        assert part in answers, answers


def lessons_with_transcripts():
    """Their numbers: those that have a golden file."""
    found = glob.glob(GOLDEN.format("[0-9]*"))
    return sorted(re.search(r"lesson_(\d+)", path).group(1) for path in found)


def check_transcript(program, lesson):
    """The whole lesson as text is as it was; --update writes it."""
    golden = GOLDEN.format(lesson)
    text = subprocess.run([program, "course", "transcript", lesson],
                          check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    if "--update" in sys.argv:
        with open(golden, "w", encoding="utf-8") as stream:
            stream.write(text)
    with open(golden, encoding="utf-8") as stream:
        if stream.read() != text:
            sys.exit(f"the transcript is not that of {golden}; look at the "
                     "difference after: python3 tests/learn.py build --tmux "
                     "--update")


def check_without_compiler(program):
    """Everything but the exercise works where there is no compiler."""
    with tempfile.TemporaryDirectory() as data:
        env = dict(os.environ, XDG_DATA_HOME=data, CC="/nonexistent")
        learner = Pipe([program, "learn", LESSON, "--text"], env)
        since = expect(learner, "the note", "There is no C compiler here", 0)
        for keys, what, text in STEPS[1:7]:
            learner.type(keys)
            since = expect(learner, what, text, since)
        learner.type("")
        expect(learner, "the exercise", "It could not be tried here: there is "
               "no C compiler called /nonexistent", since)
        assert learner.end(), "exit status without a compiler"


def check_watch(program):
    """An author saves, and the lesson is checked again; Ctrl+C ends it."""
    with tempfile.TemporaryDirectory() as data:
        course = os.path.join(data, "lessons")
        shutil.copytree("lessons", course)
        os.symlink(os.path.abspath("runtime"), os.path.join(data, "runtime"))
        page = os.path.join(course, os.path.basename(FOLDER), "lesson.md")
        child = Pipe([program, "course", "watch", LESSON, "--lessons", course],
                     dict(os.environ))
        since = expect(child, "all is well", "nothing to refuse", 0)
        with open(page, "a", encoding="utf-8") as stream:
            stream.write("\n\nLook at line 12.\n")
        # What is refused goes to the other pipe; here it is checked again.
        since = expect(child, "checked again", "Ctrl+C ends it.", since)
        shutil.copy(os.path.join(FOLDER, "lesson.md"), page)
        expect(child, "well again", "nothing to refuse", since)
        child.child.send_signal(signal.SIGINT)
        assert child.end(), "exit status of course watch"


def check_handout(program):
    """A lesson to print is a PDF, where there is a program to make one."""
    if shutil.which("weasyprint") is None:
        print("handout: skipped, there is no weasyprint")
        return
    with tempfile.TemporaryDirectory() as data:
        path = os.path.join(data, "handout.pdf")
        subprocess.run([program, "course", "handout", LESSON, "-o", path],
                       check=True)
        with open(path, "rb") as stream:
            assert stream.read(5) == b"%PDF-", "handout"


def main():
    program = os.path.abspath(os.path.join(sys.argv[1], "antfarm"))
    check_without_compiler(program)
    is_terminal = "--tmux" in sys.argv
    for lesson in lessons_with_transcripts() if is_terminal else [LESSON]:
        check_transcript(program, lesson)
    if is_terminal:
        check_handout(program)
        check_watch(program)
    if is_terminal and shutil.which("tmux") is None:
        print("skipped: there is no tmux")
        return
    kind = Terminal if is_terminal else Pipe
    take_20(program, kind)
    if is_terminal:
        take_35(program, kind)


def begin(kind, command, env, data):
    if kind is Terminal:
        return Terminal(command, env, data)
    return Pipe(command, env)


def take_20(program, kind):
    with tempfile.TemporaryDirectory() as data:
        env = dict(os.environ, XDG_DATA_HOME=data)
        command = [program, "learn", LESSON, "--text"]
        learner = begin(kind, command, env, data)
        try:
            take(learner, data, FOLDER, STEPS)
            expect(learner, "the end", "Predictions: 1 of 3 right.", 0)
        finally:
            ended = learner.end()
        assert ended, "exit status"
        check_kept(data)
        again = subprocess.run(command[:2] + ["--text"], env=env, check=True,
                               text=True, stdout=subprocess.PIPE).stdout
        assert f"{SLUG} 10 min passed" in " ".join(again.split()), again
        for line in again.splitlines():
            assert len(line) <= 80, line


def take_35(program, kind):
    """A choice, a point and a game, wrong answers first."""
    with tempfile.TemporaryDirectory() as data:
        env = dict(os.environ, XDG_DATA_HOME=data)
        command = [program, "learn", "35", "--text"]
        learner = begin(kind, command, env, data)
        try:
            take(learner, data, "lessons/35-lock-across-await", STEPS_35)
            expect(learner, "the end", "Predictions: 0 of 3 right.", 0)
        finally:
            learner.end()


main()
