// SPDX-License-Identifier: MIT

#include "chan/mpsc_queue.h"

#include "base/assert.h"
#include "base/mem.h"

// Blocks that an unbounded queue keeps for later.
#define SPARE_MAX 8u

// Spins before the receiver leaves the CPU to a sender that lost it.
#define SPIN_MAX 100u

static ant__mpsc_block *block_new(const ant__mpsc_queue *queue);
static ant__mpsc_block *spare_pop(ant__mpsc_queue *queue);
static bool spare_push(ant__mpsc_queue *queue, ant__mpsc_block *block);
static uint64_t values_before(const ant__mpsc_queue *queue, uint64_t position);
static uint64_t len_of(const ant__mpsc_queue *queue, uint64_t word,
                       uint64_t received);
static bool is_over(uint64_t word);
static void be_patient(unsigned spins);

int ant__mpsc_queue_init(ant__mpsc_queue *queue, size_t value_bytes,
                         uint64_t capacity)
{
    const bool is_bounded = capacity != UINT64_MAX;
    uint64_t len = is_bounded ? 1 : ANT_MPSC_BLOCK_LEN;
    while (is_bounded && len < capacity)
        len *= 2;
    // A value is aligned as far as its size tells, and so is the stamp.
    size_t align = sizeof(ant__mpsc_slot);
    if (value_bytes % _Alignof(max_align_t) == 0) align = _Alignof(max_align_t);
    *queue = (ant__mpsc_queue){
        .capacity = capacity,
        .mask = len - 1,
        .end = is_bounded ? UINT64_MAX : len - 1,
        .value_bytes = value_bytes,
        .value_at = align,
        .slot_bytes = align + (value_bytes + align - 1) / align * align,
    };
    queue->head = block_new(queue);
    if (queue->head == NULL) return -ENOMEM;
    ant_atomic_store(&queue->tail, (uintptr_t)queue->head, ANT_RELAXED);
    ant_os_mutex_init(&queue->lock);
    return 0;
}

void ant__mpsc_queue_deinit(ant__mpsc_queue *queue)
{
    while (queue->head != NULL) {
        ant__mpsc_block *block = queue->head;
        // relaxed: nobody else is left.
        queue->head =
            (ant__mpsc_block *)ant_atomic_load(&block->next, ANT_RELAXED);
        ant_mem_free(block);
    }
    while (queue->spare != NULL)
        ant_mem_free(spare_pop(queue));
    ant_os_mutex_deinit(&queue->lock);
}

// ---- Places ----

int ant__mpsc_room_again(ant__mpsc_queue *queue, uint64_t *seen, uint64_t *word,
                         uint64_t count)
{
    for (;;) { // goes round again only when something went on meanwhile
        if (*word & ANT_MPSC_CLOSED) return -EPIPE;
        if (*word & ANT_MPSC_WAITED) return -EAGAIN;
        // acquire: pairs with the exchange in ant__mpsc_release(). Before the
        // word, so that it is never ahead of the tail.
        *seen = ant_atomic_load(&queue->received, ANT_ACQUIRE);
        *word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
        if (*word & (ANT_MPSC_CLOSED | ANT_MPSC_WAITED)) continue;
        if (ant__mpsc_used(*word, *seen) + count <= queue->capacity) {
            // release: passes the receiver's release on to other senders.
            ant_atomic_store(&queue->received_seen, *seen, ANT_RELEASE);
            return 0;
        }
        // Full at the moment of the word, if nothing was taken since.
        if (ant_atomic_load(&queue->received, ANT_ACQUIRE) == *seen)
            return -EAGAIN;
    }
}

int ant__mpsc_hold(ant__mpsc_queue *queue, uint64_t count)
{
    // acquire: as in ant__mpsc_claim().
    uint64_t seen = ant_atomic_load(&queue->received_seen, ANT_ACQUIRE);
    uint64_t word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
    int err;
    do {
        err = ant__mpsc_room(queue, &seen, &word, count);
        // acq_rel: as in ant__mpsc_advance().
    } while (err == 0 && !ant_atomic_cas_weak(&queue->word, &word,
                                              word + count * ANT_MPSC_HELD_ONE,
                                              ANT_ACQ_REL, ANT_ACQUIRE));
    return err;
}

