// SPDX-License-Identifier: MIT

#include "sched/local_queue.h"

#include "core/task_block.h"

#define MASK (ANT_LOCAL_QUEUE_MAX - 1)

_Static_assert((ANT_LOCAL_QUEUE_MAX & MASK) == 0, "a power of two");

typedef struct cursors {
    uint32_t steal;
    uint32_t real;
} cursors;

static cursors unpack(uint64_t head)
{
    return (cursors){ (uint32_t)(head >> 32), (uint32_t)head };
}

static uint64_t pack(uint32_t steal, uint32_t real)
{
    return (uint64_t)steal << 32 | real;
}

// The slots themselves are relaxed: head and tail order them.
static ant_task *slot_get(const ant_local_queue *queue, uint32_t at)
{
    return (ant_task *)ant_atomic_load(&queue->slot[at & MASK], ANT_RELAXED);
}

static void slot_set(ant_local_queue *queue, uint32_t at, ant_task *task)
{
    ant_atomic_store(&queue->slot[at & MASK], (uintptr_t)task, ANT_RELAXED);
}

static uint64_t head_get(const ant_local_queue *queue)
{
    // acquire: pairs with the release of a thief's second CAS in steal(), so
    // that the owner does not write over slots that are still being read.
    return ant_atomic_load(&queue->head, ANT_ACQUIRE);
}

// relaxed: only the owner writes the tail, and it is the owner that asks.
static uint32_t tail_own(const ant_local_queue *queue)
{
    return ant_atomic_load(&queue->tail, ANT_RELAXED);
}

static void tail_set(ant_local_queue *queue, uint32_t tail)
{
    // release: pairs with the acquire of the tail in claim().
    ant_atomic_store(&queue->tail, tail, ANT_RELEASE);
}

static bool head_swap(ant_local_queue *queue, uint64_t *seen, uint64_t next)
{
    // acq_rel: owner and thieves hand slots to each other through the head.
    return ant_atomic_cas(&queue->head, seen, next, ANT_ACQ_REL, ANT_ACQUIRE);
}

static void push_crowded(ant_local_queue *queue, ant_task *task,
                         ant_overflow_fn overflow, void *arg);
static bool push_overflow(ant_local_queue *queue, uint64_t head, ant_task *task,
                          ant_overflow_fn overflow, void *arg);
static uint32_t claim(ant_local_queue *from, uint32_t *ret_first);
static void unclaim(ant_local_queue *from);

void ant_local_queue_init(ant_local_queue *queue, bool is_shared)
{
    queue->is_shared = is_shared;
    ant_atomic_store(&queue->head, 0, ANT_RELAXED);
    ant_atomic_store(&queue->tail, 0, ANT_RELAXED);
}

static inline bool try_push(ant_local_queue *queue, ant_task *task)
{
    const uint32_t tail = tail_own(queue);
    if (tail - unpack(head_get(queue)).steal >= ANT_LOCAL_QUEUE_MAX)
        return false;
    slot_set(queue, tail, task);
    tail_set(queue, tail + 1);
    return true;
}

void ant_local_queue_push(ant_local_queue *queue, ant_task *task,
                          ant_overflow_fn overflow, void *arg)
{
    if (ANT_UNLIKELY(!try_push(queue, task)))
        push_crowded(queue, task, overflow, arg);
}

ANT_NOINLINE static void push_crowded(ant_local_queue *queue, ant_task *task,
                                      ant_overflow_fn overflow, void *arg)
{
    do {
        const uint64_t head = head_get(queue);
        const cursors at = unpack(head);
        if (tail_own(queue) - at.steal < ANT_LOCAL_QUEUE_MAX) continue;
        if (at.steal != at.real) {
            // A thief is making room right now: only this one goes elsewhere.
            task->link.next = NULL;
            overflow(task, task, 1, arg);
            return;
        }
        if (push_overflow(queue, head, task, overflow, arg)) return;
    } while (!try_push(queue, task));
}

// The ring is full and no thief is at it: empties it in one step, puts the
// older half back and sends the newer half away. False when a thief or nobody
// else changed the head first.
static bool push_overflow(ant_local_queue *queue, uint64_t head, ant_task *task,
                          ant_overflow_fn overflow, void *arg)
{
    const uint32_t half = ANT_LOCAL_QUEUE_MAX / 2;
    const uint32_t first = unpack(head).real;
    const uint32_t tail = tail_own(queue);
    ANT_ASSERT(tail - first == ANT_LOCAL_QUEUE_MAX);
    if (!head_swap(queue, &head, pack(tail, tail))) return false;

    // All slots are the owner's now. They keep their tasks; the older half is
    // published again where it would have come next.
    ant_task *chain = slot_get(queue, first + half);
    ant_task *last = chain;
    for (uint32_t i = half + 1; i < ANT_LOCAL_QUEUE_MAX; i++) {
        last->link.next = slot_get(queue, first + i);
        last = last->link.next;
    }
    last->link.next = task;
    task->link.next = NULL;
    // tail is a turn of the ring after first, so these are the same slots.
    tail_set(queue, tail + half);
    overflow(chain, task, half + 1, arg);
    return true;
}

