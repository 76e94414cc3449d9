// SPDX-License-Identifier: MIT
//
// Values and facts as text.

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/macros.h"
#include "query/query.h"

// A fact names so many of its events.
#define EVENTS_SHOWN 8u

typedef struct sink {
    char *buf;
    size_t size;
    size_t len;
} sink;

ANT_PRINTF(2, 3) static void put(sink *out, const char *format, ...);
static void put_value(sink *out, const query_value *value, bool is_prose);
static void put_number(sink *out, double number);

void query_value_write(const query_value *value, char *buf, size_t size)
{
    sink out = { buf, size, 0 };
    put(&out, "%s", "");
    put_value(&out, value, false);
}

void query_value_say(const query_value *value, char *buf, size_t size)
{
    sink out = { buf, size, 0 };
    put(&out, "%s", "");
    put_value(&out, value, true);
}

bool query_value_is_same(const query_value *a, const query_value *b)
{
    if (a->type != b->type) return false;
    switch (a->type) {
    case QUERY_BOOL:
        return a->is_true == b->is_true;
    case QUERY_NUMBER:
        return fabs(a->number - b->number) < 1e-9;
    case QUERY_TEXT:
        return strcasecmp(a->text, b->text) == 0;
    case QUERY_LIST:
        break;
    }
    if (a->count != b->count) return false;
    for (uint32_t i = 0; i < a->count; i++) {
        if (!query_value_is_same(&a->item[i], &b->item[i])) return false;
    }
    return true;
}

void query_fact_write(const query_fact *fact, char *buf, size_t size)
{
    sink out = { buf, size, 0 };
    put(&out, "%s is ", fact->text);
    put_value(&out, &fact->value, false);
    for (uint32_t i = 0; i < fact->event_count && i < EVENTS_SHOWN; i++) {
        put(&out, "%s#%u", i == 0 ? ": " : ", ", fact->event[i]);
    }
    if (fact->event_count > EVENTS_SHOWN) {
        put(&out, " and %u more", fact->event_count - EVENTS_SHOWN);
    }
}

static void put_value(sink *out, const query_value *value, bool is_prose)
{
    switch (value->type) {
    case QUERY_BOOL:
        if (is_prose)
            put(out, "%s", value->is_true ? "yes" : "no");
        else
            put(out, "%s", value->is_true ? "true" : "false");
        return;
    case QUERY_NUMBER:
        put_number(out, value->number);
        return;
    case QUERY_TEXT:
        if (is_prose)
            put(out, "%s", value->text);
        else
            put(out, "\"%s\"", value->text);
        return;
    case QUERY_LIST:
        if (!is_prose) put(out, "[");
        if (is_prose && value->count == 0) put(out, "none");
        for (uint32_t i = 0; i < value->count; i++) {
            if (i > 0) put(out, ", ");
            put_value(out, &value->item[i], is_prose);
        }
        if (!is_prose) put(out, "]");
    }
}

// Up to three decimals, and none that says nothing.
static void put_number(sink *out, double number)
{
    char text[64];
    snprintf(text, sizeof text, "%.3f", number);
    size_t len = strlen(text);
    while (text[len - 1] == '0')
        len--;
    if (text[len - 1] == '.') len--;
    text[len] = 0;
    put(out, "%s", strcmp(text, "-0") == 0 ? "0" : text);
}

static void put(sink *out, const char *format, ...)
{
    if (out->len >= out->size) return;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(out->buf + out->len, out->size - out->len, format, args);
    va_end(args);
    if (n > 0) out->len += (size_t)n;
}
