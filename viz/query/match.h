// SPDX-License-Identifier: MIT
//
// Private to the layer: the events of a trace that a pattern asks for, and what
// an event says about itself.

#ifndef VIZ_QUERY_MATCH_H
#define VIZ_QUERY_MATCH_H

#include "model/buf.h"
#include "query/tree.h"

// Events in their order. Whoever asked frees it.
typedef struct query_matches {
    model_buf event; // of uint32_t
} query_matches;

static inline const uint32_t *query__match(const query_matches *matches)
{
    return matches->event.data;
}

// Adds the events that `pattern` picks. 0 or -ENOMEM.
int query__match_all(const ant_model *model, const query_pattern *pattern,
                     query_matches *matches);
void query__matches_free(query_matches *matches);

// What `key` reads from event `event`; `before` is the match before it, or
// MODEL_NONE. Texts live in the model or in `arena`. False when the event says
// nothing about it.
bool query__read(const ant_model *model, const query_key *key, uint32_t event,
                 uint32_t before, query_value *ret_value);

// The last event of what `event` begins: a poll, a wait, a hold, a future's
// life. event_count when it goes on to the end, `event` when it begins nothing.
uint32_t query__end_of(const ant_model *model, uint32_t event);

#endif
