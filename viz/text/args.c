// SPDX-License-Identifier: MIT

#include "text/args.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "text/file.h"

// What stands left of the meanings.
#define HELP_COLUMNS 20

// A picture or window of a size that makes sense.
#define ARGS_SIDE_MIN 320
#define ARGS_SIDE_MAX 16000

static void write_help(const args_command *command, FILE *out);
static const args_option *find(const args_command *command, const char *name,
                               size_t len);
static bool read_value(const args_option *option, const char *text);
static int complain(const args_command *command, const char *what,
                    const char *which, FILE *err);

int text_args_read(const args_command *command, int argc, char **argv,
                   int *ret_plain_count, FILE *out, FILE *err)
{
    int plain = 0;
    bool is_over = false; // no options any more
    for (int i = 1; i < argc; i++) {
        char *arg = argv[i];
        if (is_over || arg[0] != '-' || arg[1] == 0) {
            argv[++plain] = arg;
            if (command->has_program) is_over = true;
            continue;
        }
        if (strcmp(arg, "--") == 0) {
            is_over = true;
            continue;
        }
        if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0) {
            write_help(command, out);
            return TEXT_FINE;
        }
        size_t len = strcspn(arg, "=");
        const args_option *option = find(command, arg, len);
        if (option == NULL) {
            return complain(command, "there is no option", arg, err);
        }
        const char *value = arg[len] == '=' ? arg + len + 1 : NULL;
        bool takes_next = value == NULL && option->kind != ARGS_FLAG;
        if (takes_next && i + 1 < argc) value = argv[++i];
        if (!read_value(option, value)) {
            return complain(command, "wrong value for", option->name, err);
        }
    }
    bool is_few = plain < command->plain_min;
    bool is_many = plain > command->plain_max && !command->has_program;
    if (is_few) return complain(command, "something is missing", "", err);
    if (is_many) {
        return complain(command, "too much:", argv[command->plain_max + 1],
                        err);
    }
    *ret_plain_count = plain;
    return -1;
}

static void write_help(const args_command *command, FILE *out)
{
    fprintf(out, "Usage: %s\n\n%s\n", command->usage, command->meaning);
    if (command->option_count > 0) fputs("\nOptions:\n", out);
    for (int i = 0; i < command->option_count; i++) {
        const args_option *option = &command->option[i];
        char left[64];
        snprintf(left, sizeof left, "%s %s", option->name,
                 option->value != NULL ? option->value : "");
        bool is_long = strlen(left) > HELP_COLUMNS;
        fprintf(out, "  %s%s%*s%s\n", left, is_long ? "\n" : "",
                is_long ? HELP_COLUMNS + 3
                        : HELP_COLUMNS + 1 - (int)strlen(left),
                "", option->meaning);
    }
}

static const args_option *find(const args_command *command, const char *name,
                               size_t len)
{
    for (int i = 0; i < command->option_count; i++) {
        const char *its = command->option[i].name;
        bool is_it = strlen(its) == len && memcmp(its, name, len) == 0;
        if (is_it) return &command->option[i];
    }
    return NULL;
}

static bool read_size(const char *text, args_size *ret_size)
{
    char *end = NULL;
    long w = strtol(text, &end, 10);
    if (*end != 'x') return false;
    long h = strtol(end + 1, &end, 10);
    bool is_good = *end == '\0' && w >= ARGS_SIDE_MIN && w <= ARGS_SIDE_MAX &&
                   h >= ARGS_SIDE_MIN && h <= ARGS_SIDE_MAX;
    if (is_good) *ret_size = (args_size){ (int)w, (int)h };
    return is_good;
}

static bool read_choice(const args_option *option, const char *text)
{
    const char *choice = option->value;
    for (unsigned i = 0;; i++) {
        size_t len = strcspn(choice, "|");
        if (len == strlen(text) && memcmp(choice, text, len) == 0) {
            *(unsigned *)option->to = i;
            return true;
        }
        if (choice[len] == '\0') return false;
        choice += len + 1;
    }
}

static bool read_value(const args_option *option, const char *text)
{
    char *end = NULL;
    errno = 0;
    switch (option->kind) {
    case ARGS_FLAG:
        if (text == NULL) *(bool *)option->to = true;
        return text == NULL;
    case ARGS_TEXT:
        if (text != NULL) *(const char **)option->to = text;
        return text != NULL;
    case ARGS_NUMBER: {
        if (text == NULL || *text < '0' || *text > '9') return false;
        uint64_t number = strtoull(text, &end, 10);
        bool is_good = errno == 0 && *end == 0;
        if (is_good) *(uint64_t *)option->to = number;
        return is_good;
    }
    case ARGS_MS: {
        if (text == NULL) return false;
        double ms = strtod(text, &end);
        bool is_good = end != text && *end == 0 && ms >= 0 && ms < 1e12;
        if (is_good) *(double *)option->to = ms;
        return is_good;
    }
    case ARGS_SIZE:
        return text != NULL && read_size(text, option->to);
    case ARGS_CHOICE:
        return text != NULL && read_choice(option, text);
    }
    return false;
}

static int complain(const args_command *command, const char *what,
                    const char *which, FILE *err)
{
    fprintf(err, "antfarm: %s%s%s; usage: %s\n", what, *which != 0 ? " " : "",
            which, command->usage);
    return TEXT_BAD_INPUT;
}
