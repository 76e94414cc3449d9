// SPDX-License-Identifier: MIT

#include "trace/names.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

// An enum with more states than this is not an async function's.
#define STATES_MAX 4096u

typedef struct type_row {
    ant_trace_type type;
    uint64_t name; // ids of strings, which may come later in the file
    uint64_t file;
    uint64_t *state; // by state, the id of its name
} type_row;

typedef struct lane_row {
    ant_trace_lane_info lane;
    uint64_t name;
    bool is_known;
} lane_row;

static void read_event(ant_names *names, const ant_cursor *cursor,
                       const ant_event *event);
static void add_string(ant_names *names, uint64_t id, const char *text,
                       size_t len);
static void add_type(ant_names *names, const ant_ev_type *event);
static void add_needs(ant_names *names, const ant_ev_type_needs *event);
static void add_state(ant_names *names, const ant_ev_state *event);
static void add_lane(ant_names *names, const ant_ev_lane *event);
static void *table_row(ant_names *names, ant_names_table *table, uint64_t id,
                       size_t row_bytes);
static void resolve(ant_names *names);
static char *copy_printable(char *to, const char *text, size_t len);
static size_t character_len(const uint8_t *at, size_t len);

int ant_names_read(ant_names *names, const ant_chunks *chunks, uint32_t n,
                   const ant_decode_schema *schema, ant_damage *damage)
{
    *names = (ant_names){ .id_max = chunks->file_bytes };
    for (uint32_t i = 0; i < n && names->err == 0; i++) {
        ant_chunk *chunk = &chunks->chunk[i];
        ant_cursor cursor = ant_chunks_cursor(chunks, chunk);
        ant_event event;
        ant_decode_result result;
        do {
            result = ant_decode_next(schema, &cursor, &event);
            if (result == ANT_DECODE_EVENT) read_event(names, &cursor, &event);
        } while (result == ANT_DECODE_EVENT || result == ANT_DECODE_UNKNOWN);
        if (result == ANT_DECODE_BAD) {
            ant_damage_add(damage, (uint64_t)(cursor.at - cursor.file),
                           "a name that cannot be read");
        }
    }
    if (names->err == 0) resolve(names);
    return names->err;
}

void ant_names_deinit(ant_names *names)
{
    type_row *types = names->types.row;
    for (uint64_t i = 0; i < names->types.count; i++) {
        ant_mem_free(types[i].state);
    }
    ant_mem_free(names->text);
    ant_mem_free(names->strings.row);
    ant_mem_free(names->types.row);
    ant_mem_free(names->lanes.row);
    *names = (ant_names){ 0 };
}

const char *ant_names_string(const ant_names *names, uint64_t id)
{
    if (id == 0) return "";
    const uint64_t *offsets = names->strings.row;
    bool is_known = id < names->strings.count && offsets[id] != 0;
    return is_known ? names->text + offsets[id] - 1 : "?";
}

const ant_trace_type *ant_names_type(const ant_names *names, uint64_t id)
{
    static const ant_trace_type none = { .name = "", .file = "" };
    static const ant_trace_type unknown = { .name = "?", .file = "?" };
    if (id == 0) return &none;
    const type_row *rows = names->types.row;
    bool is_known = id < names->types.count && rows[id].type.name != NULL;
    return is_known ? &rows[id].type : &unknown;
}

const char *ant_names_state(const ant_names *names, uint64_t type,
                            uint64_t state)
{
    const type_row *rows = names->types.row;
    if (type >= names->types.count) return "?";
    if (state >= rows[type].type.state_count) return "?";
    uint64_t name = rows[type].state[state];
    return name != 0 ? ant_names_string(names, name) : "?";
}

const ant_trace_lane_info *ant_names_lane(const ant_names *names, uint64_t lane)
{
    const lane_row *rows = names->lanes.row;
    bool is_known = lane < names->lanes.count && rows[lane].is_known;
    return is_known ? &rows[lane].lane : NULL;
}

static void read_event(ant_names *names, const ant_cursor *cursor,
                       const ant_event *event)
{
    if (event->kind == ANT_EV_string) {
        add_string(names, event->field[0], cursor->text,
                   (size_t)cursor->text_len);
    } else if (event->kind == ANT_EV_type) {
        add_type(names, ANT_EVENT_AS(type, event));
    } else if (event->kind == ANT_EV_type_needs) {
        add_needs(names, ANT_EVENT_AS(type_needs, event));
    } else if (event->kind == ANT_EV_state) {
        add_state(names, ANT_EVENT_AS(state, event));
    } else if (event->kind == ANT_EV_lane) {
        add_lane(names, ANT_EVENT_AS(lane, event));
    }
}

