// SPDX-License-Identifier: MIT
//
// Any text as a question: it is refused with a place inside of it, or asked of
// an empty trace and answered.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "query/query.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
    if (!promise) abort();
}

static void answer(const char *question, size_t len)
{
    static const ant_model empty;
    query_error error;
    ant_query *query;
    int err = query_parse(question, &query, &error);
    if (err < 0) {
        must(error.at <= len && error.text[0] != 0);
        return;
    }
    query_answer found;
    char text[300];
    err = query_ask(query, &empty, &found, &error);
    query_free(query);
    if (err < 0) {
        must(error.at <= len && error.text[0] != 0);
        return;
    }
    query_value_write(&found.value, text, sizeof text);
    query_value_say(&found.value, text, sizeof text);
    for (uint32_t i = 0; i < found.fact_count; i++) {
        query_fact_write(&found.fact[i], text, sizeof text);
    }
    query_answer_free(&found);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 2000) return 0;
    char question[2001];
    if (size > 0) memcpy(question, data, size);
    question[size] = 0;
    answer(question, strlen(question));
    return 0;
}
