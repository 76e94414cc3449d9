// SPDX-License-Identifier: MIT
//
// A head is what an HTTP/1.1 message begins with: a line that says what is
// wanted, and fields. Here it is found in the bytes that have come, and taken
// apart as RFC 9112 says, strictly: what is ambiguous is refused, for two
// programs that read one message in two ways can be played against each other.
//
// Bytes come in pieces. ant__http_head_scan looks for the end of the head and
// remembers how far it has looked, so that a head that comes byte by byte costs
// no more than one that comes at once. A head that is complete is parsed in
// place: ends of words become zeros, and what the head points to are strings in
// the caller's buffer, which has to stay where it is. Nothing is allocated.
//
// The same fields stand in answers, so the other function is for those.

#ifndef ANT_HTTP_HEAD_H
#define ANT_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

// A message with more fields is refused.
#define ANT_HTTP_FIELDS_MAX 64

typedef struct ant_http_field {
    const char *name;
    const char *value;
} ant_http_field;

typedef struct ant_http_head {
    // of a request
    const char *method;
    char *path;        // begins with '/', or is "*"; still with its %41
    const char *query; // what stood behind the '?', or NULL
    // of an answer
    int status;
    // of both
    unsigned minor; // of version 1.x
    unsigned field_count;
    ant_http_field field[ANT_HTTP_FIELDS_MAX];
    // what the fields say of the message itself
    bool has_length;
    bool is_chunked;
    bool closes;  // the connection ends with this exchange
    bool expects; // to be told to go on before it sends its body
    uint64_t length;
} ant_http_head;

// Looks for the end of a head in `len` bytes of `text`, of which it has seen
// `*seen`. Its length; 0 when it is not complete; -EBADMSG when it is none.
ANT_MUST_USE int64_t ant__http_head_scan(const char *text, size_t len,
                                         size_t *seen);

// Takes apart a complete head of a request. 0, or the status to refuse it with:
// 400, 417, 431, 501 or 505.
ANT_MUST_USE int ant__http_head_parse(ant_http_head *head, char *text,
                                      size_t len);

// Takes apart a complete head of an answer. 0, or -EBADMSG.
ANT_MUST_USE int ant__http_answer_parse(ant_http_head *head, char *text,
                                        size_t len);

// The value of the first field with this name, in any case of letters; NULL.
const char *ant__http_head_get(const ant_http_head *head, const char *name);

// Whether a field that is a list has the word, in any case of letters; in any
// of the fields with this name.
bool ant__http_head_has(const ant_http_head *head, const char *name,
                        const char *word);

// What may stand in a name; in a value; whether all of a text may.
bool ant__http_is_token(const char *text, size_t len);
bool ant__http_is_value(const char *text, size_t len);

#endif
