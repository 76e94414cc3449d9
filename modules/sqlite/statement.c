// SPDX-License-Identifier: MIT
//
// A query, statement by statement: bound, stepped, its rows copied. All of this
// is on a thread of the blocking pool, with a connection of its own.

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "sqlite/sqlite_impl.h"

// No operation keeps more of them.
#define ROW_BYTES_MAX ((size_t)1 << 30)

static int run_statement(ant__sqlite_job *job, sqlite3_stmt *statement,
                         uint32_t *arg_next);
static int bind_args(ant__sqlite_job *job, sqlite3_stmt *statement,
                     uint32_t *arg_next);
static int bind_one(sqlite3_stmt *statement, int at,
                    const ant_sqlite_value *value);
static int step_all(ant__sqlite_job *job, sqlite3_stmt *statement);
static int name_columns(ant__sqlite_job *job, sqlite3_stmt *statement);
static int keep_row(ant__sqlite_job *job, sqlite3_stmt *statement);
static int keep_cell(ant__sqlite_job *job, sqlite3_stmt *statement, int column,
                     ant_sqlite_value *ret_value);
static int say(ant__sqlite_job *job, int code, const char *from);

int ant__sqlite_run_query(ant__sqlite_job *job)
{
    ant__sqlite_connection *connection = job->connection;
    const char *sql = job->query.sql;
    uint32_t arg_next = 0;
    while (sql != NULL) { // ends with the text, which each one shortens
        sqlite3_stmt *statement;
        const char *tail;
        const int code =
            ant__sqlite_prepare(connection, sql, &statement, &tail);
        if (code != SQLITE_OK) return say(job, code, sql);
        int err = 0;
        if (statement != NULL) {
            err = run_statement(job, statement, &arg_next);
            ant__sqlite_prepared_end(connection, statement);
        }
        if (err < 0) return err;
        sql = tail;
    }
    if (arg_next < job->query.count) {
        (void)snprintf(job->error, sizeof job->error,
                       "%u arguments, and only %u question marks",
                       (unsigned)job->query.count, (unsigned)arg_next);
        return -EINVAL;
    }
    if (job->verb->needs_row && job->rows.count == 0) {
        (void)snprintf(job->error, sizeof job->error, "there is no such row");
        return -ENODATA;
    }
    if (job->verb->row_max > 0) return (int)job->rows.count;
    return job->rows_affected < INT_MAX ? (int)job->rows_affected : INT_MAX;
}

static int run_statement(ant__sqlite_job *job, sqlite3_stmt *statement,
                         uint32_t *arg_next)
{
    sqlite3 *db = job->connection->db;
    int err = bind_args(job, statement, arg_next);
    const int64_t before = sqlite3_total_changes64(db);
    if (err == 0) err = step_all(job, statement);
    if (err < 0) return err;
    // What triggers did counts in the total only.
    if (sqlite3_total_changes64(db) != before)
        job->rows_affected += (uint64_t)sqlite3_changes64(db);
    job->last_insert_rowid = sqlite3_last_insert_rowid(db);
    return 0;
}

// ---- Arguments ----

static int bind_args(ant__sqlite_job *job, sqlite3_stmt *statement,
                     uint32_t *arg_next)
{
    const int wanted = sqlite3_bind_parameter_count(statement);
    for (int at = 1; at <= wanted; at++) {
        if (*arg_next == job->query.count) {
            (void)snprintf(job->error, sizeof job->error,
                           "%u arguments, and question mark %u has none",
                           (unsigned)job->query.count, (unsigned)*arg_next + 1);
            return -EINVAL;
        }
        const int code =
            bind_one(statement, at, &job->query.args[(*arg_next)++]);
        if (code != SQLITE_OK) return say(job, code, NULL);
    }
    return 0;
}

// The bytes are the job's, which outlives the binding.
static int bind_one(sqlite3_stmt *statement, int at,
                    const ant_sqlite_value *value)
{
    switch (value->type) {
    case ANT_SQLITE_NULL:
        return sqlite3_bind_null(statement, at);
    case ANT_SQLITE_INTEGER:
        return sqlite3_bind_int64(statement, at, value->integer);
    case ANT_SQLITE_REAL:
        return sqlite3_bind_double(statement, at, value->real);
    case ANT_SQLITE_TEXT:
        return sqlite3_bind_text64(statement, at, value->bytes, value->len,
                                   SQLITE_STATIC, SQLITE_UTF8);
    case ANT_SQLITE_BLOB:
        return sqlite3_bind_blob64(statement, at, value->bytes, value->len,
                                   SQLITE_STATIC);
    }
    ANT_UNREACHABLE();
}

// ---- Rows ----

