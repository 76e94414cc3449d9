# SPDX-License-Identifier: MIT
"""Antfarm in gdb: what the tasks of a program are doing.

    (gdb) source runtime/gdb/ant.py
    (gdb) ant tasks              every task, and what it waits for
    (gdb) ant await-tree         who awaits whom, from the root tasks down
    (gdb) ant await-tree 2       of one task
    (gdb) ant await-tree self    of one future
    (gdb) print *$ant_task(2)    one task

It also prints ant_future, ant_task, ant_waker and ant_resource in words, alone
and inside of other structs; `print /r` shows their members. It only reads
memory and calls nothing in the program, so it works on a live process and on a
core file alike. Without debug information of the library it can do nothing.
"""

import gdb
import gdb.types

DEPTH_MAX = 64
LIST_MAX = 1000000  # a list that is longer than this is broken

SCHEDULED, RUNNING, COMPLETE = 1, 2, 4
MORE_FLAGS = ((8, "to be cancelled"), (16, "has a handle"),
              (32, "its handle is awaited"))
TASK_BLOCKING = 1  # of ANT_TASK_...
NEW, STARTED, ENDED = 0, 1, 2  # ant_phase
GRANTED = 2  # ant_waiter_state


# --- Reading memory -----------------------------------------------------------

def text(pointer):
    """The string behind a char pointer or an integer that is one."""
    pointer = pointer.cast(gdb.lookup_type("char").pointer())
    return pointer.string(errors="replace") if int(pointer) else "?"


def tag(kind):
    """"ant_task" for struct ant_task and its typedefs, else None."""
    kind = gdb.types.get_basic_type(kind)
    return kind.tag if kind.code == gdb.TYPE_CODE_STRUCT else None


def first_member(value, wanted):
    """What a struct begins with, perhaps some layers down; None if not that."""
    while tag(value.type) != wanted:
        fields = value.type.strip_typedefs().fields() if tag(value.type) else []
        if not fields:
            return None
        value = value[fields[0]]
    return value


def pointed(value, wanted):
    """What a pointer points to, as first_member(); None also for NULL."""
    kind = value.type.strip_typedefs()
    if kind.code != gdb.TYPE_CODE_PTR or int(value) == 0:
        return None
    return first_member(value.dereference(), wanted)


