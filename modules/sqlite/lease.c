// SPDX-License-Identifier: MIT
//
// Connections come and go: lent to whoever has a permit, counted while jobs and
// a transaction use them, and given back by the last. What may block then, a
// rollback or the closing of the file, is a chore of the blocking pool; where
// there is none any more, or no memory for it, it is done on the spot.

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "core/driver.h"
#include "sqlite/sqlite_impl.h"

#define CONNECTION_COUNT_DEFAULT 4
#define BUSY_MS_DEFAULT          5000

// One of the two is set.
typedef struct chore {
    ant_job job; // first
    ant__sqlite_connection *to_clean;
    ant__sqlite_pool *to_free;
} chore;

static void begin_chore(const char *name, const chore *todo);
static int do_chore(ant_job *job);
static void deinit_chore(ant_job *job);
static void give_back(ant__sqlite_connection *connection);
static void free_pool(ant__sqlite_pool *pool);

// ---- The pool ----

static uint32_t or_else(uint32_t value, uint32_t normal)
{
    return value > 0 ? value : normal;
}

int ant__sqlite_pool_new(const ant_sqlite_desc *desc,
                         ant__sqlite_pool **ret_pool)
{
    const bool is_memory = strcmp(desc->path, ":memory:") == 0;
    // Each connection to memory would see another one.
    const uint32_t count =
        is_memory ? 1 : or_else(desc->connection_max, CONNECTION_COUNT_DEFAULT);
    ant__sqlite_pool *pool =
        ant_mem_alloc(sizeof *pool + count * sizeof pool->connection[0]);
    const size_t size = strlen(desc->path) + 1;
    char *path = ant_mem_alloc(size);
    if (pool == NULL || path == NULL) {
        ant_mem_free(pool);
        ant_mem_free(path);
        return -ENOMEM;
    }
    memcpy(path, desc->path, size);
    const char *slash = strrchr(path, '/');
    const char *last = slash != NULL ? slash + 1 : path;
    (void)snprintf(pool->name, sizeof pool->name, "%s connections",
                   desc->name != NULL ? desc->name : last);
    pool->path = path;
    pool->must_exist = desc->must_exist;
    pool->is_read_only = desc->is_read_only;
    pool->busy_ms = or_else(desc->busy_ms, BUSY_MS_DEFAULT);
    pool->connection_count = count;
    ant_semaphore_init(&pool->permits, pool->name, count);
    ant_os_mutex_init(&pool->lock);
    ant_list_init(&pool->free);
    ant_atomic_store(&pool->refs, 1, ANT_RELAXED);
    for (uint32_t i = 0; i < count; i++) {
        ant__sqlite_connection *connection = &pool->connection[i];
        connection->pool = pool;
        connection->turn = (ant_thread_mutex)ANT_THREAD_MUTEX("connection");
        ant_list_push_back(&pool->free, &connection->free);
    }
    *ret_pool = pool;
    return 0;
}

void ant__sqlite_pool_ref(ant__sqlite_pool *pool)
{
    ant_atomic_add(&pool->refs, 1, ANT_RELAXED);
}

void ant__sqlite_pool_unref(ant__sqlite_pool *pool)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&pool->refs, 1, ANT_ACQ_REL) != 1) return;
    bool is_open = false;
    for (uint32_t i = 0; i < pool->connection_count; i++)
        is_open = is_open || pool->connection[i].db != NULL;
    if (is_open)
        begin_chore("close database", &(chore){ .to_free = pool });
    else
        free_pool(pool);
}

static void free_pool(ant__sqlite_pool *pool)
{
    for (uint32_t i = 0; i < pool->connection_count; i++) {
        ant__sqlite_shut(&pool->connection[i]);
        ant_thread_mutex_deinit(&pool->connection[i].turn);
    }
    ant_semaphore_deinit(&pool->permits);
    ant_os_mutex_deinit(&pool->lock);
    ant_mem_free(pool->path);
    ant_mem_free(pool);
}

// ---- Connections ----

ant__sqlite_connection *ant__sqlite_lend(ant__sqlite_pool *pool,
                                         uint32_t permit_count, uint32_t task)
{
    ant__sqlite_pool_ref(pool);
    ant_os_mutex_lock(&pool->lock);
    ant_list *first = ant_list_pop_front(&pool->free);
    ant_os_mutex_unlock(&pool->lock);
    ANT_ASSERT(first != NULL); // there are as many as permits
    ant__sqlite_connection *connection =
        ANT_CONTAINER_OF(first, ant__sqlite_connection, free);
    connection->task = task;
    connection->permit_count = permit_count;
    ant_atomic_store(&connection->refs, 1, ANT_RELAXED);
    return connection;
}

void ant__sqlite_connection_ref(ant__sqlite_connection *connection)
{
    ant_atomic_add(&connection->refs, 1, ANT_RELAXED);
}

void ant__sqlite_connection_unref(ant__sqlite_connection *connection)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&connection->refs, 1, ANT_ACQ_REL) != 1) return;
    connection->is_in_tx = false;
    if (connection->db != NULL && !sqlite3_get_autocommit(connection->db))
        begin_chore("rollback", &(chore){ .to_clean = connection });
    else
        give_back(connection);
}

static void give_back(ant__sqlite_connection *connection)
{
    ant__sqlite_pool *pool = connection->pool;
    const uint32_t task = connection->task;
    const uint32_t count = connection->permit_count;
    ant_os_mutex_lock(&pool->lock);
    ant_list_push_front(&pool->free, &connection->free);
    ant_os_mutex_unlock(&pool->lock);
    const int err = ant_permits_release(&pool->permits.permits, task, count);
    ANT_ASSERT(err == 0);
    ant__sqlite_pool_unref(pool);
}

// ---- Chores ----

static void act(const chore *todo)
{
    if (todo->to_free != NULL) {
        free_pool(todo->to_free);
        return;
    }
    ant__sqlite_clean(todo->to_clean);
    give_back(todo->to_clean);
}

static void begin_chore(const char *name, const chore *todo)
{
    chore *shared =
        ant__driver_here() != NULL ? ant__job_new(sizeof *shared) : NULL;
    if (shared == NULL) {
        act(todo);
        return;
    }
    shared->job.deinit = deinit_chore;
    shared->to_clean = todo->to_clean;
    shared->to_free = todo->to_free;
    struct ant_join_handle handle =
        ant__job_start(&shared->job, do_chore, name);
    ant__job_leave(&shared->job, &handle);
}

static int do_chore(ant_job *job)
{
    chore *todo = (chore *)(void *)job;
    act(todo);
    todo->to_clean = NULL;
    todo->to_free = NULL;
    return 0;
}

// One that the runtime refused is done by whoever is last.
static void deinit_chore(ant_job *job)
{
    const chore *todo = (const chore *)(const void *)job;
    if (todo->to_clean != NULL || todo->to_free != NULL) act(todo);
}
