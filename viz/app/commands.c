// SPDX-License-Identifier: MIT

#include "app/commands.h"

#include <stdio.h>

#include "base/macros.h"
#include "text/args.h"
#include "text/compare.h"
#include "text/dump.h"
#include "text/file.h"
#include "text/judge.h"
#include "text/kinds.h"
#include "text/lint.h"
#include "text/stat.h"
#include "text/why.h"

int app_dump(int argc, char **argv)
{
    text_dump_desc desc = { 0 };
    const args_option options[] = {
        { "--task", ARGS_NUMBER, "N", "only what concerns task N", &desc.task },
        { "--kind", ARGS_TEXT, "KIND", "only events of this kind, e.g. wake",
          &desc.kind },
        { "--from", ARGS_MS, "MS", "only from this moment on", &desc.from_ms },
        { "--to", ARGS_MS, "MS", "only up to this moment", &desc.to_ms },
        { "--json", ARGS_FLAG, NULL, "one JSON object a line", &desc.is_json },
    };
    const args_command command = {
        .usage = "antfarm dump [OPTIONS] TRACE",
        .meaning = "Shows every event of a trace, one a line.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_min = 1,
        .plain_max = 1,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    desc.path = argv[1];
    return text_dump(&desc, stdout, stderr);
}

int app_stat(int argc, char **argv)
{
    text_stat_desc desc = { 0 };
    const args_option options[] = {
        { "--tasks", ARGS_NUMBER, "N", "list N tasks (else 20)",
          &desc.task_max },
        { "--digest", ARGS_FLAG, NULL,
          "only a hash of what happened, without times", &desc.is_digest },
    };
    const args_command command = {
        .usage = "antfarm stat [OPTIONS] TRACE",
        .meaning = "Shows a trace in numbers: totals, lanes, tasks, and how "
                   "long polls took.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_min = 1,
        .plain_max = 1,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    desc.path = argv[1];
    return text_stat(&desc, stdout, stderr);
}

int app_check(int argc, char **argv)
{
    const args_command command = {
        .usage = "antfarm check TRACE...",
        .meaning = "Is the file whole, and was every promise of the runtime "
                   "kept?\nExit status: 0 yes, 1 a rule is broken, 2 the "
                   "file is damaged.",
        .plain_min = 1,
        .plain_max = 1000,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    int worst = 0;
    for (int i = 1; i <= plain; i++) {
        status = text_judge(argv[i], stdout, stderr);
        if (status > worst) worst = status;
    }
    return worst;
}

int app_compare(int argc, char **argv)
{
    text_compare_desc desc = { 0 };
    const args_option options[] = {
        { "--steps", ARGS_NUMBER, "N", "list N steps that differ (else 12)",
          &desc.step_max },
    };
    const args_command command = {
        .usage = "antfarm compare [OPTIONS] A B",
        .meaning = "Puts two runs beside each other: a task's polls in the one "
                   "and in the other,\nby the task's name.\nExit status: 0 "
                   "the same schedule, 1 another one, 2 bad usage or input.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_min = 2,
        .plain_max = 2,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    desc.path[0] = argv[1];
    desc.path[1] = argv[2];
    return text_compare(&desc, stdout, stderr);
}

int app_why(int argc, char **argv)
{
    text_why_desc desc = { .at_ms = -1 };
    const args_option options[] = {
        { "--task", ARGS_TEXT, "TASK", "only this task: its number or name",
          &desc.task },
        { "--at", ARGS_MS, "MS", "at this moment (else at a stall, or the end)",
          &desc.at_ms },
        { "--step", ARGS_NUMBER, "N", "at this step, from 1", &desc.step },
        { "--all", ARGS_FLAG, NULL, "also tasks that are over or yet to come",
          &desc.is_all },
        { "--json", ARGS_FLAG, NULL, "one JSON object a line, with links",
          &desc.is_json },
    };
    const args_command command = {
        .usage = "antfarm why [OPTIONS] TRACE",
        .meaning = "Says why each task is where it is: what it waits for, who "
                   "keeps it waiting,\nand whether that can ever end.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_min = 1,
        .plain_max = 1,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    desc.path = argv[1];
    return text_why(&desc, stdout, stderr);
}

int app_lint(int argc, char **argv)
{
    text_lint_desc desc = { 0 };
    bool is_list = false;
    bool is_markdown = false;
    const args_option options[] = {
        { "--limits", ARGS_TEXT, "FILE", "from when on each lint speaks",
          &desc.limits },
        { "--json", ARGS_FLAG, NULL, "one JSON object a line", &desc.is_json },
        { "--print-limits", ARGS_FLAG, NULL,
          "only the limits, as FILE; needs no TRACE", &is_list },
        { "--markdown", ARGS_FLAG, NULL, "only the table of docs/LINTS.md",
          &is_markdown },
    };
    const args_command command = {
        .usage = "antfarm lint [OPTIONS] TRACE",
        .meaning = "Says what in a run is most likely a mistake, the worst "
                   "first.\nExit status: 0 nothing, 1 a finding, 2 bad usage "
                   "or input.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_max = 1,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    if (is_list) text_lint_limits(stdout);
    if (is_markdown) text_lint_markdown(stdout);
    if (is_list || is_markdown) return TEXT_FINE;
    if (plain == 0) {
        fprintf(stderr, "antfarm: name a trace; usage: %s\n", command.usage);
        return TEXT_BAD_INPUT;
    }
    desc.path = argv[1];
    return text_lint(&desc, stdout, stderr);
}

int app_events(int argc, char **argv)
{
    bool is_markdown = false;
    const args_option options[] = {
        { "--markdown", ARGS_FLAG, NULL, "as the table of docs/TRACE.md",
          &is_markdown },
    };
    const args_command command = {
        .usage = "antfarm events [OPTIONS]",
        .meaning = "Lists the kinds of events that a trace can hold.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    if (is_markdown) {
        text_kinds_markdown(stdout);
    } else {
        text_kinds(stdout);
    }
    return 0;
}