def listed(head, kind, link):
    """The structs of a base/list.h list, in order."""
    kind = gdb.lookup_type(kind)
    offset = next(f.bitpos // 8 for f in kind.fields() if f.name == link)
    at = int(head["next"])
    for _ in range(LIST_MAX):
        if at in (0, int(head.address)):
            return
        value = gdb.Value(at - offset).cast(kind.pointer()).dereference()
        yield value
        at = int(value[link]["next"])


# --- Runtimes and tasks -------------------------------------------------------

def runtimes():
    """Every ant_runtime of the program."""
    if gdb.selected_inferior().pid == 0:
        raise gdb.GdbError("ant: nothing runs; see: help run, help core-file")
    for symbol in gdb.lookup_static_symbols("runtimes"):
        if symbol.symtab.filename.endswith("rt/runtime.c"):
            yield from listed(symbol.value(), "ant_runtime", "place")
            return
    raise gdb.GdbError("ant: no debug information of libantfarm here")


def tasks_of(runtime):
    """Every ant_task of a runtime that is not over, the oldest first."""
    volumes = runtime["sched"]["owned"]["volume"]
    first, last = volumes.type.range()
    tasks = [task for i in range(first, last + 1)
             for task in listed(volumes[i]["tasks"], "ant_task", "owned")]
    return sorted(tasks, key=lambda task: int(task["id"]))


def all_tasks():
    return [task for runtime in runtimes() for task in tasks_of(runtime)]


def task_name(task):
    return f"task {int(task['id'])} `{text(task['name']).split('(')[0]}`"


def task_of_id(number):
    """The task with this number, None when it is over."""
    return next((t for t in all_tasks() if int(t["id"]) == number), None)


def holder_name(number):
    task = task_of_id(number)
    return task_name(task) if task else f"task {number}, which is over"


def task_state(task):
    """The flags of core/task_state.h in words."""
    word = int(task["state"]["word"])
    words = ["over" if word & COMPLETE else
             "running" if word & RUNNING else
             "scheduled" if word & SCHEDULED else "waiting"]
    if word & RUNNING and word & SCHEDULED:
        words.append("woken meanwhile")
    return ", ".join(words + [w for flag, w in MORE_FLAGS if word & flag])


def worker_of(task):
    """The worker that is polling the task, and its ant_here; or None."""
    for runtime in runtimes():
        sched = runtime["sched"]
        for i in range(int(sched["desc"]["worker_count"])):
            here = sched["worker"][i]["here"]
            if int(here["task"]) == int(task.address):
                return i, here
    return None


def thread_of(here):
    """" in gdb's thread 3", when one of its threads is just there."""
    chosen = gdb.selected_thread()
    try:
        for thread in gdb.selected_inferior().threads():
            thread.switch()
            for symbol in gdb.lookup_static_symbols("current_here"):
                if int(symbol.value()) == int(here.address):
                    return f" in gdb's thread {thread.num}"
    except gdb.error:
        pass  # thread-local variables need libthread_db
    finally:
        if chosen:
            chosen.switch()
    return ""


# --- Futures ------------------------------------------------------------------

def whole(future):
    """The struct that a future is the base of; only the base when gdb does not
    know that struct. An async function shares its name with it."""
    ops = future["ops"].dereference()
    block = gdb.block_for_pc(int(ops["poll"]))
    try:
        kind = gdb.lookup_type("struct " + text(ops["name"]), block)
    except gdb.error:
        return future
    if kind.sizeof != int(ops["size"]):
        return future
    return future.address.cast(kind.pointer()).dereference()


def members(value):
    """(name, value) of every member that has a name."""
    return [(f.name, value[f]) for f in value.type.strip_typedefs().fields()
            if f.name]


def is_of_program(future):
    return not text(future["ops"]["name"]).startswith("ant_")


def state_name(future):
    names = future["ops"]["state_name"]
    state = int(future["state"])
    in_range = state <= names.type.range()[1]
    return text(names[state]) if in_range and int(names[state]) else "start"


def where(future):
    """file:line of the last await or change of state."""
    line = int(future["line"]) or int(future["ops"]["line"])
    return f"{text(future['ops']['file'])}:{line}"


def describe(future):
    """Name, state and place, without what it awaits."""
    if int(future["ops"]) == 0:
        return "no future"
    name = text(future["ops"]["name"])
    phase = int(future["phase"])
    if phase == NEW:
        return f"{name}, not polled yet"
    if phase == ENDED:
        return f"{name}, ended with {int(future['result'])}"
    if is_of_program(future):
        return f"{name} in {state_name(future)} ({where(future)})"
    return name


def children(future):
    """(name, future) of what a future polls, ended ones of a join too."""
    if int(future["phase"]) != STARTED:
        return []
    self = whole(future)
    if int(future["ops"]["child"]):
        return list(branches(self))
    if int(future["awaited"]) == 0:
        return []
    names = [name for name, value in members(self)
             if int(value.address) == int(future["awaited"])]
    return [(names[0] if names else "", future["awaited"].dereference())]


def branches(self):
    """The children of a combinator: a join, a select, a timeout, a borrow."""
    for name, value in members(self):
        if tag(value.type) == "ant_children":
            yield from listed_children(value)
        elif name != "base":
            child = pointed(value, "ant_future")
            if child is None:
                child = first_member(value, "ant_future")
            if child is not None:
                yield name, child


def listed_children(kids):
    words = text(kids["text"]).replace("self->", "").split(",")
    array = int(kids["array"]) != 0
    for i in range(int(kids["count"])):
        pointer = kids["array" if array else "listed"][i]
        if array or i >= len(words):
            name = f"{words[0]}[{i}]"
        else:
            name = words[i].strip().lstrip("&").replace(".base", "")
        if int(pointer):
            yield name, pointer.dereference()


# --- What is waited for -------------------------------------------------------

def kind_word(resource):
    """"thread mutex" for ANT_RES_THREAD_MUTEX."""
    kinds = gdb.parse_and_eval("ANT_RES_OTHER").type
    for field in kinds.fields():
        if field.enumval == int(resource["kind"]):
            return field.name.replace("ANT_RES_", "").replace("_", " ").lower()
    return "resource"


def resource_words(resource, place=""):
    words = kind_word(resource)
    if int(resource["name"]):
        words += f" `{text(resource['name'])}`"
    words += place
    holder = int(resource["holder"])
    if holder:
        words += (f", held by {holder_name(holder)} since line "
                  f"{int(resource['holder_line']) & 0x7fffffff}")
    return words


def wait_words(leaf, place=""):
    """What a future without children waits for, None when nobody can say."""
    if int(leaf["phase"]) != STARTED or not int(leaf["ops"]["waits_on"]):
        return None
    for name, value in members(whole(leaf)):
        if name == "alarm":
            ms = int(whole(leaf)["ns"]) / 1e6
            return (f"a timer of {ms:,.9g} ms" if ms else "a timer") + place
        task = pointed(value, "ant_task")
        if task is not None:
            return f"{task_name(task)} to end{place}"
        if name == "claim":
            permits = value["permits"]["resource"]
            return granted(value) + resource_words(permits, place)
        resource = pointed(value, "ant_resource")
        if resource is not None:
            return granted(whole(leaf)) + resource_words(resource, place)
    return None


def granted(self):
    if gdb.types.has_field(self.type, "waiter"):
        if int(self["waiter"]["state"]) == GRANTED:
            return "its next poll, to take "
    return ""


def waits(future, place="", is_any=False, depth=DEPTH_MAX):
    """(is it one of several any of which would do, words) for every leaf below
    a future; the words have the line that waits."""
    if depth == 0 or int(future["phase"]) != STARTED:
        return
    if is_of_program(future):
        place = f" ({where(future)})"
    below = children(future)
    if len(below) > 1:
        is_any = bool(future["ops"]["needs_any"])
    for _, child in below:
        yield from waits(child, place, is_any, depth - 1)
    words = wait_words(future, place)
    if words:
        yield is_any, words


def task_waits(task):
    """A line for everything that keeps a task from its end now."""
    if int(task["state"]["word"]) & RUNNING:
        return list(running_on(task))
    found = list(waits(task["future"]))
    return ["or for " + words if is_any and i > 0 else "for " + words
            for i, (is_any, words) in enumerate(found)]


def running_on(task):
    """Which worker polls the task, and whether that one can go on."""
    found = worker_of(task)
    if found is None:
        if int(task["kind"]) == TASK_BLOCKING:
            yield "on a thread of the blocking pool"
        return
    i, here = found
    yield f"on worker {i}{thread_of(here)}"
    if int(here["blocked_on"]):
        kind = gdb.lookup_type("ant_resource").pointer()
        card = here["blocked_on"].cast(kind).dereference()
        place = f" ({text(here['blocked_file'])}:{int(here['blocked_line'])})"
        yield "which stands still for " + resource_words(card, place)


# --- The commands -------------------------------------------------------------

class Command(gdb.Command):
    """What gdb cannot read ends the command with one line."""

    def __init__(self, name, prefix=False):
        super().__init__(name, gdb.COMMAND_STATUS, prefix=prefix)

    def invoke(self, argument, from_tty):
        try:
            self.act(argument)
        except gdb.error as problem:
            raise gdb.GdbError(f"ant: {problem}")


class Ant(Command):
    """What the tasks of an Antfarm program are doing."""

    def act(self, argument):
        gdb.execute("help ant")


class AntTasks(Command):
    """Every task: number, name, state, line, and what it waits for."""

    def act(self, argument):
        found = list(runtimes())
        if not found:
            print("There is no runtime now.")
        for runtime in found:
            show_runtime(runtime)


def show_runtime(runtime):
    desc = runtime["desc"]
    tasks = list(tasks_of(runtime))
    workers = int(desc["worker_count"])
    flavor = str(desc["flavor"]).replace("ANT_RUNTIME_", "").lower()
    print(f"runtime {int(runtime.address):#x}: {flavor}, "
          f"{workers} worker{'' if workers == 1 else 's'}, seed "
          f"{int(desc['seed'])}; tasks that are not over: {len(tasks)}")
    for task in tasks:
        print(f"  {task_name(task)}: {task_state(task)}")
        print(f"      {describe(task['future'])}")
        for words in task_waits(task):
            print(f"      {words}")


class AntAwaitTree(Command):
    """Who awaits whom: ant await-tree [TASK].

TASK is a task's number, or an expression: a pointer to a task or to a future.
Without it every task is shown, where possible under the join handle that
awaits it."""

    def act(self, argument):
        tree = Tree()
        if argument:
            tree.show(argument)
        else:
            tree.show_all()


class AntTask(gdb.Function):
    """$ant_task(N): a pointer to the task with the number N."""

    def invoke(self, number):
        task = task_of_id(int(number))
        if task is None:
            raise gdb.GdbError(f"no task {int(number)}; see: ant tasks")
        return task.address


class Tree:
    """Prints trees of futures, each task once."""

    def __init__(self):
        self.shown = set()

    def show_all(self):
        for task in all_tasks():
            if int(task.address) not in self.shown:
                self.task(task, 0)

    def show(self, argument):
        if argument.isdigit():
            argument = f"$ant_task({argument})"
        value = gdb.parse_and_eval(argument)
        if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
            value = value.dereference()
        future = first_member(value, "ant_future")
        if tag(value.type) == "ant_task":
            self.task(value, 0)
        elif future is not None:
            self.future("", future, 0)
        else:
            raise gdb.GdbError(f"ant: {argument} is no task and no future")

    def task(self, task, depth):
        again = int(task.address) in self.shown
        self.shown.add(int(task.address))
        line(depth, f"{task_name(task)}: "
             + ("shown above" if again else task_state(task)))
        if again:
            return
        if int(task["state"]["word"]) & RUNNING:
            for words in task_waits(task):
                line(depth + 1, words)
        if not int(task["state"]["word"]) & COMPLETE:
            self.future("", task["future"], depth + 1)

    def future(self, name, future, depth):
        if depth > DEPTH_MAX:
            return line(depth, "and so on")
        below = children(future)
        words = describe(future)
        target = wait_words(future)
        if target:
            words += f", waits for {target}"
        line(depth, f"{name}: {words}" if name else words)
        for child_name, child in below:
            self.future(child_name, child, depth + 1)
        task = joined_here(future)
        if task is not None:
            self.task(task, depth + 1)


def line(depth, words):
    print("  " * depth + words)


def joined_here(future):
    """The task that a join handle waits for, else None."""
    if (int(future["phase"]) == STARTED
            and text(future["ops"]["name"]) == "ant_join_handle"):
        return pointed(whole(future)["task"], "ant_task")
    return None


# --- Pretty printers ----------------------------------------------------------

def future_words(future):
    words = describe(future)
    for name, child in children(future):
        words += f", awaits {name} ({text(child['ops']['name'])})"
    return words


def task_words(task):
    return f"{task_name(task)}: {task_state(task)}; {describe(task['future'])}"


def waker_words(waker):
    target = waker["target"]
    if int(target) == 0:
        return "no waker"
    ops = target["ops"].format_string(symbols=True)
    if "task_waker_ops" not in ops:
        return f"waker of {ops}"
    kind = gdb.lookup_type("ant_task").pointer()
    return f"waker of {task_name(target.cast(kind).dereference())}"


def lock_words(lock):
    return resource_words(lock["permits"]["resource"])


class InWords:
    """A printer that says a value in a line, or why it cannot."""

    def __init__(self, say, value):
        self.say = say
        self.value = value

    def to_string(self):
        try:
            return self.say(self.value)
        except gdb.error as problem:
            return f"unreadable: {problem}"


WORDS = {"ant_future": future_words, "ant_task": task_words,
         "ant_waker": waker_words, "ant_resource": resource_words,
         "ant_mutex": lock_words, "ant_semaphore": lock_words,
         "ant_rwlock": lock_words}


def antfarm(value):
    """Gdb asks this for a printer of any value."""
    say = WORDS.get(tag(value.type))
    return InWords(say, value) if say else None


gdb.pretty_printers.append(antfarm)
Ant("ant", prefix=True)
AntTasks("ant tasks")
AntAwaitTree("ant await-tree")
AntTask("ant_task")
