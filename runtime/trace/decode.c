// SPDX-License-Identifier: MIT

#include "trace/decode.h"

#include <string.h>

#include "base/macros.h"
#include "trace/schema.h"
#include "trace/varint.h"

// A piece of the schema text.
typedef struct span {
    const char *at;
    size_t len;
} span;

static span take(span *from, char until);
static bool is_word(span word, const char *text);
static bool parse_row(ant_decode_row *row, span line);
static ant_event_kind kind_of(span name);
static ant_decode_form form_of(span type);
static bool fits(const ant_decode_row *row, unsigned i);
static const uint8_t *get_number(const uint8_t *at, const uint8_t *end,
                                 uint64_t *ret_value);
static const uint8_t *get_field(ant_cursor *cursor, const uint8_t *at,
                                unsigned form, uint64_t *ret_value);

bool ant_decode_schema_parse(ant_decode_schema *schema, const char *text,
                             size_t len)
{
    *schema = (ant_decode_schema){ .row_count = 1 };
    span rest = { text, len };
    while (rest.len > 0) {
        span line = take(&rest, '\n');
        if (line.len > 0 && line.at[0] == '=') continue;
        if (schema->row_count == ANT_ARRAY_LEN(schema->row)) return false;
        if (!parse_row(&schema->row[schema->row_count++], line)) return false;
    }
    return true;
}

ant_decode_result ant_decode_next(const ant_decode_schema *schema,
                                  ant_cursor *cursor, ant_event *ret_event)
{
    const uint8_t *at = cursor->at;
    const uint8_t *end = cursor->end;
    if (at == end) return ANT_DECODE_END;
    if (*at == ANT_EV_none && cursor->is_open) return ANT_DECODE_END;
    if (*at == ANT_EV_none || *at >= schema->row_count) return ANT_DECODE_BAD;

    const ant_decode_row *row = &schema->row[*at];
    ret_event->kind = row->kind;
    ret_event->offset = (uint64_t)(at - cursor->file);
    uint64_t delta;
    at = get_number(at + 1, end, &delta);
    uint64_t value = 0;
    unsigned i = 0;
    for (; at != NULL && i < row->field_count; i++) {
        at = row->is_plain ? get_number(at, end, &value)
                           : get_field(cursor, at, row->form[i], &value);
        if (i < row->kept_count) ret_event->field[i] = value;
    }
    if (at == NULL) return ANT_DECODE_BAD;

    for (i = row->kept_count; i < ANT_EVENT_FIELD_MAX; i++) {
        ret_event->field[i] = 0;
    }
    cursor->at = at;
    cursor->t_ns += delta;
    ret_event->t_ns = cursor->t_ns;
    if (row->kind == ANT_EV_none) return ANT_DECODE_UNKNOWN;
    ant_event_kind kind = (ant_event_kind)row->kind;
    ret_event->count = (uint8_t)ant_schema_event_of(kind)->field_count;
    return ANT_DECODE_EVENT;
}

// Cuts the part before `until` off, or all of it.
static span take(span *from, char until)
{
    const char *mark = memchr(from->at, until, from->len);
    size_t len = mark != NULL ? (size_t)(mark - from->at) : from->len;
    span part = { from->at, len };
    size_t used = mark != NULL ? len + 1 : len;
    from->at += used;
    from->len -= used;
    return part;
}

static bool is_word(span word, const char *text)
{
    return strlen(text) == word.len && memcmp(text, word.at, word.len) == 0;
}

// E.g. "wake sched task:task seq:step result:WAKE via:VIA res:resource".
static bool parse_row(ant_decode_row *row, span line)
{
    row->kind = (uint8_t)kind_of(take(&line, ' '));
    span level = take(&line, ' ');
    if (level.len == 0) return false;
    row->is_plain = true;
    while (line.len > 0) {
        if (row->field_count == ANT_DECODE_FIELDS_MAX) return false;
        span field = take(&line, ' ');
        span name = take(&field, ':');
        if (name.len == 0 || field.len == 0) return false;
        ant_decode_form form = form_of(field);
        row->form[row->field_count++] = (uint8_t)form;
        if (form != ANT_FORM_NUMBER) row->is_plain = false;
    }
    if (row->kind == ANT_EV_none) return true;

    // A row whose fields are of other forms than ours only shares its name.
    unsigned known =
        ant_schema_event_of((ant_event_kind)row->kind)->field_count;
    if (known > row->field_count) known = row->field_count;
    unsigned i = 0;
    while (i < known && fits(row, i))
        i++;
    if (i < known) {
        row->kind = ANT_EV_none;
    } else {
        row->kept_count = (uint8_t)known;
    }
    return true;
}

static ant_event_kind kind_of(span name)
{
    for (unsigned i = 1; i < ANT_EV_COUNT; i++) {
        ant_event_kind kind = (ant_event_kind)i;
        if (is_word(name, ant_schema_event_of(kind)->name)) return kind;
    }
    return ANT_EV_none;
}

static ant_decode_form form_of(span type)
{
    if (is_word(type, ant_schema_field_type_name(ANT_FIELD_INT))) {
        return ANT_FORM_SIGNED;
    }
    if (is_word(type, ant_schema_field_type_name(ANT_FIELD_TEXT))) {
        return ANT_FORM_TEXT;
    }
    return ANT_FORM_NUMBER;
}

static bool fits(const ant_decode_row *row, unsigned i)
{
    const ant_schema_event *ours =
        ant_schema_event_of((ant_event_kind)row->kind);
    ant_field_type type = ours->field[i].type;
    if (type == ANT_FIELD_INT) return row->form[i] == ANT_FORM_SIGNED;
    if (type == ANT_FIELD_TEXT) return row->form[i] == ANT_FORM_TEXT;
    return row->form[i] == ANT_FORM_NUMBER;
}

// Most numbers are one byte.
static const uint8_t *get_number(const uint8_t *at, const uint8_t *end,
                                 uint64_t *ret_value)
{
    if (ANT_LIKELY(at < end && *at < 0x80)) {
        *ret_value = *at;
        return at + 1;
    }
    return ant_varint_get(at, end, ret_value);
}

static const uint8_t *get_field(ant_cursor *cursor, const uint8_t *at,
                                unsigned form, uint64_t *ret_value)
{
    at = get_number(at, cursor->end, ret_value);
    if (at == NULL || form == ANT_FORM_NUMBER) return at;
    if (form == ANT_FORM_SIGNED) {
        *ret_value = (uint64_t)ant_unzigzag(*ret_value);
        return at;
    }
    if (*ret_value > (uint64_t)(cursor->end - at)) return NULL;
    cursor->text = (const char *)at;
    cursor->text_len = *ret_value;
    return at + cursor->text_len;
}
