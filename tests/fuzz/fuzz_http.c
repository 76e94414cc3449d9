// SPDX-License-Identifier: MIT
//
// Heads and chunked bodies of any bytes. What is found must not depend on the
// pieces in which it comes, must lie inside of what came, and must be text.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "http/chunks.h"
#include "http/head.h"
#include "http/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int is_true)
{
    if (!is_true) abort();
}

// Where the head ends when its bytes come `step` at a time.
static int64_t scan(const char *text, size_t len, size_t step)
{
    size_t seen = 0;
    for (size_t end = 1; end < len; end += step) {
        const int64_t found = ant__http_head_scan(text, end, &seen);
        if (found != 0) return found;
    }
    return ant__http_head_scan(text, len, &seen);
}

static void check_text(const char *text, const char *begin, size_t len)
{
    char decoded[64];
    check(text >= begin && text + strlen(text) < begin + len);
    const int n =
        ant__http_text_decode(text, strlen(text), decoded, sizeof decoded);
    if (n >= 0) check(strlen(decoded) == (size_t)n);
}

static void check_head(const ant_http_head *head, const char *text, size_t len)
{
    check(head->field_count <= ANT_HTTP_FIELDS_MAX);
    for (unsigned i = 0; i < head->field_count; i++) {
        const ant_http_field *field = &head->field[i];
        check_text(field->name, text, len);
        check_text(field->value, text, len);
        check(ant__http_is_token(field->name, strlen(field->name)));
        check(ant__http_is_value(field->value, strlen(field->value)));
    }
}

static void try_head(const char *bytes, size_t len, size_t step)
{
    const int64_t end = scan(bytes, len, len);
    check(scan(bytes, len, step) == end);
    check(end <= (int64_t)len);
    // Also what is no head may be given to the parser.
    const size_t head_len = end > 0 ? (size_t)end : len;
    char *text = malloc(head_len + 1);
    if (text == NULL) return;
    ant_http_head head;
    memcpy(text, bytes, head_len);
    if (ant__http_head_parse(&head, text, head_len) == 0) {
        check_head(&head, text, head_len);
        check_text(head.method, text, head_len);
        check_text(head.path, text, head_len);
        check(*head.path == '/' || strcmp(head.path, "*") == 0);
        check(!(head.has_length && head.is_chunked));
        if (head.query != NULL) check_text(head.query, text, head_len);
    }
    memcpy(text, bytes, head_len);
    if (ant__http_answer_parse(&head, text, head_len) == 0)
        check_head(&head, text, head_len);
    free(text);
}

// A sum of all data and how it ended, of a body that comes in such pieces.
static uint64_t sum_body(const char *bytes, size_t len, size_t step)
{
    ant_http_chunks chunks = { 0 };
    uint64_t sum = 7;
    size_t at = 0, end = 0;
    while (at < len) { // ends: `at` grows, or `end` does, up to len
        if (at == end) end = len - end < step ? len : end + step;
        const int64_t skipped =
            ant__http_chunks_skip(&chunks, bytes + at, end - at);
        if (skipped < 0) return sum * 31 + 1;
        check((size_t)skipped <= end - at);
        at += (size_t)skipped;
        if (chunks.state == CHUNKS_ENDED) return sum * 31 + 2 + at;
        for (; at < end && chunks.left > 0 && chunks.state == CHUNKS_DATA;
             at++, chunks.left--)
            sum = sum * 31 + (unsigned char)bytes[at];
    }
    return sum * 31;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    const size_t step = (size_t)(data[0] % 16) + 1;
    const char *bytes = (const char *)data + 1;
    try_head(bytes, size - 1, step);
    check(sum_body(bytes, size - 1, step) == sum_body(bytes, size - 1, size));
    return 0;
}
