// SPDX-License-Identifier: MIT
//
// A query is a text of SQL with its arguments; rows are what comes back. A
// query is a value: made, given arguments, handed to an operation
// (sqlite/pool.h), which copies what it needs at its first poll. Rows belong to
// whoever asked for them. sqlx: query, Row.
//
//   struct ant_sqlite_query find =
//       ant_sqlite_query("SELECT id, name FROM users WHERE age > ?");
//   ant_sqlite_bind(&find, 17);
//
//   for (size_t i = 0; i < rows->count; i++)
//       printf("%d: %s\n", (int)ant_sqlite_integer(rows, i, "id"),
//              ant_sqlite_text(rows, i, "name"));
//   ant_sqlite_rows_free(rows);
//
// Arguments go in the order of the question marks. Never write a value into the
// text itself: a name with a quote in it would then be a part of the program.
//
// A column that the rows do not have is a mistake in the program, and traps.
// Of a value of another type these give what SQLite makes of it: the number 7
// is the text "7", a text that is no number is 0.
//
//   function              sqlx               cancel-safe  alloc  threads
//   ant_sqlite_query      query              -            no     any
//   ant_sqlite_bind       Query::bind        -            no     owner
//   ant_sqlite_bind_blob  bind(&[u8])        -            no     owner
//   ant_sqlite_bind_null  bind(None)         -            no     owner
//   ant_sqlite_integer    row.get::<i64>     -            no     owner
//   ant_sqlite_real       row.get::<f64>     -            no     owner
//   ant_sqlite_text       row.get::<&str>    -            no     owner
//   ant_sqlite_blob       row.get::<&[u8]>   -            no     owner
//   ant_sqlite_is_null    row.get::<Option>  -            no     owner
//   ant_sqlite_rows_free  drop(Vec<Row>)     -            no     owner

#ifndef ANT_SQLITE_QUERY_H
#define ANT_SQLITE_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/macros.h"

typedef enum ant_sqlite_type {
    ANT_SQLITE_NULL,
    ANT_SQLITE_INTEGER,
    ANT_SQLITE_REAL,
    ANT_SQLITE_TEXT,
    ANT_SQLITE_BLOB,
} ant_sqlite_type;

typedef struct ant_sqlite_value {
    ant_sqlite_type type;
    union {
        int64_t integer;
        double real;
    };
    // In rows every value has bytes: as a text, with a 0 behind them.
    const char *bytes;
    size_t len;
} ant_sqlite_value;

// More arguments than this a query cannot have.
#define ANT_SQLITE_ARGS_MAX 12

struct ant_sqlite_query {
    const char *sql;
    uint32_t count;
    ant_sqlite_value args[ANT_SQLITE_ARGS_MAX];
};

// What an operation found. {0} is nothing.
typedef struct ant_sqlite_rows {
    size_t count; // of rows
    size_t column_count;
    const char **column;    // their names
    ant_sqlite_value *cell; // row after row
    ant_arena texts;        // all that is pointed to
} ant_sqlite_rows;

// A query without arguments yet. It may be several statements, with a ';'
// between them: they are done one after the other.
ANT_MUST_USE struct ant_sqlite_query ant_sqlite_query(const char *sql);

// The next argument: an integer, a floating number, or a text, which stays
// where it is until the operation's first poll. NULL is a null.
#define ant_sqlite_bind(query, value)                                          \
    _Generic((value),                                                          \
        float: ant__sqlite_bind_real,                                          \
        double: ant__sqlite_bind_real,                                         \
        char *: ant__sqlite_bind_text,                                         \
        const char *: ant__sqlite_bind_text,                                   \
        default: ant__sqlite_bind_integer)((query), (value))

// The next argument, which C has no type for: bytes, or a null.
void ant_sqlite_bind_blob(struct ant_sqlite_query *query, const void *bytes,
                          size_t len);
void ant_sqlite_bind_null(struct ant_sqlite_query *query);

// The value in a row (from 0) and a column, by its name.
int64_t ant_sqlite_integer(const ant_sqlite_rows *rows, size_t row,
                           const char *column);
double ant_sqlite_real(const ant_sqlite_rows *rows, size_t row,
                       const char *column);
// Never NULL; "" for a null. They last as long as the rows.
const char *ant_sqlite_text(const ant_sqlite_rows *rows, size_t row,
                            const char *column);
const void *ant_sqlite_blob(const ant_sqlite_rows *rows, size_t row,
                            const char *column, size_t *ret_len);
bool ant_sqlite_is_null(const ant_sqlite_rows *rows, size_t row,
                        const char *column);

// Twice does nothing.
void ant_sqlite_rows_free(ant_sqlite_rows *rows);

void ant__sqlite_bind_integer(struct ant_sqlite_query *query, int64_t value);
void ant__sqlite_bind_real(struct ant_sqlite_query *query, double value);
void ant__sqlite_bind_text(struct ant_sqlite_query *query, const char *value);

#endif
