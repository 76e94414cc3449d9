// SPDX-License-Identifier: MIT

#include "sync/once_cell.h"

#include <errno.h>
#include <string.h>

#include "core/here.h"
#include "trace/trace.h"

static void get_or_init_drop(ant_future *future);
static bool get_or_init_waits_on(const ant_future *future, ant_wait *ret_wait);
static ant_poll start(struct ant_once_cell_get_or_init *self, ant_cx *cx);
static ant_poll fill(struct ant_once_cell_get_or_init *self, ant_cx *cx);
static ant_poll end_full(struct ant_once_cell_get_or_init *self);
static void publish(ant_once_cell *cell, const void *value, uint32_t task);
static void let_next_fill(ant_once_cell *cell, uint32_t task);

#define GET_OR_INIT_OPS                                                        \
    .drop = get_or_init_drop, .waits_on = get_or_init_waits_on

ANT_ASYNC_OPS(ant_once_cell_get_or_init, GET_OR_INIT_OPS)
{
    switch (self->state) {
    case ANT_ONCE_CELL_START:
        return start(self, cx);
    case ANT_ONCE_CELL_FILLING:
        return fill(self, cx);
    }
    ANT_UNREACHABLE();
}

// Waits for the permit to fill the cell; it is refused when the cell is full.
static ant_poll start(struct ant_once_cell_get_or_init *self, ant_cx *cx)
{
    int32_t err = 0;
    if (ant_permits_poll(&self->claim, &err, cx) == ANT_PENDING)
        return ANT_PENDING;
    if (err == -EPIPE) return end_full(self);
    ANT_ASSERT(err == 0);
    self->task = cx->task;
    return ANT_NEXT(ANT_ONCE_CELL_FILLING);
}

static ant_poll fill(struct ant_once_cell_get_or_init *self, ant_cx *cx)
{
    if (ant__await(&self->base, self->inner, self->name, self->claim.line,
                   cx) == ANT_PENDING)
        return ANT_PENDING;
    if (self->inner->result < 0) {
        let_next_fill(self->cell, self->task);
        return ANT_FAIL(self->inner->result);
    }
    publish(self->cell, self->output, self->task);
    return ANT_READY;
}

static ant_poll end_full(struct ant_once_cell_get_or_init *self)
{
    ant_future_drop(self->inner);
    return ANT_READY;
}

struct ant_once_cell_get_or_init
ant__once_cell_get_or_init(ant_once_cell *cell, ant_future *inner,
                           const char *name, const void *output,
                           uint32_t value_bytes, uint32_t line)
{
    ANT_ASSERT(value_bytes == cell->value_bytes);
    return (struct ant_once_cell_get_or_init){
        ANT_INIT(ant_once_cell_get_or_init),
        .cell = cell,
        .inner = inner,
        .name = name,
        .output = output,
        .claim = ant_permits_claim_new(&cell->permits, 1, line),
    };
}

static void get_or_init_drop(ant_future *future)
{
    struct ant_once_cell_get_or_init *self = (void *)future;
    ant_future_drop(self->inner);
    if (self->state == ANT_ONCE_CELL_FILLING)
        let_next_fill(self->cell, self->task);
    else
        ant_permits_drop(&self->claim);
}

static bool get_or_init_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_once_cell_get_or_init *self = (const void *)future;
    return self->state == ANT_ONCE_CELL_START &&
           ant_permits_waits_on(&self->claim, ret_wait);
}

// ---- The cell ----

int ant__once_cell_set(ant_once_cell *cell, const void *value,
                       uint32_t value_bytes, uint32_t line)
{
    ANT_ASSERT(value_bytes == cell->value_bytes);
    const int err = ant_permits_try(&cell->permits, 1, line);
    if (err < 0) return err == -EPIPE ? -EEXIST : -EBUSY;
    publish(cell, value, ant_task_id_here());
    return 0;
}

const void *ant_once_cell_get(const ant_once_cell *cell)
{
    // Its acquire pairs with the release in publish().
    return ant_permits_is_closed(&cell->permits) ? cell->place : NULL;
}

bool ant_once_cell_is_initialized(const ant_once_cell *cell)
{
    return ant_permits_is_closed(&cell->permits);
}

void ant__once_cell_init(ant_once_cell *cell, const char *name, void *place,
                         uint32_t value_bytes, const char *file, uint32_t line)
{
    ant_resource card = ANT_RESOURCE(ANT_RES_ONCE, name, 1);
    card.file = file;
    card.line = line;
    *cell = (ant_once_cell){ .place = place, .value_bytes = value_bytes };
    ant_permits_init(&cell->permits, &card, 1);
}

void ant_once_cell_deinit(ant_once_cell *cell)
{
    ant_permits_deinit(&cell->permits);
}

// The value first, then the word that says so: closing has release order.
static void publish(ant_once_cell *cell, const void *value, uint32_t task)
{
    ANT_ASSERT(!ant_permits_is_closed(&cell->permits));
    memcpy(cell->place, value, cell->value_bytes);
    ANT_TRACE(chan_close, .res = ant_resource_id(&cell->permits.resource),
              .task = task);
    ant_permits_close(&cell->permits);
    let_next_fill(cell, task);
}

// The permit goes to the next in the queue, or, when the cell is full, home.
static void let_next_fill(ant_once_cell *cell, uint32_t task)
{
    const int err = ant_permits_release(&cell->permits, task, 1);
    ANT_ASSERT(err == 0);
}