// To its end, for that is when it is done, whether the rows are kept or not.
static int step_all(ant__sqlite_job *job, sqlite3_stmt *statement)
{
    for (;;) { // ends with the rows, or when nobody wants them any more
        const int code = sqlite3_step(statement);
        if (code == SQLITE_DONE) return 0;
        if (code != SQLITE_ROW) return say(job, code, NULL);
        if (job->rows.count == job->verb->row_max) {
            // A query that only reads need not go on.
            if (sqlite3_stmt_readonly(statement)) return 0;
            continue;
        }
        int err = job->rows.count == 0 ? name_columns(job, statement) : 0;
        if (err == 0) err = keep_row(job, statement);
        if (err < 0) return err;
    }
}

static int name_columns(ant__sqlite_job *job, sqlite3_stmt *statement)
{
    ant_sqlite_rows *rows = &job->rows;
    const int count = sqlite3_column_count(statement);
    rows->column_count = (size_t)count;
    rows->column =
        ant_arena_alloc(&rows->texts, (size_t)count * sizeof *rows->column);
    if (rows->column == NULL) return -ENOMEM;
    for (int i = 0; i < count; i++) {
        const char *name = sqlite3_column_name(statement, i);
        if (name != NULL)
            name = ant_arena_text(&rows->texts, name, strlen(name));
        if (name == NULL) return -ENOMEM;
        rows->column[i] = name;
    }
    return 0;
}

static int keep_row(ant__sqlite_job *job, sqlite3_stmt *statement)
{
    ant_sqlite_rows *rows = &job->rows;
    // Of several statements, all rows have the columns of the first.
    if ((size_t)sqlite3_column_count(statement) != rows->column_count) {
        (void)snprintf(job->error, sizeof job->error,
                       "statements with different columns");
        return -EINVAL;
    }
    if (rows->count == job->row_space) {
        const size_t space = job->row_space == 0 ? 8 : job->row_space * 2;
        ant_sqlite_value *cell = ant_mem_resize(
            rows->cell, space * rows->column_count * sizeof *cell);
        if (cell == NULL) return -ENOMEM;
        rows->cell = cell;
        job->row_space = space;
    }
    ant_sqlite_value *at = rows->cell + rows->count * rows->column_count;
    for (size_t i = 0; i < rows->column_count; i++) {
        const int err = keep_cell(job, statement, (int)i, &at[i]);
        if (err < 0) return err;
    }
    rows->count++;
    return 0;
}

static int keep_cell(ant__sqlite_job *job, sqlite3_stmt *statement, int column,
                     ant_sqlite_value *ret_value)
{
    ant_sqlite_value value = { .type = ANT_SQLITE_NULL, .bytes = "" };
    const void *bytes = NULL;
    // The type is asked for first: to ask for bytes may change it.
    switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
        value.type = ANT_SQLITE_INTEGER;
        value.integer = sqlite3_column_int64(statement, column);
        break;
    case SQLITE_FLOAT:
        value.type = ANT_SQLITE_REAL;
        value.real = sqlite3_column_double(statement, column);
        break;
    case SQLITE_TEXT:
        value.type = ANT_SQLITE_TEXT;
        break;
    case SQLITE_BLOB:
        value.type = ANT_SQLITE_BLOB;
        bytes = sqlite3_column_blob(statement, column);
        break;
    default:
        *ret_value = value;
        return 0;
    }
    if (value.type != ANT_SQLITE_BLOB)
        bytes = sqlite3_column_text(statement, column);
    value.len = (size_t)sqlite3_column_bytes(statement, column);
    job->row_bytes += value.len + sizeof value;
    if (job->row_bytes > ROW_BYTES_MAX) return -EFBIG;
    if (bytes == NULL && value.len > 0) return -ENOMEM;
    value.bytes = ant_arena_text(&job->rows.texts, bytes, value.len);
    if (value.bytes == NULL) return -ENOMEM;
    *ret_value = value;
    return 0;
}

// ---- Errors ----

// What SQLite says of its last call, and where in the text `from` that was.
// Whatever the text, the code is handed on as an errno.
static int say(ant__sqlite_job *job, int code, const char *from)
{
    sqlite3 *db = job->connection->db;
    const int at = from != NULL ? sqlite3_error_offset(db) : -1;
    if (at < 0)
        (void)snprintf(job->error, sizeof job->error, "%s", sqlite3_errmsg(db));
    else
        (void)snprintf(job->error, sizeof job->error,
                       "%s, at byte %d: \"%.24s\"", sqlite3_errmsg(db),
                       (int)(from - job->query.sql) + at, from + at);
    return ant__sqlite_errno(code);
}
