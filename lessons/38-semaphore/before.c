// SPDX-License-Identifier: MIT
//
// Ten files from a server that allows three connections. Here a permit comes
// before the task that needs it. How many tasks are there at a time?

#include <antfarm.h>
#include <stdio.h>

#define FILES 10

static ant_semaphore server = ANT_SEMAPHORE("server", 3); // connections
static int loaded;

// async fn download(): has a connection, and gives it back after 100 ms.
struct download {
    ant_future base;
    enum { DOWNLOAD_START, DOWNLOAD_LOADING } state;
    struct ant_sleep load;
};

ANT_ASYNC(download)
{
    switch (self->state) {
    case DOWNLOAD_START:
        self->load = ant_sleep(100);
        return ANT_NEXT(DOWNLOAD_LOADING);

    case DOWNLOAD_LOADING:
        ANT_AWAIT(self->load);
        loaded++;
        ant_semaphore_release(&server, 1);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(download)

// async fn mirror(): a file gets its task when there is a connection for it.
struct mirror {
    ant_future base;
    enum { MIRROR_START, MIRROR_ACQUIRING, MIRROR_ENDING } state;
    int file;
    struct ant_semaphore_acquire permit;
};

ANT_ASYNC(mirror)
{
    struct ant_join_handle task;
    switch (self->state) {
    case MIRROR_START:
        self->permit = ant_semaphore_acquire(&server);
        return ANT_NEXT(MIRROR_ACQUIRING);

        //@ begin spawn
    case MIRROR_ACQUIRING:
        ANT_AWAIT(self->permit);
        task = ant_spawn(download()); // it has the permit now
        ant_task_detach(&task);
        if (++self->file < FILES) return ANT_NEXT(MIRROR_START);
        self->permit = ant_semaphore_acquire_many(&server, 3);
        return ANT_NEXT(MIRROR_ENDING);

    case MIRROR_ENDING:
        ANT_AWAIT(self->permit); // all are back, so all are done
        printf("%d files\n", loaded);
        return ANT_READY;
        //@ end spawn
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(mirror)
ANT_MAIN(mirror)