static void add_string(ant_names *names, uint64_t id, const char *text,
                       size_t len)
{
    if (names->text_bytes + len + 1 > names->text_bytes_max) {
        size_t max = (names->text_bytes_max + len + 1) * 2;
        char *more = ant_mem_resize(names->text, max);
        if (more == NULL) {
            names->err = -ENOMEM;
            return;
        }
        names->text = more;
        names->text_bytes_max = max;
    }
    uint64_t *offset = table_row(names, &names->strings, id, sizeof *offset);
    if (offset == NULL) return;
    *offset = names->text_bytes + 1;
    char *to = names->text + names->text_bytes;
    names->text_bytes += (size_t)(copy_printable(to, text, len) - to);
}

static void add_type(ant_names *names, const ant_ev_type *event)
{
    type_row *row = table_row(names, &names->types, event->type, sizeof *row);
    if (row == NULL) return;
    row->name = event->name;
    row->file = event->file;
    row->type.line = (uint32_t)event->line;
    row->type.bytes = (uint32_t)event->bytes;
}

static void add_needs(ant_names *names, const ant_ev_type_needs *event)
{
    type_row *row = table_row(names, &names->types, event->type, sizeof *row);
    if (row != NULL) row->type.needs = (uint32_t)event->needs;
}

static void add_state(ant_names *names, const ant_ev_state *event)
{
    if (event->state >= STATES_MAX) return;
    type_row *row = table_row(names, &names->types, event->type, sizeof *row);
    if (row == NULL) return;
    uint32_t count = row->type.state_count;
    if (event->state >= count) {
        uint32_t wanted = (uint32_t)event->state + 1;
        uint64_t *more = ant_mem_resize(row->state, wanted * sizeof *more);
        if (more == NULL) {
            names->err = -ENOMEM;
            return;
        }
        memset(more + count, 0, (wanted - count) * sizeof *more);
        row->state = more;
        row->type.state_count = wanted;
    }
    row->state[event->state] = event->name;
}

static void add_lane(ant_names *names, const ant_ev_lane *event)
{
    lane_row *row = table_row(names, &names->lanes, event->lane, sizeof *row);
    if (row == NULL) return;
    row->name = event->name;
    row->is_known = true;
    row->lane.kind = (uint32_t)event->kind;
    row->lane.index = (uint32_t)event->index;
}

// The row of `id`, zeroed when it is new; NULL when the id is impossible.
static void *table_row(ant_names *names, ant_names_table *table, uint64_t id,
                       size_t row_bytes)
{
    if (id == 0 || id > names->id_max) return NULL;
    if (id >= table->count_max) {
        uint64_t max = id + id / 2 + 16;
        void *more = ant_mem_resize(table->row, (size_t)max * row_bytes);
        if (more == NULL) {
            names->err = -ENOMEM;
            return NULL;
        }
        size_t old_bytes = (size_t)table->count_max * row_bytes;
        memset((char *)more + old_bytes, 0,
               (size_t)max * row_bytes - old_bytes);
        table->row = more;
        table->count_max = max;
    }
    if (id >= table->count) table->count = id + 1;
    return (char *)table->row + (size_t)id * row_bytes;
}

// Now that no text moves any more, names become pointers.
static void resolve(ant_names *names)
{
    type_row *types = names->types.row;
    for (uint64_t i = 1; i < names->types.count; i++) {
        types[i].type.name = ant_names_string(names, types[i].name);
        types[i].type.file = ant_names_string(names, types[i].file);
        if (types[i].name == 0) types[i].type.name = "?";
    }
    lane_row *lanes = names->lanes.row;
    for (uint64_t i = 1; i < names->lanes.count; i++) {
        lanes[i].lane.name = ant_names_string(names, lanes[i].name);
    }
}

// Control characters become spaces, and what is not UTF-8 becomes '?'.
// Returns the place after the closing 0.
static char *copy_printable(char *to, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        const uint8_t *at = (const uint8_t *)text + i;
        size_t n = character_len(at, len - i);
        if (n > 1) {
            memcpy(to, at, n);
            to += n;
        } else if (n == 1) {
            *to++ = (char)(*at < 0x20 || *at == 0x7F ? ' ' : *at);
        } else {
            *to++ = '?';
            n = 1;
        }
        i += n;
    }
    *to++ = 0;
    return to;
}

// The bytes of the UTF-8 character at `at`, 0 when it is none. The characters
// U+0080 … U+009F are controls, and none either.
static size_t character_len(const uint8_t *at, size_t len)
{
    if (at[0] < 0x80) return 1;
    size_t n = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
    if (at[0] < 0xC2 || at[0] > 0xF4 || n > len) return 0;
    for (size_t i = 1; i < n; i++) {
        if ((at[i] & 0xC0) != 0x80) return 0;
    }
    bool is_control = at[0] == 0xC2 && at[1] < 0xA0;
    bool is_overlong =
        (at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xF0 && at[1] < 0x90);
    bool is_surrogate = at[0] == 0xED && at[1] >= 0xA0;
    bool is_beyond = at[0] == 0xF4 && at[1] >= 0x90;
    bool is_bad = is_control || is_overlong || is_surrogate || is_beyond;
    return is_bad ? 0 : n;
}
