// SPDX-License-Identifier: MIT

#include "text/judge.h"

#include <inttypes.h>

#include "base/os.h"
#include "text/file.h"
#include "trace/check.h"

// More findings than these say nothing new.
#define LINES_MAX 100u

typedef struct report {
    const char *path;
    FILE *out;
    uint64_t line_count;
} report;

static void on_finding(const ant_finding *finding, void *arg);
static void write_verdict(const char *path, const ant_trace_info *info,
                          uint64_t events, uint64_t findings, FILE *out);

int text_judge(const char *path, FILE *out, FILE *err)
{
    ant_reader *reader = text_open(path, err);
    if (reader == NULL) return TEXT_BAD_INPUT;
    report lines = { .path = path, .out = out };
    ant_check *check = ant_check_new(reader, on_finding, &lines);
    if (check == NULL) {
        fputs("antfarm: out of memory\n", err);
        ant_reader_close(reader);
        return TEXT_BAD_INPUT;
    }
    uint64_t events = 0;
    ant_event event;
    for (; ant_reader_next(reader, &event); events++) {
        ant_check_event(check, &event);
    }
    uint64_t findings = ant_check_finish(check);
    ant_check_free(check);

    int status = text_damage(path, reader, err);
    if (status == TEXT_FINE) {
        write_verdict(path, ant_reader_info(reader), events, findings, out);
        if (findings > 0) status = TEXT_FINDING;
    }
    ant_reader_close(reader);
    return status;
}

static void on_finding(const ant_finding *finding, void *arg)
{
    report *j = arg;
    if (j->line_count++ >= LINES_MAX) return;
    fprintf(j->out, "%s: %.3f ms: event %" PRIu64 ": %s [%s]\n", j->path,
            (double)finding->t_ns / (double)ANT_NS_PER_MS, finding->index,
            finding->text, finding->rule);
}

static void write_verdict(const char *path, const ant_trace_info *info,
                          uint64_t events, uint64_t findings, FILE *out)
{
    char count[32];
    text_count(count, sizeof count, events);
    fprintf(out, "%s: %s events, ", path, count);
    if (findings > 0) {
        fprintf(out, "%" PRIu64 " finding%s\n", findings,
                findings > 1 ? "s" : "");
        return;
    }
    fputs("the file is whole and every rule holds", out);
    if (!info->is_closed) fputs(" (the program did not end properly)", out);
    if (info->lost_count > 0) {
        fprintf(out, " (%" PRIu64 " event%s found no room)", info->lost_count,
                info->lost_count == 1 ? "" : "s");
    }
    fputc('\n', out);
}
