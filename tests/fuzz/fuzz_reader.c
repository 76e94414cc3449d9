// SPDX-License-Identifier: MIT
//
// The reader, the checker and the sentences on any bytes, as they are and with
// their checksums repaired.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "fuzz/repair.h"
#include "text/sentence.h"
#include "trace/check.h"
#include "trace/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A small input makes a small trace; a reader that goes beyond these loops.
#define EVENTS_MAX (1u << 20)

static void read_all(const uint8_t *bytes, size_t size)
{
    ant_reader *reader;
    ant_reader_error error;
    if (ant_reader_open_bytes(bytes, size, &reader, &error) < 0) return;
    ant_check *check = ant_check_new(reader, NULL, NULL);
    if (check == NULL) abort();
    ant_event event;
    char text[300];
    uint64_t last_ns = 0;
    for (unsigned i = 0; ant_reader_next(reader, &event); i++) {
        if (i == EVENTS_MAX || event.t_ns < last_ns) abort();
        last_ns = event.t_ns;
        ant_check_event(check, &event);
        text_sentence_write(reader, &event, text, sizeof text);
    }
    ant_check_finish(check);
    ant_check_free(check);
    ant_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_all(data, size);
    uint8_t *copy = repaired(data, size);
    if (copy == NULL) return 0;
    read_all(copy, size);
    free(copy);
    return 0;
}
