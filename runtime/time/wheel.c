// SPDX-License-Identifier: MIT

#include "time/wheel.h"

#include <stdbool.h>

#include "base/assert.h"

// Timers of a slot that ant_wheel_next_ns looks at. With more than that it
// names the slot's first tick instead, at which they fall a level.
#define LOOK_MAX 16

_Static_assert(UINT64_MAX / ANT_WHEEL_NS_PER_TICK >>
                       (ANT_WHEEL_LEVELS * ANT_WHEEL_SLOT_BITS) ==
                   0,
               "the levels hold every tick");

// A slot and the first of its ticks.
typedef struct slot_place {
    unsigned level;
    unsigned slot;
    uint64_t first_tick;
} slot_place;

static void place(ant_wheel *wheel, ant_timer *timer);
static unsigned level_of(const ant_wheel *wheel, uint64_t tick);
static unsigned slot_of(uint64_t tick, unsigned level);
static bool find_first(const ant_wheel *wheel, slot_place *ret_place);
static uint64_t earliest_tick(const ant_wheel *wheel, const slot_place *at);
static uint64_t tick_of_deadline(const ant_wheel *wheel, uint64_t deadline_ns);
static uint64_t tick_of_now(const ant_wheel *wheel, uint64_t now_ns);
static uint64_t ns_of_tick(const ant_wheel *wheel, uint64_t tick);
static ant_timer *timer_of(ant_list *link);

void ant_wheel_init(ant_wheel *wheel, uint64_t now_ns)
{
    *wheel = (ant_wheel){ .start_ns = now_ns };
    for (unsigned level = 0; level < ANT_WHEEL_LEVELS; level++) {
        for (unsigned slot = 0; slot < ANT_WHEEL_SLOTS; slot++) {
            ant_list_init(&wheel->slots[level][slot]);
        }
    }
}

void ant_wheel_insert(ant_wheel *wheel, ant_timer *timer, uint64_t deadline_ns)
{
    uint64_t tick = tick_of_deadline(wheel, deadline_ns);
    timer->tick = tick > wheel->now_tick ? tick : wheel->now_tick;
    place(wheel, timer);
}

void ant_wheel_remove(ant_wheel *wheel, ant_timer *timer)
{
    ant_list_remove(&timer->link);

    // Of a timer that was already due this may be a slot in which it never
    // was; the bit stays true to the slot all the same.
    unsigned level = level_of(wheel, timer->tick);
    unsigned slot = slot_of(timer->tick, level);
    if (ant_list_is_empty(&wheel->slots[level][slot])) {
        wheel->occupied[level] &= ~(UINT64_C(1) << slot);
    }
}

uint64_t ant_wheel_due_ns(const ant_wheel *wheel, const ant_timer *timer)
{
    return ns_of_tick(wheel, timer->tick);
}

uint64_t ant_wheel_next_ns(const ant_wheel *wheel)
{
    slot_place first;
    if (!find_first(wheel, &first)) return ANT_NS_NEVER;
    return ns_of_tick(wheel, earliest_tick(wheel, &first));
}

void ant_wheel_advance(ant_wheel *wheel, uint64_t now_ns, ant_list *due)
{
    uint64_t now_tick = tick_of_now(wheel, now_ns);
    if (now_tick < wheel->now_tick) now_tick = wheel->now_tick;

    // Each turn empties the slot that comes first. Timers only ever fall, so
    // this ends.
    slot_place first;
    while (find_first(wheel, &first) && first.first_tick <= now_tick) {
        ANT_ASSERT(first.first_tick >= wheel->now_tick);
        wheel->now_tick = first.first_tick;
        wheel->occupied[first.level] &= ~(UINT64_C(1) << first.slot);

        ant_list timers;
        ant_list_init(&timers);
        ant_list_append(&timers, &wheel->slots[first.level][first.slot]);
        if (first.level == 0) {
            ant_list_append(due, &timers);
            continue;
        }
        while (!ant_list_is_empty(&timers)) {
            place(wheel, timer_of(ant_list_pop_front(&timers)));
        }
    }
    wheel->now_tick = now_tick;
}

