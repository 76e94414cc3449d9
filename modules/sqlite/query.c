// SPDX-License-Identifier: MIT

#include "sqlite/query.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/mem.h"

// ---- Queries ----

struct ant_sqlite_query ant_sqlite_query(const char *sql)
{
    return (struct ant_sqlite_query){ .sql = sql };
}

static void bind(struct ant_sqlite_query *query, ant_sqlite_value value)
{
    ANT_ASSERT(query->count < ANT_SQLITE_ARGS_MAX);
    query->args[query->count++] = value;
}

void ant__sqlite_bind_integer(struct ant_sqlite_query *query, int64_t value)
{
    bind(query,
         (ant_sqlite_value){ .type = ANT_SQLITE_INTEGER, .integer = value });
}

void ant__sqlite_bind_real(struct ant_sqlite_query *query, double value)
{
    bind(query, (ant_sqlite_value){ .type = ANT_SQLITE_REAL, .real = value });
}

void ant__sqlite_bind_text(struct ant_sqlite_query *query, const char *value)
{
    if (value == NULL) {
        ant_sqlite_bind_null(query);
        return;
    }
    bind(query, (ant_sqlite_value){ .type = ANT_SQLITE_TEXT,
                                    .bytes = value,
                                    .len = strlen(value) });
}

void ant_sqlite_bind_blob(struct ant_sqlite_query *query, const void *bytes,
                          size_t len)
{
    bind(query, (ant_sqlite_value){
                    .type = ANT_SQLITE_BLOB, .bytes = bytes, .len = len });
}

void ant_sqlite_bind_null(struct ant_sqlite_query *query)
{
    bind(query, (ant_sqlite_value){ .type = ANT_SQLITE_NULL });
}

// ---- Rows ----

static const ant_sqlite_value *cell(const ant_sqlite_rows *rows, size_t row,
                                    const char *column)
{
    ANT_ASSERT(row < rows->count); // there is no such row
    size_t i = 0;
    while (i < rows->column_count && strcmp(rows->column[i], column) != 0)
        i++;
    ANT_ASSERT(i < rows->column_count); // there is no column of this name
    return &rows->cell[row * rows->column_count + i];
}

int64_t ant_sqlite_integer(const ant_sqlite_rows *rows, size_t row,
                           const char *column)
{
    const ant_sqlite_value *value = cell(rows, row, column);
    switch (value->type) {
    case ANT_SQLITE_INTEGER:
        return value->integer;
    case ANT_SQLITE_REAL:
        if (value->real >= 0x1p63) return INT64_MAX;
        return value->real > -0x1p63 ? (int64_t)value->real : INT64_MIN;
    case ANT_SQLITE_TEXT:
        return strtoll(value->bytes, NULL, 10);
    case ANT_SQLITE_NULL:
    case ANT_SQLITE_BLOB:
        return 0;
    }
    ANT_UNREACHABLE();
}

double ant_sqlite_real(const ant_sqlite_rows *rows, size_t row,
                       const char *column)
{
    const ant_sqlite_value *value = cell(rows, row, column);
    switch (value->type) {
    case ANT_SQLITE_INTEGER:
        return (double)value->integer;
    case ANT_SQLITE_REAL:
        return value->real;
    case ANT_SQLITE_TEXT:
        return strtod(value->bytes, NULL);
    case ANT_SQLITE_NULL:
    case ANT_SQLITE_BLOB:
        return 0;
    }
    ANT_UNREACHABLE();
}

const char *ant_sqlite_text(const ant_sqlite_rows *rows, size_t row,
                            const char *column)
{
    return cell(rows, row, column)->bytes;
}

const void *ant_sqlite_blob(const ant_sqlite_rows *rows, size_t row,
                            const char *column, size_t *ret_len)
{
    const ant_sqlite_value *value = cell(rows, row, column);
    *ret_len = value->len;
    return value->bytes;
}

bool ant_sqlite_is_null(const ant_sqlite_rows *rows, size_t row,
                        const char *column)
{
    return cell(rows, row, column)->type == ANT_SQLITE_NULL;
}

void ant_sqlite_rows_free(ant_sqlite_rows *rows)
{
    ant_mem_free(rows->cell);
    ant_arena_deinit(&rows->texts);
    *rows = (ant_sqlite_rows){ 0 };
}
