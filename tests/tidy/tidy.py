# SPDX-License-Identifier: MIT
"""The house style (docs/STYLE.md) as far as a program can see it.

Every rule is one function that gets a file and yields findings; RULES lists
them. A rule that needs an exception names the file here, with its reason.
"""

import re

import tree

LINE_MAX = 80
FUNCTION_MAX = 60
FILE_MAX = 500

# Words that may stand in one place only: pattern, where, what to do instead.
HOMES = [
    (r"<stdatomic\.h>|\batomic_\w+\(", "runtime/base/atomic.h",
     "use base/atomic.h"),
    (r"\bpthread_\w+", "runtime/base/os.", "use base/os.h"),
    (r"(?<![>.])\b(malloc|calloc|realloc|reallocarray|aligned_alloc|posix_memalign"
     r"|strdup|strndup|asprintf|vasprintf|free)\(",
     "runtime/base/mem.c", "use ant_mem_*"),
    (r"\buv_\w+|<uv\.h>", "runtime/reactor/", "go through the reactor"),
    (r"\b(SDL|TTF)_\w+|<SDL", "viz/plat/", "go through plat"),
    (r"\bpng_\w+|<png\.h>", "viz/plat/png.", "use plat/png.h"),
    (r"\bsqlite3_\w+|<sqlite3\.h>", "modules/sqlite/", "use sqlite/pool.h"),
    (r"\b(clock_gettime|gettimeofday|nanosleep|usleep|time)\(",
     "runtime/base/os.c", "use base/os.h"),
    (r"\b(exit|_exit|_Exit|quick_exit)\(",
     "runtime/rt/crash.c viz/app/ tests/", "return an error"),
    (r"\babort\(", "runtime/base/assert.c runtime/rt/crash.c",
     "use ANT_ASSERT"),
    (r"\b(printf|vprintf|puts|putchar|perror)\(|\bstd(out|err)\b",
     "runtime/rt/crash.c viz/text/ viz/app/ lessons/ examples/ tests/",
     "libraries never print: return or trace it"),
]

# Words that have no place at all.
BANNED = [
    (r"\b(sprintf|vsprintf)\(", "use snprintf"),
    (r"\b(strcpy|strcat|strncpy|strncat|gets)\(", "use snprintf or memcpy"),
    (r"\b(rand|srand|random|drand48)\(", "use base/rng.h"),
    (r"\b(atoi|atol|atof)\(", "use strtol and look at its end pointer"),
    (r"\bstrtok\(", "use strcspn"),
    (r"(?<!_)\bassert\(|<assert\.h>", "use ANT_ASSERT"),
    (r"\balloca\(", "every size has a bound: use an array"),
    (r"\batomic_thread_fence|\batomic_signal_fence",
     "no fences: order the operation itself"),
]

# A comment that is really code: it ends as a statement and looks like one.
# Example code in a comment is indented by two spaces or more.
DEAD_CODE = re.compile(
    r"^\s*// ?(?! )(#\s*(include|define|if)\b.*"
    r"|(if|for|while|switch|return|else)\b.*[;{]"
    r"|[\w>.\[\]-]+ *[-+|&]?= *[^=].*;"
    r"|\w+\([^)]*\);"
    r"|[{}];?)\s*$")


def find(file, pattern, rule, advice):
    """One finding for every line of code with the pattern."""
    for number, line in enumerate(file.code, 1):
        found = re.search(pattern, line)
        if found:
            word = found.group(0).rstrip("(")
            yield f"{file.path}:{number}: {rule}: '{word}': {advice}"


def check_size(file):
    if len(file.lines) > FILE_MAX:
        yield (f"{file.path}:{FILE_MAX}: file: {len(file.lines)} lines, at "
               f"most {FILE_MAX}: split it by noun")
    for number, line in enumerate(file.lines, 1):
        if len(line) > LINE_MAX:
            yield (f"{file.path}:{number}: line: {len(line)} columns, at most "
                   f"{LINE_MAX}: break it")
    yield from check_functions(file)


def check_functions(file):
    """A function's body begins with { and ends with } in column 1."""
    begin = 0
    for number, line in enumerate(file.code, 1):
        if line == "{":
            begin = number
        elif line == "}" and begin:
            length = number - begin + 1
            if length > FUNCTION_MAX:
                yield (f"{file.path}:{begin}: function: {length} lines, at "
                       f"most {FUNCTION_MAX}: name its parts")
            begin = 0


def check_spaces(file):
    if not file.text.endswith("\n") or file.text.endswith("\n\n"):
        yield (f"{file.path}:{len(file.lines)}: space: end the file with one "
               "newline")
    for number, line in enumerate(file.lines, 1):
        if "\t" in line or "\r" in line:
            yield f"{file.path}:{number}: space: use spaces and plain newlines"
        if line != line.rstrip():
            yield f"{file.path}:{number}: space: remove them from the end"


def check_head(file):
    """The licence in line 1, and in line 3 what the file is."""
    if file.lines[:1] != ["// SPDX-License-Identifier: MIT"]:
        yield (f"{file.path}:1: head: begin with "
               "'// SPDX-License-Identifier: MIT'")
    tells = len(file.lines) > 2 and re.match(r"// \S", file.lines[2])
    header = file.path[:-1] + "h"
    if not tells and (file.is_header or header not in PATHS):
        yield f"{file.path}:3: head: say what the file is, who owns it"