// Puts a timer into the slot where it waits. A slot is in the order of arming:
// what falls into it came earlier than what is put into it directly, since
// nothing is as long as the slot above it lies ahead.
static void place(ant_wheel *wheel, ant_timer *timer)
{
    ANT_ASSERT(timer->tick >= wheel->now_tick);
    unsigned level = level_of(wheel, timer->tick);
    unsigned slot = slot_of(timer->tick, level);
    ant_list_push_back(&wheel->slots[level][slot], &timer->link);
    wheel->occupied[level] |= UINT64_C(1) << slot;
}

// The highest digit in which the tick differs from now. It stays the same while
// the timer waits: time that has not reached the slot has all higher digits in
// common with it.
static unsigned level_of(const ant_wheel *wheel, uint64_t tick)
{
    uint64_t difference = wheel->now_tick ^ tick;
    if (difference == 0) return 0;
    unsigned highest_bit = 63 - (unsigned)__builtin_clzll(difference);
    ANT_ASSERT(highest_bit / ANT_WHEEL_SLOT_BITS < ANT_WHEEL_LEVELS);
    return highest_bit / ANT_WHEEL_SLOT_BITS;
}

static unsigned slot_of(uint64_t tick, unsigned level)
{
    return (tick >> (level * ANT_WHEEL_SLOT_BITS)) & (ANT_WHEEL_SLOTS - 1);
}

// The slot whose ticks come first: all of a level lie before those of the next
// level up, and no slot lies behind now.
static bool find_first(const ant_wheel *wheel, slot_place *ret_place)
{
    for (unsigned level = 0; level < ANT_WHEEL_LEVELS; level++) {
        if (wheel->occupied[level] == 0) continue;

        unsigned slot = (unsigned)__builtin_ctzll(wheel->occupied[level]);
        unsigned bits = level * ANT_WHEEL_SLOT_BITS;
        uint64_t turn = wheel->now_tick >> bits >> ANT_WHEEL_SLOT_BITS;
        uint64_t number = turn << ANT_WHEEL_SLOT_BITS | slot;
        *ret_place = (slot_place){ level, slot, number << bits };
        return true;
    }
    return false;
}

// The earliest tick of a slot's timers, or a lower bound when they are many.
static uint64_t earliest_tick(const ant_wheel *wheel, const slot_place *at)
{
    if (at->level == 0) return at->first_tick;

    const ant_list *slot = &wheel->slots[at->level][at->slot];
    uint64_t earliest = UINT64_MAX;
    unsigned count = 0;
    for (ant_list *link = slot->next; link != slot; link = link->next) {
        if (++count > LOOK_MAX) return at->first_tick;
        uint64_t tick = timer_of(link)->tick;
        if (tick < earliest) earliest = tick;
    }
    return earliest;
}

static uint64_t tick_of_deadline(const ant_wheel *wheel, uint64_t deadline_ns)
{
    if (deadline_ns <= wheel->start_ns) return 0;
    // Rounded up, without the sum that could overflow.
    return (deadline_ns - wheel->start_ns - 1) / ANT_WHEEL_NS_PER_TICK + 1;
}

static uint64_t tick_of_now(const ant_wheel *wheel, uint64_t now_ns)
{
    if (now_ns <= wheel->start_ns) return 0;
    return (now_ns - wheel->start_ns) / ANT_WHEEL_NS_PER_TICK;
}

// The moment a tick begins; a tick behind the end of time is never.
static uint64_t ns_of_tick(const ant_wheel *wheel, uint64_t tick)
{
    uint64_t tick_max =
        (ANT_NS_NEVER - wheel->start_ns) / ANT_WHEEL_NS_PER_TICK;
    if (tick > tick_max) return ANT_NS_NEVER;
    return wheel->start_ns + tick * ANT_WHEEL_NS_PER_TICK;
}

static ant_timer *timer_of(ant_list *link)
{
    return ANT_CONTAINER_OF(link, ant_timer, link);
}
