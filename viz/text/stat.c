// SPDX-License-Identifier: MIT

#include "text/stat.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/os.h"
#include "model/model.h"
#include "text/file.h"
#include "text/sentence.h"
#include "text/tally.h"
#include "trace/schema.h"

#define TASKS_DEFAULT 20
#define BAR_COLUMNS   40u
#define NAME_COLUMNS  24

static void write_totals(const text_stat_desc *desc, const ant_reader *reader,
                         const tally *t, FILE *out);
static void write_lanes(const ant_reader *reader, const tally *t, FILE *out);
static void write_tasks(const text_stat_desc *desc, const ant_reader *reader,
                        const tally *t, FILE *out);
static void write_task(const ant_reader *reader, const tally *t,
                       const tally_task *task, FILE *out);
static void write_histogram(const char *title, const text_histogram *h,
                            FILE *out);
static const char *duration(uint64_t ns, char *buf, size_t size);
static int by_poll_time(const void *a, const void *b);

int text_stat(const text_stat_desc *desc, FILE *out, FILE *err)
{
    ant_reader *reader = text_open(desc->path, err);
    if (reader == NULL) return TEXT_BAD_INPUT;
    tally t;
    text_tally_init(&t);
    ant_event event;
    while (ant_reader_next(reader, &event))
        text_tally_event(&t, &event);

    if (desc->is_digest) {
        fprintf(out, "%016" PRIx64 "\n", t.digest);
    } else {
        write_totals(desc, reader, &t, out);
        write_lanes(reader, &t, out);
        write_tasks(desc, reader, &t, out);
        write_histogram("How long polls took", &t.polls, out);
        write_histogram("How long tasks that could run waited for their turn",
                        &t.ready, out);
    }
    int status = text_damage(desc->path, reader, err);
    if (t.is_short) fputs("antfarm: out of memory, counts are low\n", err);
    text_tally_deinit(&t);
    ant_reader_close(reader);
    return status;
}

// "1 task", "2 tasks", and what follows.
static void write_count(uint64_t count, const char *noun, const char *end,
                        FILE *out)
{
    fprintf(out, "%" PRIu64 " %s%s%s", count, noun, count == 1 ? "" : "s", end);
}

static void write_totals(const text_stat_desc *desc, const ant_reader *reader,
                         const tally *t, FILE *out)
{
    const ant_trace_info *info = ant_reader_info(reader);
    char events[32], bytes[32];
    text_count(events, sizeof events, t->event_count);
    text_count(bytes, sizeof bytes, info->file_bytes);
    fprintf(out, "%s\n", desc->path);
    fprintf(out, "  %s events in %.3f ms of %s time, level %s, %s bytes\n",
            events, (double)t->last_ns / (double)ANT_NS_PER_MS,
            info->is_virtual ? "virtual" : "real",
            ant_schema_level_name(info->level), bytes);
    fputs("  ", out);
    write_count(t->tasks.count, "task", ", ", out);
    write_count(t->kind_count[ANT_EV_poll_begin], "poll", ", ", out);
    write_count(t->kind_count[ANT_EV_steal], "steal", ", ", out);
    write_count(t->kind_count[ANT_EV_park], "park", "\n  ", out);
    write_count(t->kind_count[ANT_EV_wake], "wake", ": ", out);
    fprintf(out,
            "%" PRIu64 " made a task run, %" PRIu64 " came while it ran, "
            "%" PRIu64 " too many, %" PRIu64 " too late\n",
            t->wake_count[ANT_WAKE_QUEUED], t->wake_count[ANT_WAKE_RUNNING],
            t->wake_count[ANT_WAKE_COALESCED], t->wake_count[ANT_WAKE_LATE]);
    if (info->lost_count > 0) {
        fprintf(out, "  %" PRIu64 " event%s found no room and %s missing\n",
                info->lost_count, info->lost_count == 1 ? "" : "s",
                info->lost_count == 1 ? "is" : "are");
    }
    if (!info->is_closed) fputs("  the program did not end properly\n", out);
}

