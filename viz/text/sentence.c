// SPDX-License-Identifier: MIT
//
// A template is text with fields in braces, {task}, written in the way of the
// field's type. {@} is the lane of the event, {who} the task being polled
// there, or the lane when there is none, {cause} why a task was woken or
// stalls. {n|task waits|tasks wait} are words by a number. What stands in
// [brackets] is left out when one of its fields is 0 or empty.

#include "text/sentence.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/macros.h"
#include "base/os.h"
#include "text/phrase.h"
#include "trace/schema.h"

#define NAME_MAX_BYTES 160

typedef struct writer {
    const ant_reader *names;
    const ant_event *event;
    char *buf;
    size_t size;
    size_t len;
} writer;

static void write_part(writer *w, const char *from, const char *to);
static void write_optional(writer *w, const char *from, const char *to);
static bool is_empty(const writer *w, const char *from, const char *to);
static bool write_words(writer *w, const char *name, size_t len);
static void write_field(writer *w, const char *name, size_t len);
static void write_value(writer *w, const ant_schema_field *field,
                        uint64_t value);
static void write_who(writer *w);
static void write_cause(writer *w);
static void write_wake_cause(writer *w, const ant_ev_wake *wake);
static void write_stall_cause(writer *w, const ant_ev_stall_edge *edge);
static void write_state(writer *w);
static int field_index(const writer *w, const char *name, size_t len);
ANT_PRINTF(2, 3) static void put(writer *w, const char *format, ...);

void text_sentence_write(const ant_reader *names, const ant_event *event,
                         char *buf, size_t size)
{
    if (size == 0) return;
    *buf = 0;
    writer w = { .names = names, .event = event, .buf = buf, .size = size };
    const char *template = text_phrase_of_event((ant_event_kind)event->kind);
    write_part(&w, template, template + strlen(template));
}

char *text_sentence_task(const ant_reader *names, uint64_t task, char *buf,
                         size_t size)
{
    const char *name = ant_reader_task(names, task).name;
    snprintf(buf, size, "task %" PRIu64 "%s%s", task, *name != 0 ? " " : "",
             name);
    return buf;
}

char *text_sentence_res(const ant_reader *names, uint64_t res, char *buf,
                        size_t size)
{
    ant_trace_thing thing = ant_reader_res(names, res);
    const char *kind = thing.is_known
                           ? text_phrase_of_value(ANT_ENUM_RES, thing.kind)
                           : "resource";
    if (*thing.name != 0) {
        snprintf(buf, size, "%s `%s`", kind, thing.name);
    } else {
        snprintf(buf, size, "%s %" PRIu64, kind, res);
    }
    return buf;
}

char *text_sentence_lane(const ant_reader *names, uint64_t lane, char *buf,
                         size_t size)
{
    const ant_trace_lane_info *info = ant_reader_lane(names, lane);
    if (info != NULL && *info->name != 0) {
        snprintf(buf, size, "%s", info->name);
    } else {
        snprintf(buf, size, "lane %" PRIu64, lane);
    }
    return buf;
}

// Writes the template between `from` and `to`.
static void write_part(writer *w, const char *from, const char *to)
{
    while (from < to) {
        const char *mark = from + strcspn(from, "{[");
        if (mark > to) mark = to;
        put(w, "%.*s", (int)(mark - from), from);
        if (mark == to) return;
        const char *close = strchr(mark, *mark == '{' ? '}' : ']');
        if (close == NULL || close >= to) return;
        if (*mark == '{') {
            write_field(w, mark + 1, (size_t)(close - mark - 1));
        } else {
            write_optional(w, mark + 1, close);
        }
        from = close + 1;
    }
}

static void write_optional(writer *w, const char *from, const char *to)
{
    if (!is_empty(w, from, to)) write_part(w, from, to);
}

// True when some field of this part has nothing to say.
static bool is_empty(const writer *w, const char *from, const char *to)
{
    for (; from < to; from++) {
        if (*from != '{') continue;
        size_t len = strcspn(from + 1, "}");
        int i = field_index(w, from + 1, len);
        if (i < 0) continue;
        uint64_t value = w->event->field[i];
        const ant_schema_event *row =
            ant_schema_event_of((ant_event_kind)w->event->kind);
        bool is_string = row->field[i].type == ANT_FIELD_STR;
        bool is_never =
            row->field[i].type == ANT_FIELD_NS && value == ANT_NS_NEVER;
        if (value == 0 || is_never) return true;
        if (is_string && *ant_reader_string(w->names, value) == 0) return true;
    }
    return false;
}

// The words for one, or those for any other number. False: this is a field.
static bool write_words(writer *w, const char *name, size_t len)
{
    const char *one = memchr(name, '|', len);
    if (one == NULL) return false;
    const char *many = strchr(one + 1, '|');
    const int i = field_index(w, name, (size_t)(one - name));
    if (i < 0 || many == NULL) return true;
    if (w->event->field[i] == 1) {
        put(w, "%.*s", (int)(many - one - 1), one + 1);
    } else {
        put(w, "%.*s", (int)(name + len - many - 1), many + 1);
    }
    return true;
}

