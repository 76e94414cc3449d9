// SPDX-License-Identifier: MIT

#include "lesson/template.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/arena.h"

static int write_file(const char *folder, const char *name, const char *text);

// clang-format off
static const char page[] =
    "---\n"
    "title: What the lesson is about, in words that reveal no answer\n"
    "part: A\n"
    "minutes: 10\n"
    "level: core\n"
    "needs: what-is-a-future\n"
    "objectives: one thing to be able to do | another one\n"
    "breaks: MC01\n"
    "---\n"
    "\n"
    "The story, in a few sentences.\n"
    "\n"
    "```run\n"
    "program: demo.c\n"
    "show: demo.c#nap\n"
    "```\n"
    "\n"
    "```predict total\n"
    "kind: choice\n"
    "ask: When is it over?\n"
    "answer: After {end()} ms\n"
    "wrong: After {end() + 100} ms -> MC01, Why somebody believes that.\n"
    "wrong: At once -> MC01\n"
    "why: What really happens.\n"
    "```\n"
    "\n"
    "```predict polls\n"
    "kind: number\n"
    "ask: How often is the task `nap` polled?\n"
    "answer: {count(poll_begin, task=nap)}\n"
    "wrong: 1 -> MC01\n"
    "wrong: {end()} -> MC01, One poll for each millisecond.\n"
    "why: What really happens.\n"
    "```\n"
    "\n"
    "```step\n"
    "at: park\n"
    "rows: lanes tasks\n"
    "say: What one sees at {t(park)} ms.\n"
    "```\n"
    "\n"
    "The same in Tokio:\n"
    "\n"
    "```rust\n"
    "tokio::time::sleep(Duration::from_millis(100)).await;\n"
    "```\n"
    "\n"
    "![What one sees in the picture](demo.png)\n"
    "\n"
    "```break-it\n"
    "do: A small change.\n"
    "see: What it does.\n"
    "```\n"
    "\n"
    "```exercise\n"
    "task: What to change in exercise.c.\n"
    "must: end() == 200 # What to tell when it is not so.\n"
    "must: count(poll_begin, task=nap) == 3\n"
    "done: What is worth remembering.\n"
    "```\n"
    "\n"
    "```hint\n"
    "Look at …\n"
    "```\n"
    "\n"
    "```hint\n"
    "Think of …\n"
    "```\n"
    "\n"
    "```hint\n"
    "Almost the solution.\n"
    "```\n"
    "\n"
    "```teacher\n"
    "What to ask the class, and when.\n"
    "```\n";

static const char demo[] =
    "// SPDX-License-Identifier: MIT\n"
    "//\n"
    "// The story, and the question.\n"
    "\n"
    "#include <antfarm.h>\n"
    "\n"
    "struct nap {\n"
    "    ant_future base;\n"
    "    enum { NAP_START, NAP_SLEEPING } state;\n"
    "    struct ant_sleep sleep;\n"
    "};\n"
    "\n"
    "ANT_ASYNC(nap)\n"
    "{\n"
    "    switch (self->state) {\n"
    "    case NAP_START:\n"
    "        //@ begin nap\n"
    "        self->sleep = ant_sleep(100);\n"
    "        return ANT_NEXT(NAP_SLEEPING);\n"
    "\n"
    "    case NAP_SLEEPING:\n"
    "        ANT_AWAIT(self->sleep);\n"
    "        //@ end nap\n"
    "        return ANT_READY;\n"
    "    }\n"
    "    ANT_UNREACHABLE();\n"
    "}\n"
    "\n"
    "ANT_MUST_USE static struct nap nap(void)\n"
    "{\n"
    "    return (struct nap){ ANT_INIT(nap) };\n"
    "}\n"
    "\n"
    "ANT_MAIN(nap)\n";
// clang-format on

int lesson_template_write(const char *folder)
{
    if (mkdir(folder, 0777) < 0) return -errno;
    ant_arena arena = { 0 };
    char *mutants = ant_arena_print(&arena, "%s/mutants", folder);
    int err = mutants == NULL ? -ENOMEM : 0;
    if (err == 0 && mkdir(mutants, 0777) < 0) err = -errno;
    if (err == 0) err = write_file(folder, "lesson.md", page);
    if (err == 0) err = write_file(folder, "demo.c", demo);
    if (err == 0) err = write_file(folder, "exercise.c", demo);
    if (err == 0) err = write_file(folder, "solution.c", demo);
    ant_arena_deinit(&arena);
    return err;
}

static int write_file(const char *folder, const char *name, const char *text)
{
    ant_arena arena = { 0 };
    char *path = ant_arena_print(&arena, "%s/%s", folder, name);
    FILE *file = path != NULL ? fopen(path, "wx") : NULL;
    int err = path == NULL ? -ENOMEM : file == NULL ? -errno : 0;
    ant_arena_deinit(&arena);
    if (file == NULL) return err;
    if (fputs(text, file) < 0) err = -errno;
    if (fclose(file) != 0 && err == 0) err = -errno;
    return err;
}
