// SPDX-License-Identifier: MIT
//
// An "async trait": a table of functions that return boxed futures, so that the
// caller does not know which kind of repository it talks to.

#include <antfarm.h>
#include <stdio.h>

typedef struct user {
    int id;
    char name[16];
} user;

typedef struct repository repository;

struct repository {
    ant_box_future (*find_by_id)(repository *self, int id, user *ret_user);
    ant_box_future (*save)(repository *self, const user *new_user);
};

// ---- A repository in memory, as slow as a database ----

typedef struct memory_repository {
    repository base;
    user stored;
} memory_repository;

struct memory_find {
    ant_future base;
    memory_repository *repository;
    int id;
    user *ret_user;
    struct ant_sleep sleep;
};

ANT_ASYNC(memory_find)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(10);
    ANT_AWAIT(self->sleep);
    if (self->repository->stored.id != self->id) return ANT_FAIL(-ENOENT);
    *self->ret_user = self->repository->stored;
    return ANT_READY;
}

struct memory_save {
    ant_future base;
    memory_repository *repository;
    user user;
    struct ant_sleep sleep;
};

ANT_ASYNC(memory_save)
{
    if (ANT_BEGINS(self->sleep)) self->sleep = ant_sleep(10);
    ANT_AWAIT(self->sleep);
    self->repository->stored = self->user;
    return ANT_READY;
}

static ant_box_future memory_find_by_id(repository *self, int id,
                                        user *ret_user)
{
    memory_repository *memory = ANT_CONTAINER_OF(self, memory_repository, base);
    return ant_box(ANT_FUTURE(memory_find, .repository = memory, .id = id,
                              .ret_user = ret_user));
}

static ant_box_future memory_save_user(repository *self, const user *new_user)
{
    memory_repository *memory = ANT_CONTAINER_OF(self, memory_repository, base);
    return ant_box(
        ANT_FUTURE(memory_save, .repository = memory, .user = *new_user));
}

static memory_repository the_memory = {
    .base = { .find_by_id = memory_find_by_id, .save = memory_save_user },
};

// ---- Whoever uses one ----

struct app {
    ant_future base;
    enum { APP_START, APP_SAVING, APP_FINDING, APP_MISSING } state;
    repository *users;
    user found;
    ant_box_future call;
};

ANT_ASYNC(app)
{
    const user alice = { .id = 1, .name = "Alice" };
    switch (self->state) {
    case APP_START:
        self->call = self->users->save(self->users, &alice);
        return ANT_NEXT(APP_SAVING);
    case APP_SAVING:
        ANT_AWAIT(self->call);
        self->call = self->users->find_by_id(self->users, 1, &self->found);
        return ANT_NEXT(APP_FINDING);
    case APP_FINDING:
        ANT_AWAIT(self->call);
        if (self->call.base.result < 0) return ANT_FAIL(self->call.base.result);
        printf("User %d: %s\n", self->found.id, self->found.name);
        self->call = self->users->find_by_id(self->users, 2, &self->found);
        return ANT_NEXT(APP_MISSING);
    case APP_MISSING:
        ANT_AWAIT(self->call);
        printf("User 2: %s\n", ant_err_text(self->call.base.result));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app), .users = &the_memory.base };
}

ANT_MAIN(app)