static void write_field(writer *w, const char *name, size_t len)
{
    if (write_words(w, name, len)) return;
    char text[NAME_MAX_BYTES];
    int i = field_index(w, name, len);
    bool is_state = w->event->kind == ANT_EV_future_state && *name == 's';
    if (*name == '@') {
        put(w, "%s",
            text_sentence_lane(w->names, w->event->lane, text, sizeof text));
    } else if (*name == 'w' && i < 0) {
        write_who(w);
    } else if (*name == 'c' && i < 0) {
        write_cause(w);
    } else if (is_state) {
        write_state(w);
    }
    if (i < 0 || is_state) return;
    const ant_schema_event *row =
        ant_schema_event_of((ant_event_kind)w->event->kind);
    write_value(w, &row->field[i], w->event->field[i]);
}

static void write_value(writer *w, const ant_schema_field *field,
                        uint64_t value)
{
    char text[NAME_MAX_BYTES];
    switch (field->type) {
    case ANT_FIELD_TASK:
        put(w, "%s", text_sentence_task(w->names, value, text, sizeof text));
        return;
    case ANT_FIELD_RES:
        put(w, "%s", text_sentence_res(w->names, value, text, sizeof text));
        return;
    case ANT_FIELD_LANE:
        put(w, "%s", text_sentence_lane(w->names, value, text, sizeof text));
        return;
    case ANT_FIELD_TYPE:
        put(w, "%s", ant_reader_type(w->names, value)->name);
        return;
    case ANT_FIELD_FUT: {
        const char *name = ant_reader_future(w->names, value).name;
        put(w, "`%s`", *name != 0 ? name : "?");
        return;
    }
    case ANT_FIELD_STR:
        put(w, "%s", ant_reader_string(w->names, value));
        return;
    case ANT_FIELD_ENUM:
        put(w, "%s", text_phrase_of_value((ant_trace_enum)field->list, value));
        return;
    case ANT_FIELD_INT:
        put(w, "%s", ant_err_name((int)(int64_t)value));
        return;
    case ANT_FIELD_NS:
        put(w, "%.3f ms", (double)value / (double)ANT_NS_PER_MS);
        return;
    case ANT_FIELD_NUM:
    case ANT_FIELD_TIMER:
    case ANT_FIELD_TEXT:
    case ANT_FIELD_SEQ:
    case ANT_FIELD_LINE:
        put(w, "%" PRIu64, value);
    }
}

static void write_who(writer *w)
{
    char text[NAME_MAX_BYTES];
    const ant_event *event = w->event;
    if (event->task != 0) {
        put(w, "%s",
            text_sentence_task(w->names, event->task, text, sizeof text));
    } else {
        put(w, "%s",
            text_sentence_lane(w->names, event->lane, text, sizeof text));
    }
}

// Why a task was woken, or why it will never be.
static void write_cause(writer *w)
{
    if (w->event->kind == ANT_EV_wake) {
        write_wake_cause(w, ANT_EVENT_AS(wake, w->event));
    } else if (w->event->kind == ANT_EV_stall_edge) {
        write_stall_cause(w, ANT_EVENT_AS(stall_edge, w->event));
    }
}

static void write_wake_cause(writer *w, const ant_ev_wake *wake)
{
    char text[NAME_MAX_BYTES];
    if (wake->ended != 0) {
        put(w, "as %s is over",
            text_sentence_task(w->names, wake->ended, text, sizeof text));
    } else if (wake->res != 0) {
        put(w, "through %s",
            text_sentence_res(w->names, wake->res, text, sizeof text));
    } else {
        put(w, "%s", text_phrase_of_value(ANT_ENUM_VIA, wake->via));
    }
}

static void write_stall_cause(writer *w, const ant_ev_stall_edge *edge)
{
    char res[NAME_MAX_BYTES], holder[NAME_MAX_BYTES];
    text_sentence_res(w->names, edge->res, res, sizeof res);
    text_sentence_task(w->names, edge->holder, holder, sizeof holder);
    if (edge->res != 0 && edge->holder != 0) {
        put(w, " for %s, which %s holds", res, holder);
    } else if (edge->res != 0) {
        put(w, " for %s", res);
    } else if (edge->holder != 0) {
        put(w, " for the end of %s", holder);
    }
}

static void write_state(writer *w)
{
    const ant_ev_future_state *event = ANT_EVENT_AS(future_state, w->event);
    uint32_t type = ant_reader_future(w->names, event->fut).type;
    put(w, "%s", ant_reader_state(w->names, type, event->state));
}

// The place of a field in the event's row, -1 when it has none of that name.
static int field_index(const writer *w, const char *name, size_t len)
{
    const ant_schema_event *row =
        ant_schema_event_of((ant_event_kind)w->event->kind);
    for (unsigned i = 0; i < row->field_count; i++) {
        const char *its = row->field[i].name;
        if (strlen(its) == len && memcmp(its, name, len) == 0) return (int)i;
    }
    return -1;
}

static void put(writer *w, const char *format, ...)
{
    if (w->len + 1 >= w->size) return;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(w->buf + w->len, w->size - w->len, format, args);
    va_end(args);
    if (n < 0) return;
    w->len += (size_t)n;
    if (w->len < w->size) return;

    // Cut, but never inside a character.
    w->len = w->size - 1;
    while (w->len > 0 && ((unsigned char)w->buf[w->len] & 0xC0) == 0x80) {
        w->len--;
    }
    w->buf[w->len] = 0;
    w->len = w->size;
}
