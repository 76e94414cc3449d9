// SPDX-License-Identifier: MIT
//
// Durations by size. What text and pictures say about how long things took is
// counted here, so that they say the same.

#ifndef VIZ_TEXT_HISTOGRAM_H
#define VIZ_TEXT_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

// Steps of 1, 2, 5: class 0 is up to 10 ns, then come those from 10, from 20,
// from 50, from 100 ns and so on up to 50 s.
#define TEXT_HISTOGRAM_CLASSES 31

typedef struct text_histogram {
    uint64_t count;
    uint64_t sum_ns;
    uint64_t max_ns;
    uint64_t in_class[TEXT_HISTOGRAM_CLASSES];
} text_histogram;

// Counts one more.
void text_histogram_add(text_histogram *histogram, uint64_t ns);

// The class of a duration, and the shortest duration of a class.
unsigned text_histogram_class(uint64_t ns);
uint64_t text_histogram_class_ns(unsigned i);

// The first and the last class that hold anything, and the most that one of
// them holds. False when nothing was counted.
bool text_histogram_span(const text_histogram *histogram, unsigned *ret_first,
                         unsigned *ret_last, uint64_t *ret_most);

// The duration that `percent` of all stay at or below, as the upper edge of its
// class, but never more than the longest. 0 when nothing was counted.
uint64_t text_histogram_percentile(const text_histogram *histogram,
                                   unsigned percent);

#endif
