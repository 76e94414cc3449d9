// SPDX-License-Identifier: MIT

#include "text/histogram.h"

void text_histogram_add(text_histogram *histogram, uint64_t ns)
{
    histogram->count++;
    histogram->sum_ns += ns;
    if (ns > histogram->max_ns) histogram->max_ns = ns;
    histogram->in_class[text_histogram_class(ns)]++;
}

unsigned text_histogram_class(uint64_t ns)
{
    unsigned i = 0;
    while (i + 1 < TEXT_HISTOGRAM_CLASSES &&
           ns >= text_histogram_class_ns(i + 1)) {
        i++;
    }
    return i;
}

uint64_t text_histogram_class_ns(unsigned i)
{
    static const uint64_t step[] = { 1, 2, 5 };
    if (i == 0) return 0;
    uint64_t ns = 10 * step[(i - 1) % 3];
    for (unsigned tens = (i - 1) / 3; tens > 0; tens--)
        ns *= 10;
    return ns;
}

bool text_histogram_span(const text_histogram *histogram, unsigned *ret_first,
                         unsigned *ret_last, uint64_t *ret_most)
{
    if (histogram->count == 0) return false;
    unsigned first = TEXT_HISTOGRAM_CLASSES;
    uint64_t most = 0;
    for (unsigned i = 0; i < TEXT_HISTOGRAM_CLASSES; i++) {
        uint64_t n = histogram->in_class[i];
        if (n == 0) continue;
        if (first > i) first = i;
        if (n > most) most = n;
        *ret_last = i;
    }
    *ret_first = first;
    *ret_most = most;
    return true;
}

uint64_t text_histogram_percentile(const text_histogram *histogram,
                                   unsigned percent)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i + 1 < TEXT_HISTOGRAM_CLASSES; i++) {
        sum += histogram->in_class[i];
        if (sum * 100 < histogram->count * percent || sum == 0) continue;
        uint64_t edge = text_histogram_class_ns(i + 1);
        return edge < histogram->max_ns ? edge : histogram->max_ns;
    }
    return histogram->max_ns;
}