def check_homes(file):
    for pattern, homes, advice in HOMES:
        is_test = file.layer == "tests"
        if not is_test and not file.path.startswith(tuple(homes.split())):
            yield from find(file, pattern, "home", advice)


def check_banned(file):
    for pattern, advice in BANNED:
        yield from find(file, pattern, "banned", advice)


def check_comments(file):
    for number, line in enumerate(file.lines, 1):
        where = f"{file.path}:{number}: comment:"
        if re.search(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))", line):
            yield f"{where} write TODO(#12), with the number of its issue"
        if DEAD_CODE.match(line):
            yield f"{where} delete code that is commented out"
        before = file.blanked[number - 1].split("//", 1)[0]
        if "/*" in before and not line.endswith("\\"):
            yield f"{where} write // (a macro's inside may have /* */)"
        if re.search(r"(?<![\w.<\"])/(home|root|work)/\w", line):
            yield f"{where} name no place on your machine"


def check_await(file):
    """ANT_AWAIT is the first statement of its case, or the only one of a
    function without states. No line number of a macro over several lines."""
    previous = ""
    count = 0
    for number, line in enumerate(file.code, 1):
        where = f"{file.path}:{number}: await:"
        if re.match(r"ANT_ASYNC\w*\(.*[^){ ]$", line):
            yield f"{where} put it on one line, or write the struct"
        if line == "{":
            count = 0
        if re.match(r"\s*ANT_AWAIT\(", line) and file.layer != "tests":
            in_case = re.match(r"\s*(case \w+:|default:)( \{)?$", previous)
            count += 1
            if not in_case and (count > 1 or not line.startswith("    A")):
                yield (f"{where} make it the first statement of its case, or "
                       "the only await of a function without states")
        if line.strip():
            previous = line


def check_public(file):
    """A group of declarations in a header begins with a comment."""
    if not file.is_header or file.layer in ("tests", "lessons", "examples"):
        return
    depth = 0
    is_first = False
    for number, line in enumerate(file.lines, 1):
        if is_first and depth == 0 and is_public_function(line):
            yield (f"{file.path}:{number}: public: say in a comment what it "
                   "does")
        code = file.code[number - 1]
        depth += code.count("{") - code.count("}")
        # A comment that is a banner over a part of the file also counts.
        is_first = not line.strip() and not previous_is_banner(file, number)


def previous_is_banner(file, number):
    return number > 1 and file.lines[number - 2].startswith("// ---")


def is_public_function(line):
    """A prototype, but not one with __, which only a macro calls."""
    return (re.match(r"(?!typedef |struct \w+;|static |_Static_assert)"
                     r"\w[\w *]*\w\(", line)
            and not re.match(r"ANT_[A-Z_]+\(|.*\bant__\w+\(", line))


def check_names(file):
    """A static helper has no prefix; it is known in its file only. But the
    drop function of a future is called after it."""
    if file.is_header:
        return
    drops = {f"{name}_drop" for name in re.findall(
        r"^ANT_ASYNC_(?:OWNING|WITH_DROP)\((\w+)\)", "\n".join(file.code),
        re.M)}
    for number, line in enumerate(file.code, 1):
        found = re.match(r"static (?:inline )?[\w *]*?\b(ant_\w+)\(", line)
        constructor = found and f"struct {found.group(1)} " in line
        if found and not constructor and found.group(1) not in drops:
            yield (f"{file.path}:{number}: name: '{found.group(1)}' is "
                   "static: drop the prefix")


def check_own_header(file):
    """x.c includes x.h first, so that the header is known to stand alone."""
    header = file.path[:-1] + "h"
    if file.is_header or header not in PATHS or file.layer == "tests":
        return
    first = next(iter(file.includes()), None)
    if first and not header.endswith("/" + first[1]):
        yield (f"{file.path}:{first[0]}: include: begin with this file's own "
               "header")


def check_used(file):
    """A header that nobody includes is a file too many."""
    if not file.is_header or file.path == "runtime/antfarm.h":
        return
    if file.path.startswith("tests/model/shim/"):
        return  # included in the place of another
    own = file.path[:-1] + "c"
    users = INCLUDERS.get(file.path.split("/", 1)[1], set()) - {own}
    if file.layer not in ("tests", "mock"):  # mock is for tests
        users = {user for user in users if not user.startswith("tests/")}
    if not users:
        yield f"{file.path}:1: unused: include it somewhere or remove it"


RULES = [check_size, check_spaces, check_head, check_homes, check_banned,
         check_comments, check_await, check_public, check_names,
         check_own_header, check_used]

FILES = list(tree.files())
PATHS = {file.path for file in FILES}
INCLUDERS = {}


def main():
    for file in FILES:
        for _, name, is_quoted in file.includes():
            if is_quoted:
                INCLUDERS.setdefault(name, set()).add(file.path)
    tree.end([finding for file in FILES for rule in RULES
              for finding in rule(file)])


if __name__ == "__main__":
    main()