static void write_lanes(const ant_reader *reader, const tally *t, FILE *out)
{
    fputs("\n  lane            polls   polling  busy     parks    parked"
          "   steals (tasks)\n",
          out);
    for (uint32_t i = 0; i <= ant_reader_lane_max(reader); i++) {
        const tally_lane *lane = ant_table_find(&t->lanes, i);
        if (lane == NULL) continue;
        char name[64], poll[16], park[16];
        fputs("  ", out);
        text_column(
            out, text_sentence_lane(reader, lane->id, name, sizeof name), 12);
        double all = t->last_ns > 0 ? (double)t->last_ns : 1;
        fprintf(out,
                " %8" PRIu64 " %9s %4.0f%%  %8" PRIu64 " %9s %8" PRIu64
                " (%" PRIu64 ")\n",
                lane->poll_count, duration(lane->poll_ns, poll, sizeof poll),
                100 * (double)lane->poll_ns / all, lane->park_count,
                duration(lane->park_ns, park, sizeof park), lane->steal_count,
                lane->stolen_count);
    }
}

static void write_tasks(const text_stat_desc *desc, const ant_reader *reader,
                        const tally *t, FILE *out)
{
    uint32_t n = t->tasks.count;
    if (n == 0) return;
    const tally_task **order = ant_mem_alloc(n * sizeof *order);
    if (order == NULL) return;
    for (uint32_t i = 0; i < n; i++)
        order[i] = ant_table_row(&t->tasks, i);
    qsort(order, n, sizeof *order, by_poll_time);

    uint64_t max = desc->task_max != 0 ? desc->task_max : TASKS_DEFAULT;
    fputs("\n  task                        polls   polling   longest"
          "    wakes   waiting      life  ended\n",
          out);
    for (uint32_t i = 0; i < n && i < max; i++) {
        write_task(reader, t, order[i], out);
    }
    if (n > max) {
        fprintf(out,
                "  and %" PRIu64 " more that %s polled for less time "
                "(see --tasks)\n",
                n - max, n - max == 1 ? "was" : "were");
    }
    ant_mem_free(order);
}

static void write_task(const ant_reader *reader, const tally *t,
                       const tally_task *task, FILE *out)
{
    char name[128], poll[16], longest[16], ready[16], life[16];
    text_sentence_task(reader, task->id, name, sizeof name);
    fputs("  ", out);
    text_column(out, name + 5, NAME_COLUMNS);
    uint64_t end_ns = task->is_over ? task->end_ns : t->last_ns;
    const char *end =
        task->is_over ? ant_schema_value_name(ANT_ENUM_RESULT, task->outcome)
                      : "-";
    fprintf(out, " %8" PRIu64 " %9s %9s %8" PRIu64 " %9s %9s  %s\n",
            task->poll_count, duration(task->poll_ns, poll, sizeof poll),
            duration(task->poll_max_ns, longest, sizeof longest),
            task->wake_count, duration(task->ready_ns, ready, sizeof ready),
            duration(end_ns - task->spawn_ns, life, sizeof life), end);
}

static void write_histogram(const char *title, const text_histogram *h,
                            FILE *out)
{
    char mean[16], longest[16];
    unsigned first, last;
    uint64_t most;
    if (!text_histogram_span(h, &first, &last, &most)) return;
    fprintf(out, "\n  %s: mean %s, longest %s\n", title,
            duration(h->sum_ns / h->count, mean, sizeof mean),
            duration(h->max_ns, longest, sizeof longest));
    for (unsigned i = first; i <= last; i++) {
        char from[16];
        uint64_t n = h->in_class[i];
        unsigned bar = (unsigned)((n * BAR_COLUMNS + most - 1) / most);
        fprintf(out, "    from %9s %8" PRIu64 " ",
                duration(text_histogram_class_ns(i), from, sizeof from), n);
        for (; bar > 0; bar--)
            fputc('#', out);
        fputc('\n', out);
    }
}

static const char *duration(uint64_t ns, char *buf, size_t size)
{
    model_duration(ns, buf, size);
    return buf;
}

static int by_poll_time(const void *a, const void *b)
{
    const tally_task *x = *(const tally_task *const *)a;
    const tally_task *y = *(const tally_task *const *)b;
    if (x->poll_ns != y->poll_ns) return x->poll_ns > y->poll_ns ? -1 : 1;
    return x->id < y->id ? -1 : x->id > y->id;
}