bool ant__mpsc_grant(ant__mpsc_queue *queue, uint64_t count)
{
    for (;;) { // until nothing happens between the look and the change
        // seq_cst: pairs with ant__mpsc_release(), which then looks at
        // is_waited; and the word is read behind it.
        const uint64_t received =
            ant_atomic_load(&queue->received, ANT_SEQ_CST);
        uint64_t word = ant_atomic_load(&queue->word, ANT_SEQ_CST);
        if (ant__mpsc_used(word, received) + count > queue->capacity)
            return false;
        // acq_rel: as in ant__mpsc_advance().
        if (ant_atomic_cas_weak(&queue->word, &word,
                                word + count * ANT_MPSC_HELD_ONE, ANT_ACQ_REL,
                                ANT_ACQUIRE))
            return true;
    }
}

uint64_t ant__mpsc_unhold(ant__mpsc_queue *queue, uint64_t count)
{
    const uint64_t change = count * ANT_MPSC_HELD_ONE;
    // acq_rel: as in ant__mpsc_advance().
    const uint64_t old = ant_atomic_sub(&queue->word, change, ANT_ACQ_REL);
    ANT_ASSERT(ant__mpsc_held(old) >= count);
    return old - change;
}

void ant__mpsc_mark_waited(ant__mpsc_queue *queue)
{
    ant_atomic_or(&queue->word, ANT_MPSC_WAITED, ANT_SEQ_CST);
    // seq_cst: pairs with the load in ant__mpsc_release().
    (void)ant_atomic_exchange(&queue->is_waited, 1, ANT_SEQ_CST);
}

void ant__mpsc_unmark_waited(ant__mpsc_queue *queue)
{
    // relaxed: until it is seen somebody looks for nothing.
    ant_atomic_store(&queue->is_waited, 0, ANT_RELAXED);
    ant_atomic_and(&queue->word, ~(uint64_t)ANT_MPSC_WAITED, ANT_ACQ_REL);
}

uint64_t ant__mpsc_set(ant__mpsc_queue *queue, uint64_t flags)
{
    // acq_rel: as in ant__mpsc_advance().
    return ant_atomic_or(&queue->word, flags, ANT_ACQ_REL);
}

uint64_t ant__mpsc_free_count(const ant__mpsc_queue *queue)
{
    // acquire: never ahead of the word that is read behind it.
    const uint64_t seen = ant_atomic_load(&queue->received, ANT_ACQUIRE);
    const uint64_t word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
    const uint64_t used = ant__mpsc_used(word, seen);
    const bool is_full = (word & ANT_MPSC_WAITED) || used > queue->capacity;
    return is_full ? 0 : queue->capacity - used;
}

// ---- The receiver ----

int ant__mpsc_look(ant__mpsc_queue *queue, ant__mpsc_slot **ret_slot)
{
    ant__mpsc_slot *slot = ant__mpsc_front(queue);
    if (slot == NULL) {
        // acquire: pairs with the claims.
        const uint64_t word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
        if (len_of(queue, word, queue->position) == 0)
            return is_over(word) ? -EPIPE : -EAGAIN;
    }
    // It is on its way, or has just come: its sender stands between claim and
    // publish, and is there in a moment, or when the system gives it the CPU
    // back.
    for (unsigned spins = 0; slot == NULL; spins++) {
        slot = ant__mpsc_front(queue);
        if (slot == NULL) be_patient(spins);
    }
    *ret_slot = slot;
    return 0;
}

bool ant__mpsc_listen(ant__mpsc_queue *queue, uintptr_t who)
{
    ANT_ASSERT(ant__mpsc_listener(queue) == 0);
    // relaxed: the flag passes it on.
    ant_atomic_store(&queue->listener, who, ANT_RELAXED);
    const uint64_t word = ant__mpsc_set(queue, ANT_MPSC_LISTENING);
    return len_of(queue, word, queue->position) > 0 || is_over(word);
}

bool ant__mpsc_unlisten(ant__mpsc_queue *queue)
{
    if (!ant__mpsc_is_listening(queue)) return false;
    // acq_rel: as in ant__mpsc_advance().
    const uint64_t old = ant_atomic_and(
        &queue->word, ~(uint64_t)ANT_MPSC_LISTENING, ANT_ACQ_REL);
    return (old & ANT_MPSC_LISTENING) != 0;
}

void ant__mpsc_listener_await(ant__mpsc_queue *queue)
{
    // acquire: pairs with the release in ant__mpsc_listener_done().
    for (unsigned spins = 0;
         ant_atomic_load(&queue->listener, ANT_ACQUIRE) != 0; spins++)
        be_patient(spins);
}

// It is a matter of a few instructions of another thread, unless the system has
// taken the CPU from that one.
static void be_patient(unsigned spins)
{
    if (spins < SPIN_MAX)
        ant_os_cpu_relax();
    else
        ant_os_yield();
}

uint64_t ant__mpsc_queue_left(const ant__mpsc_queue *queue)
{
    // acquire: pairs with the claims.
    const uint64_t word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
    return len_of(queue, word, queue->position);
}

