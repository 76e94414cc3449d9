// SPDX-License-Identifier: MIT
//
// A once cell is a place for a value that is set once, and then read by
// everybody without a lock: a configuration, a connection that the first who
// needs it opens. The place is the program's: a variable that the cell guards.
// It may be used by any task on any thread. Tokio: sync::OnceCell.
//
//   static struct menu menu;
//   static ant_once_cell menu_cell = ANT_ONCE_CELL("menu", menu);
//
//   case GUEST_START:
//       self->print = print_menu(); // a future; its output is print.menu
//       self->ready = ant_once_cell_get_or_init(&menu_cell, &self->print.base,
//                                               &self->print.menu);
//       return ANT_NEXT(GUEST_READING);
//   case GUEST_READING:
//       ANT_AWAIT(self->ready);
//       if (self->ready.base.result < 0)
//           return ANT_FAIL(self->ready.base.result);
//       const struct menu *read = ant_once_cell_get(&menu_cell);
//
// The future lives beside the one that waits, as with a timeout. It is polled
// only if the cell is empty and nobody else is at it; else it is dropped, new,
// as soon as there is a value. When it ends with a result of 0 or more, its
// output is copied into the place, and all who wait go on. When it fails, that
// is the failure of this one caller, and the next in the queue runs its own;
// so too when the task of the caller panics or is dropped.
//
// The hard thing is that whoever reads takes no lock: the value is complete
// before the cell says so, and then it never changes. A future that asks for
// the very cell that it shall fill waits for itself, for ever.
//
//   function                     Tokio                cancel-safe alloc threads
//   ant_once_cell_init           OnceCell::new        -           no    one
//   ant_once_cell_init_with      OnceCell::new_with   -           no    one
//   ant_once_cell_deinit         drop(OnceCell), take -           no    one
//   ant_once_cell_get            OnceCell::get        -           no    any
//   ant_once_cell_is_initialized initialized          -           no    any
//   ant_once_cell_set            OnceCell::set        -           no    any
//   ant_once_cell_get_or_init    get_or_try_init      as inner    no    any
//
// Tokio's take is: deinit, and init again.

#ifndef ANT_SYNC_ONCE_CELL_H
#define ANT_SYNC_ONCE_CELL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/future.h"
#include "core/permits.h"

typedef struct ant_once_cell {
    ant_permits permits; // one, to fill it; closed when it is full
    // fixed after init
    void *place;
    uint32_t value_bytes;
} ant_once_cell;

struct ant_once_cell_get_or_init {
    ant_future base;
    enum {
        ANT_ONCE_CELL_START,
        ANT_ONCE_CELL_FILLING, // this one has the permit and polls its future
    } state;
    ant_once_cell *cell;
    ant_future *inner;
    const char *name; // of the inner future, for the trace
    const void *output;
    uint32_t task; // that fills the cell
    ant_permits_claim claim;
};

// A cell that is ready at load time, for the variable `variable_`.
#define ANT_ONCE_CELL(name_, variable_)                                        \
    {                                                                          \
        .permits = ANT_PERMITS(ANT_RES_ONCE, name_, 1, 1),                     \
        .place = &(variable_), .value_bytes = sizeof(variable_),               \
    }

// Makes an empty cell for `variable`. The name, for the trace, and the variable
// must outlive it.
#define ant_once_cell_init(cell, name, variable)                               \
    ant__once_cell_init((cell), (name), &(variable), sizeof(variable),         \
                        __FILE__, __LINE__)

// Makes a cell whose variable has its value already.
#define ant_once_cell_init_with(cell, name, variable)                          \
    (ant_once_cell_init((cell), (name), variable),                             \
     ant_permits_close(&(cell)->permits))

// Nobody waits for it any more. The value stays where it is.
void ant_once_cell_deinit(ant_once_cell *cell);

// Where the value is; NULL when there is none yet.
const void *ant_once_cell_get(const ant_once_cell *cell);

// Is there a value?
bool ant_once_cell_is_initialized(const ant_once_cell *cell);

// Copies *value into the place. 0; -EEXIST when there is a value already;
// -EBUSY when somebody is about to fill the cell.
#define ant_once_cell_set(cell, value)                                         \
    ant__once_cell_set((cell), (value), sizeof *(value), __LINE__)

// A future that is READY when the cell is full: result 0. If it is empty, the
// first who comes polls `inner`, and *output, which the inner future wrote, is
// the value. A result of less than 0 is that of the inner future.
#define ant_once_cell_get_or_init(cell, inner, output)                         \
    ant__once_cell_get_or_init((cell), (inner), #inner, (output),              \
                               sizeof *(output), __LINE__)

void ant__once_cell_init(ant_once_cell *cell, const char *name, void *place,
                         uint32_t value_bytes, const char *file, uint32_t line);
ANT_MUST_USE int ant__once_cell_set(ant_once_cell *cell, const void *value,
                                    uint32_t value_bytes, uint32_t line);
ANT_MUST_USE struct ant_once_cell_get_or_init
ant__once_cell_get_or_init(ant_once_cell *cell, ant_future *inner,
                           const char *name, const void *output,
                           uint32_t value_bytes, uint32_t line);

#endif
