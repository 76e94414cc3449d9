// SPDX-License-Identifier: MIT
//
// An event as a sentence for people: "worker 1 polls task 3 fetch_user (from
// its own queue)". One template per kind of event; names come from the reader,
// which knows those of the events it has read.

#ifndef VIZ_TEXT_SENTENCE_H
#define VIZ_TEXT_SENTENCE_H

#include <stddef.h>

#include "trace/reader.h"

// Writes the sentence, cut to `size` bytes, without a line end. `names` is the
// reader that the event came from.
void text_sentence_write(const ant_reader *names, const ant_event *event,
                         char *buf, size_t size);

// The parts of sentences: "task 3 fetch_user", "mutex `db`", "worker 1". Each
// returns `buf`.
char *text_sentence_task(const ant_reader *names, uint64_t task, char *buf,
                         size_t size);
char *text_sentence_res(const ant_reader *names, uint64_t res, char *buf,
                        size_t size);
char *text_sentence_lane(const ant_reader *names, uint64_t lane, char *buf,
                         size_t size);

#endif