ant_task *ant_local_queue_push_chain(ant_local_queue *queue, ant_task *first)
{
    uint32_t tail = tail_own(queue);
    const uint32_t end = unpack(head_get(queue)).steal + ANT_LOCAL_QUEUE_MAX;
    for (; first != NULL && tail != end; tail++) {
        slot_set(queue, tail, first);
        first = first->link.next;
    }
    tail_set(queue, tail); // from now on others may have them
    return first;
}

ant_task *ant_local_queue_pop(ant_local_queue *queue)
{
    uint64_t head = head_get(queue);
    for (;;) {
        const cursors at = unpack(head);
        if (at.real == tail_own(queue)) return NULL;
        const uint32_t real = at.real + 1;
        // While a thief copies, its start stays where it is.
        const uint32_t steal = at.steal == at.real ? real : at.steal;
        if (!queue->is_shared) {
            // relaxed: there is no thief.
            ant_atomic_store(&queue->head, pack(steal, real), ANT_RELAXED);
            return slot_get(queue, at.real);
        }
        if (head_swap(queue, &head, pack(steal, real)))
            return slot_get(queue, at.real);
    }
}

ant_task *ant_local_queue_steal(ant_local_queue *from, ant_local_queue *to,
                                void (*moved)(ant_task *task, void *arg),
                                void *arg)
{
    // Half of another's ring has to fit whatever happens to ours meanwhile.
    if (ant_local_queue_room(to) < ANT_LOCAL_QUEUE_MAX / 2) return NULL;
    uint32_t first;
    uint32_t count = claim(from, &first);
    if (count == 0) return NULL;

    const uint32_t tail = tail_own(to);
    for (uint32_t i = 0; i < count; i++)
        slot_set(to, tail + i, slot_get(from, first + i));
    unclaim(from);

    for (uint32_t i = 0; i < count; i++)
        moved(slot_get(to, tail + i), arg);
    ant_task *newest = slot_get(to, tail + count - 1);
    tail_set(to, tail + count - 1);
    return newest;
}

// Makes the older half of `from` the caller's: moves `real` past it and leaves
// `steal` where it was.
static uint32_t claim(ant_local_queue *from, uint32_t *ret_first)
{
    uint64_t head = head_get(from);
    for (;;) {
        const cursors at = unpack(head);
        // acquire: pairs with the release in tail_set().
        const uint32_t tail = ant_atomic_load(&from->tail, ANT_ACQUIRE);
        const uint32_t len = tail - at.real;
        if (at.steal != at.real || len == 0) return 0;
        if (len > ANT_LOCAL_QUEUE_MAX) { // head and tail of different moments
            head = head_get(from);
            continue;
        }
        const uint32_t count = len - len / 2;
        *ret_first = at.real;
        if (head_swap(from, &head, pack(at.steal, at.real + count)))
            return count;
    }
}

// The copy is done: the slots are the owner's again.
static void unclaim(ant_local_queue *from)
{
    uint64_t head = head_get(from);
    while (
        !head_swap(from, &head, pack(unpack(head).real, unpack(head).real))) {
    }
}

ant_task *ant_local_queue_peek(const ant_local_queue *queue, uint32_t i)
{
    ANT_ASSERT(i < ant_local_queue_len(queue));
    return slot_get(queue, unpack(head_get(queue)).real + i);
}

ant_task *ant_local_queue_take(ant_local_queue *queue, uint32_t i)
{
    ant_task *const task = ant_local_queue_peek(queue, i);
    const uint32_t first = unpack(head_get(queue)).real;
    for (; i > 0; i--)
        slot_set(queue, first + i, slot_get(queue, first + i - 1));
    slot_set(queue, first, task);
    return ant_local_queue_pop(queue);
}

uint32_t ant_local_queue_len(const ant_local_queue *queue)
{
    const uint32_t real = unpack(head_get(queue)).real;
    // acquire: for others than the owner, as in claim().
    const uint32_t tail = ant_atomic_load(&queue->tail, ANT_ACQUIRE);
    const uint32_t len = tail - real;
    return len <= ANT_LOCAL_QUEUE_MAX ? len : 0;
}

uint32_t ant_local_queue_room(const ant_local_queue *queue)
{
    return ANT_LOCAL_QUEUE_MAX -
           (tail_own(queue) - unpack(head_get(queue)).steal);
}
