// SPDX-License-Identifier: MIT
//
// A feed is a stream of ints that the test fills by hand: values, errors on the
// way, an end. While it is empty it is pending, and filling it wakes whoever
// asked. It counts how often it was asked.
//
//   struct feed feed = feed_new();
//   feed_put(&feed, 7);
//   feed_end(&feed, 0);

#ifndef ANT_TESTS_SUPPORT_FEED_H
#define ANT_TESTS_SUPPORT_FEED_H

#include <stdbool.h>

#include "stream/stream.h"

#define FEED_MAX 300

typedef enum feed_kind { FEED_VALUE, FEED_ERROR, FEED_END } feed_kind;

struct feed {
    ant_stream base;
    struct {
        feed_kind kind;
        int value;
    } script[FEED_MAX];
    unsigned put; // of the script
    unsigned got;
    unsigned poll_count;
    bool was_dropped;
    ant_waker waker;
};

struct feed feed_new(void);

// Adds an item; an item that is the error `err`; the end with `err`.
void feed_put(struct feed *feed, int value);
void feed_error(struct feed *feed, int err);
void feed_end(struct feed *feed, int err);

#endif
