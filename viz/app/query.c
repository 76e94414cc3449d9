// SPDX-License-Identifier: MIT
//
// `antfarm query`: one question to a trace, and what made the answer.

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "base/macros.h"
#include "query/query.h"
#include "text/args.h"
#include "text/file.h"
#include "text/json.h"

#define LINE_BYTES 1000

static int read_arguments(int argc, char **argv, bool *ret_is_json);
static void list_functions(char *buf, size_t size);
static int complain(const char *text, const query_error *error, int err);
static void write_text(const query_answer *answer);
static void write_json(const query_answer *answer);
static void write_json_value(const query_value *value);

int app_query(int argc, char **argv)
{
    bool is_json = false;
    int status = read_arguments(argc, argv, &is_json);
    if (status >= 0) return status;

    query_error error;
    ant_query *query;
    int err = query_parse(argv[2], &query, &error);
    if (err < 0) return complain(argv[2], &error, err);

    ant_model *model;
    ant_reader_error problem;
    err = model_open(argv[1], &model, &problem);
    if (err < 0) {
        text_problem(argv[1], &problem, stderr);
        query_free(query);
        return TEXT_BAD_INPUT;
    }
    query_answer answer;
    err = query_ask(query, model, &answer, &error);
    status = TEXT_FINE;
    if (err < 0) {
        status = complain(argv[2], &error, err);
    } else {
        bool is_no = answer.value.type == QUERY_BOOL && !answer.value.is_true;
        if (is_no) status = TEXT_FINDING;
        if (is_json)
            write_json(&answer);
        else
            write_text(&answer);
        query_answer_free(&answer);
    }
    query_free(query);
    model_close(model);
    return status;
}

static int read_arguments(int argc, char **argv, bool *ret_is_json)
{
    char meaning[2000];
    list_functions(meaning, sizeof meaning);
    const args_option options[] = {
        { "--json", ARGS_FLAG, NULL, "the answer as one JSON object",
          ret_is_json },
    };
    const args_command command = {
        .usage = "antfarm query [OPTIONS] TRACE QUESTION",
        .meaning = meaning,
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_min = 2,
        .plain_max = 2,
    };
    int plain;
    return text_args_read(&command, argc, argv, &plain, stdout, stderr);
}

static void list_functions(char *buf, size_t size)
{
    size_t len = (size_t)snprintf(
        buf, size,
        "Asks a trace a question and names the events that made the "
        "answer:\n\n"
        "  antfarm query run.ant 'count(poll_begin, task=page) == 2'\n"
        "  antfarm query run.ant 'max(dur of poll_begin, lane=\"worker 0\")'\n"
        "\nExit status: 0 for true or a value, 1 for false. docs/QUERY.md has "
        "the whole\nlanguage; antfarm events lists the events. P is an event "
        "with keys, F a field:\n");
    const char *help;
    for (unsigned i = 0; (help = query_function_help(i)) != NULL; i++) {
        int more = snprintf(buf + len, size - len, "\n  %s", help);
        if (more < 0 || (size_t)more >= size - len) return;
        len += (size_t)more;
    }
}

// With the place marked, as a compiler does.
static int complain(const char *text, const query_error *error, int err)
{
    if (err == -ENOMEM) {
        fputs("antfarm: not enough memory\n", stderr);
        return TEXT_BAD_INPUT;
    }
    fprintf(stderr, "antfarm: query: at %u: %s\n  %s\n  %*s^\n", error->at + 1,
            error->text, text, (int)error->at, "");
    return TEXT_BAD_INPUT;
}

static void write_text(const query_answer *answer)
{
    char line[LINE_BYTES];
    query_value_write(&answer->value, line, sizeof line);
    puts(line);
    for (uint32_t i = 0; i < answer->fact_count; i++) {
        query_fact_write(&answer->fact[i], line, sizeof line);
        printf("  %s\n", line);
    }
}

static void write_json(const query_answer *answer)
{
    fputs("{\"value\":", stdout);
    write_json_value(&answer->value);
    fputs(",\"facts\":[", stdout);
    for (uint32_t i = 0; i < answer->fact_count; i++) {
        const query_fact *fact = &answer->fact[i];
        fputs(i > 0 ? ",{\"text\":" : "{\"text\":", stdout);
        text_json_string(fact->text, stdout);
        fputs(",\"value\":", stdout);
        write_json_value(&fact->value);
        fputs(",\"events\":[", stdout);
        for (uint32_t k = 0; k < fact->event_count; k++) {
            printf(k > 0 ? ",%u" : "%u", fact->event[k]);
        }
        fputs("]}", stdout);
    }
    fputs("]}\n", stdout);
}

static void write_json_value(const query_value *value)
{
    char text[64];
    switch (value->type) {
    case QUERY_TEXT:
        text_json_string(value->text, stdout);
        return;
    case QUERY_LIST:
        putchar('[');
        for (uint32_t i = 0; i < value->count; i++) {
            if (i > 0) putchar(',');
            write_json_value(&value->item[i]);
        }
        putchar(']');
        return;
    case QUERY_BOOL:
    case QUERY_NUMBER:
        query_value_write(value, text, sizeof text);
        fputs(text, stdout);
    }
}
