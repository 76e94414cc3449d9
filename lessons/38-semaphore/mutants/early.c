// SPDX-License-Identifier: MIT
//
// A wrong solution: a permit is given back before the file is loaded.

#include <antfarm.h>

#define FILES       24
#define CONNECTIONS 4

static ant_semaphore server = ANT_SEMAPHORE("server", CONNECTIONS);
static int loaded;

// async fn download(file): has a connection, and gives it back.
struct download {
    ant_future base;
    enum { DOWNLOAD_START, DOWNLOAD_LOADING } state;
    int file;
    struct ant_sleep load;
};

ANT_ASYNC(download)
{
    switch (self->state) {
    case DOWNLOAD_START:
        ant_semaphore_release(&server, 1);
        self->load = ant_sleep(self->file % 4 == 0 ? 250 : 50);
        return ANT_NEXT(DOWNLOAD_LOADING);

    case DOWNLOAD_LOADING:
        ANT_AWAIT(self->load);
        loaded++;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct download download(int file)
{
    return (struct download){ ANT_INIT(download), .file = file };
}

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

    case MIRROR_ACQUIRING:
        ANT_AWAIT(self->permit);
        task = ant_spawn(download(self->file)); // it has the permit now
        ant_task_detach(&task);
        if (++self->file < FILES) return ANT_NEXT(MIRROR_START);
        self->permit = ant_semaphore_acquire_many(&server, CONNECTIONS);
        return ANT_NEXT(MIRROR_ENDING);

    case MIRROR_ENDING:
        ANT_AWAIT(self->permit); // all are back, so all are done
        ant_note("%d files", loaded);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(mirror)
ANT_MAIN(mirror)