uint64_t ant__mpsc_queue_len(const ant__mpsc_queue *queue)
{
    // acquire: never ahead of the word that is read behind it.
    const uint64_t received = ant_atomic_load(&queue->received, ANT_ACQUIRE);
    const uint64_t word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
    const uint64_t len = len_of(queue, word, received);
    // What was taken and sent again between the two counts once.
    return len < queue->capacity ? len : queue->capacity;
}

static uint64_t len_of(const ant__mpsc_queue *queue, uint64_t word,
                       uint64_t received)
{
    const uint64_t more = (ant__mpsc_tail(word) - received) & ANT_MPSC_TAIL_MAX;
    return values_before(queue, received + more) -
           values_before(queue, received);
}

// The END of each block is a position without a value.
static uint64_t values_before(const ant__mpsc_queue *queue, uint64_t position)
{
    const bool has_ends = queue->end == queue->mask;
    return has_ends ? position - position / (queue->mask + 1) : position;
}

// Nothing will be sent any more.
static bool is_over(uint64_t word)
{
    const bool is_ending = (word & (ANT_MPSC_CLOSED | ANT_MPSC_TX_GONE)) != 0;
    return is_ending && ant__mpsc_held(word) == 0;
}

// ---- The blocks of an unbounded queue ----

// The tail stands at the END: puts a block behind, unless somebody else was
// first. 0 or -ENOMEM.
int ant__mpsc_next_block(ant__mpsc_queue *queue)
{
    int err = 0;
    ant_os_mutex_lock(&queue->lock);
    const uint64_t word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
    if ((ant__mpsc_tail(word) & queue->mask) == queue->end) {
        ant__mpsc_block *fresh = spare_pop(queue);
        if (fresh == NULL) fresh = block_new(queue);
        if (fresh != NULL) {
            ant__mpsc_block *last =
                (ant__mpsc_block *)ant_atomic_load(&queue->tail, ANT_RELAXED);
            // release: pairs with the acquire in ant__mpsc_leave_block(), and
            // below with that in ant__mpsc_advance().
            ant_atomic_store(&last->next, (uintptr_t)fresh, ANT_RELEASE);
            ant_atomic_store(&queue->tail, (uintptr_t)fresh, ANT_RELEASE);
            // release: whoever sees the tail move sees its block.
            ant_atomic_add(&queue->word, ANT_MPSC_TAIL_ONE, ANT_ACQ_REL);
        } else {
            err = -ENOMEM;
        }
    }
    ant_os_mutex_unlock(&queue->lock);
    return err;
}

// The receiver stands at the END: goes to the next block, if there is one. No
// sender is in the old one: the last who wrote there was received.
bool ant__mpsc_leave_block(ant__mpsc_queue *queue)
{
    ant__mpsc_block *old = queue->head;
    // acquire: pairs with the release in ant__mpsc_next_block().
    const uintptr_t next = ant_atomic_load(&old->next, ANT_ACQUIRE);
    if (next == 0) return false;
    queue->head = (ant__mpsc_block *)next;
    queue->position++;
    if (!spare_push(queue, old)) ant_mem_free(old);
    return true;
}

static ant__mpsc_block *block_new(const ant__mpsc_queue *queue)
{
    const uint64_t len = queue->mask + 1;
    return ant_mem_alloc(sizeof(ant__mpsc_block) +
                         (size_t)len * queue->slot_bytes);
}

// Under the lock. NULL when there is none.
static ant__mpsc_block *spare_pop(ant__mpsc_queue *queue)
{
    ant__mpsc_block *block = queue->spare;
    if (block == NULL) return NULL;
    queue->spare =
        (ant__mpsc_block *)ant_atomic_load(&block->next, ANT_RELAXED);
    queue->spare_count--;
    ant_atomic_store(&block->next, 0, ANT_RELAXED);
    return block;
}

// False when there are enough. Old stamps go: one might come true again when
// the tail has turned over.
static bool spare_push(ant__mpsc_queue *queue, ant__mpsc_block *block)
{
    for (uint64_t i = 0; i <= queue->mask; i++)
        ant_atomic_store(&ant__mpsc_slot_at(queue, block, i)->stamp, 0,
                         ANT_RELAXED);
    ant_os_mutex_lock(&queue->lock);
    const bool is_kept = queue->spare_count < SPARE_MAX;
    if (is_kept) {
        ant_atomic_store(&block->next, (uintptr_t)queue->spare, ANT_RELAXED);
        queue->spare = block;
        queue->spare_count++;
    }
    ant_os_mutex_unlock(&queue->lock);
    return is_kept;
}
