// SPDX-License-Identifier: MIT
//
// Makes every picture of a folder half as large. Three kinds of tasks stand in
// a row: one reads files, two have pictures shrunk on the blocking pool, one
// writes files. Between them are short queues, and a picture needs one of six
// places to be in; so a slow disk slows the reader down, and memory never
// grows. Tokio: tokio::fs, spawn_blocking and bounded channels.
//
//   PICTURES_FROM=photos PICTURES_TO=small build/examples/pipeline/pictures
//
// Without these it makes six pictures of its own. It knows one format, PPM: a
// line "P6", a line with the width and the height, a line "255", then three
// bytes for each point.

#include <antfarm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLACES    6 // pictures that are under way
#define SHRINKERS 2
#define QUEUE_MAX 1 // pictures that wait between two tasks
#define SIDE_MAX  1024
#define OUT_MAX   (32 + SIDE_MAX / 2 * SIDE_MAX / 2 * 3)

// A picture and the place that it is in. Whoever has its number may touch it.
typedef struct picture {
    char name[64];
    ant_text file; // as it was read
    size_t len;
    unsigned char out[OUT_MAX]; // as it will be written
} picture;

// They outlive every task, so that a job may go on with one.
static picture place[PLACES];

typedef struct path {
    char text[160];
} path;

static path in_folder(const char *folder, const char *name)
{
    path made;
    (void)snprintf(made.text, sizeof made.text, "%s/%s", folder, name);
    return made;
}

// ---- A picture, half as large: plain C, on the blocking pool ----

// The average of four points, as their color is seen.
static void halve(const unsigned char *from, unsigned width, unsigned height,
                  unsigned char *to)
{
    for (unsigned y = 0; y + 1 < height; y += 2) {
        for (unsigned x = 0; x + 1 < width; x += 2) {
            const unsigned char *at = from + ((size_t)y * width + x) * 3;
            const unsigned char *below = at + (size_t)width * 3;
            for (int c = 0; c < 3; c++) {
                const int sum = at[c] + at[c + 3] + below[c] + below[c + 3];
                *to++ = (unsigned char)((sum + 2) / 4);
            }
        }
    }
}

// 0, or -EILSEQ when this is no picture, -EFBIG when it is too large.
static int shrink(void *arg)
{
    picture *p = arg;
    unsigned width;
    unsigned height;
    int head = 0;
    const int found =
        sscanf(p->file.bytes, "P6 %u %u 255%n", &width, &height, &head);
    if (found != 2 || head == 0) return -EILSEQ;
    if (width > SIDE_MAX || height > SIDE_MAX) return -EFBIG;
    const size_t points = (size_t)width * height;
    if (p->file.len != (size_t)head + 1 + points * 3) return -EILSEQ;

    const int len =
        snprintf((char *)p->out, 32, "P6\n%u %u\n255\n", width / 2, height / 2);
    halve((const unsigned char *)p->file.bytes + head + 1, width, height,
          p->out + len);
    p->len = (size_t)len + (size_t)(width / 2) * (height / 2) * 3;
    return 0;
}

// ---- async fn reader(): a place, a file, and on to a shrinker ----

struct reader {
    ant_future base;
    enum {
        READER_START,
        READER_LISTING,
        READER_TAKING_PLACE,
        READER_READING,
        READER_SENDING,
    } state;
    const char *folder;
    ant_mpsc_rx empty;
    ant_mpsc_tx out[SHRINKERS];
    ant_dir dir;
    size_t next;
    int number;
    path path;
    struct ant_file_op op;
    struct ant_mpsc_recv take;
    struct ant_mpsc_send send;
};

static void reader_end(struct reader *self)
{
    ant_dir_free(&self->dir);
    ant_mpsc_rx_drop(&self->empty);
    for (int i = 0; i < SHRINKERS; i++)
        ant_mpsc_tx_drop(&self->out[i]);
}

ANT_ASYNC_WITH_DROP(reader)
{
    picture *p = &place[self->number];
    switch (self->state) {
    case READER_START:
        self->op = ant_fs_read_dir(self->folder, &self->dir);
        return ANT_NEXT(READER_LISTING);

    case READER_LISTING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->take = ant_mpsc_recv(&self->empty, &self->number);
        return ANT_NEXT(READER_TAKING_PLACE);

    case READER_TAKING_PLACE:
        ANT_AWAIT(self->take);
        if (self->take.base.result < 0 || self->next == self->dir.count) {
            reader_end(self);
            return ANT_READY;
        }
        p = &place[self->number]; // it came just now
        (void)snprintf(p->name, sizeof p->name, "%s",
                       self->dir.entry[self->next++].path);
        self->path = in_folder(self->folder, p->name);
        self->op = ant_fs_read_to_string(self->path.text, &p->file);
        return ANT_NEXT(READER_READING);

    case READER_READING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->send =
            ant_mpsc_send(&self->out[self->next % SHRINKERS], &self->number);
        return ANT_NEXT(READER_SENDING);

    case READER_SENDING:
        ANT_AWAIT(self->send);
        self->take = ant_mpsc_recv(&self->empty, &self->number);
        return ANT_NEXT(READER_TAKING_PLACE);
    }
    ANT_UNREACHABLE();
}

static void reader_drop(struct reader *self)
{
    ant_future_drop(&self->op.base);
    ant_future_drop(&self->take.base);
    ant_future_drop(&self->send.base);
    reader_end(self);
}

// ---- async fn shrinker(): has pictures made smaller ----

struct shrinker {
    ant_future base;
    enum {
        SHRINKER_START,
        SHRINKER_WAITING,
        SHRINKER_WORKING,
        SHRINKER_SENDING,
    } state;
    int number;
    ant_mpsc_rx in;
    ant_mpsc_tx out;
    struct ant_mpsc_recv recv;
    struct ant_join_handle job;
    struct ant_mpsc_send send;
};

static void shrinker_end(struct shrinker *self)
{
    ant_mpsc_rx_drop(&self->in);
    ant_mpsc_tx_drop(&self->out);
}

ANT_ASYNC_WITH_DROP(shrinker)
{
    picture *p = &place[self->number];
    switch (self->state) {
    case SHRINKER_START:
        self->recv = ant_mpsc_recv(&self->in, &self->number);
        return ANT_NEXT(SHRINKER_WAITING);

    case SHRINKER_WAITING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) { // the reader is done
            shrinker_end(self);
            return ANT_READY;
        }
        self->job = ant_spawn_blocking(shrink, &place[self->number]);
        return ANT_NEXT(SHRINKER_WORKING);

    case SHRINKER_WORKING:
        ANT_AWAIT(self->job);
        ant_text_free(&p->file);
        if (self->job.base.result < 0) {
            printf("%s: %s\n", p->name, ant_err_name(self->job.base.result));
            p->len = 0;
        }
        self->send = ant_mpsc_send(&self->out, &self->number);
        return ANT_NEXT(SHRINKER_SENDING);

    case SHRINKER_SENDING:
        ANT_AWAIT(self->send);
        return ANT_NEXT(SHRINKER_START);
    }
    ANT_UNREACHABLE();
}

static void shrinker_drop(struct shrinker *self)
{
    ant_future_drop(&self->recv.base);
    ant_future_drop(&self->send.base);
    ant_task_detach(&self->job);
    shrinker_end(self);
}

// ---- async fn writer(): files again, and the places are free ----

struct writer {
    ant_future base;
    enum {
        WRITER_START,
        WRITER_WAITING,
        WRITER_WRITING,
        WRITER_GIVING_BACK,
    } state;
    const char *folder;
    int number;
    int count;
    uint64_t bytes;
    ant_mpsc_rx in;
    ant_mpsc_tx empty;
    path path;
    struct ant_mpsc_recv recv;
    struct ant_file_op op;
    struct ant_mpsc_send send;
};

static void writer_end(struct writer *self)
{
    ant_mpsc_rx_drop(&self->in);
    ant_mpsc_tx_drop(&self->empty);
}

ANT_ASYNC_WITH_DROP(writer)
{
    picture *p = &place[self->number];
    switch (self->state) {
    case WRITER_START:
        self->recv = ant_mpsc_recv(&self->in, &self->number);
        return ANT_NEXT(WRITER_WAITING);

    case WRITER_WAITING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) { // nobody sends any more
            writer_end(self);
            return ANT_READY;
        }
        p = &place[self->number]; // it came just now
        self->send = ant_mpsc_send(&self->empty, &self->number);
        if (p->len == 0) return ANT_NEXT(WRITER_GIVING_BACK); // no picture
        self->path = in_folder(self->folder, p->name);
        self->op = ant_fs_write(self->path.text, p->out, p->len);
        return ANT_NEXT(WRITER_WRITING);

    case WRITER_WRITING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->count++;
        self->bytes += p->len;
        return ANT_NEXT(WRITER_GIVING_BACK);

    case WRITER_GIVING_BACK: // -EPIPE: the reader needs no place any more
        ANT_AWAIT(self->send);
        return ANT_NEXT(WRITER_START);
    }
    ANT_UNREACHABLE();
}

static void writer_drop(struct writer *self)
{
    ant_future_drop(&self->recv.base);
    ant_future_drop(&self->op.base);
    ant_future_drop(&self->send.base);
    writer_end(self);
}

// ---- async fn app(): the folders, and all of them at once ----

struct app {
    ant_future base;
    enum { APP_START, APP_MAKING, APP_WORKING } state;
    char own[2][32]; // folders, where none were given
    const char *from;
    const char *to;
    int made;
    path path;
    char sample[32 + 64 * 48 * 3];
    struct writer writer; // when it is done
    struct ant_file_op op;
    ant_join_set set;
    struct ant_join_set_join_all all;
};

#define SAMPLES 6

// A picture that gets lighter to the right; the last one is none.
static struct ant_file_op make_sample(struct app *self, int number)
{
    char name[16];
    (void)snprintf(name, sizeof name, "%d.ppm", number);
    self->path = in_folder(self->from, name);
    const int head = snprintf(self->sample, 32, "P6\n64 48\n255\n");
    for (int i = 0; i < 64 * 48 * 3; i++)
        self->sample[head + i] = (char)(i / 3 % 64 * 4 + number);
    const size_t len = (size_t)head + 64 * 48 * 3;
    return ant_fs_write(self->path.text, self->sample,
                        number < SAMPLES ? len : len - 1);
}

static int choose_folders(struct app *self)
{
    self->from = getenv("PICTURES_FROM");
    self->to = getenv("PICTURES_TO");
    if (self->from != NULL && self->to != NULL) {
        self->made = SAMPLES;
        return 0;
    }
    for (int i = 0; i < 2; i++) {
        (void)snprintf(self->own[i], sizeof self->own[i], "/tmp/farm-XXXXXX");
        if (mkdtemp(self->own[i]) == NULL) return -EIO;
    }
    self->from = self->own[0];
    self->to = self->own[1];
    return 0;
}

static void remove_samples(const struct app *self)
{
    for (int i = 0; i < 2; i++) {
        if (self->own[i][0] == '\0') return;
        for (int n = 1; n <= SAMPLES; n++) {
            char name[16];
            (void)snprintf(name, sizeof name, "%d.ppm", n);
            (void)unlink(in_folder(self->own[i], name).text);
        }
        (void)rmdir(self->own[i]);
    }
}

// Queues, tasks, and the numbers of all places in the queue of empty ones.
static int begin_work(struct app *self)
{
    struct reader reader = { ANT_INIT(reader), .folder = self->from };
    struct writer writer = { ANT_INIT(writer), .folder = self->to };
    ant_mpsc_tx done;
    int err = ant_mpsc_new(sizeof(int), PLACES, &writer.empty, &reader.empty);
    if (err == 0) err = ant_mpsc_new(sizeof(int), QUEUE_MAX, &done, &writer.in);
    if (err < 0) return err;
    ant_mpsc_set_name(&reader.empty, "empty places");
    ant_mpsc_set_name(&writer.in, "to be written");
    for (int i = 0; i < PLACES && err == 0; i++)
        err = ant_mpsc_try_send(&writer.empty, &i);

    ant_join_set_init(&self->set, "pipeline");
    for (int i = 0; i < SHRINKERS && err == 0; i++) {
        struct shrinker shrinker = { ANT_INIT(shrinker),
                                     .out = ant_mpsc_tx_clone(&done) };
        err =
            ant_mpsc_new(sizeof(int), QUEUE_MAX, &reader.out[i], &shrinker.in);
        if (err < 0) return err;
        ant_mpsc_set_name(&shrinker.in, "to be shrunk");
        err = ant_join_set_spawn(&self->set, shrinker);
    }
    ant_mpsc_tx_drop(&done); // only the shrinkers send
    if (err == 0) err = ant_join_set_spawn(&self->set, reader);
    if (err == 0)
        err = ant_join_set_spawn_into(&self->set, &self->writer, writer);
    return err;
}

ANT_ASYNC(app)
{
    int err;
    switch (self->state) {
    case APP_START:
        err = choose_folders(self);
        if (err < 0) return ANT_FAIL(err);
        self->op = make_sample(self, 1);
        if (self->made == 0) return ANT_NEXT(APP_MAKING);
        err = begin_work(self);
        if (err < 0) return ANT_FAIL(err);
        self->all = ant_join_set_join_all(&self->set);
        return ANT_NEXT(APP_WORKING);

    case APP_MAKING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        if (++self->made < SAMPLES) {
            self->op = make_sample(self, self->made + 1);
            return ANT_NEXT(APP_MAKING);
        }
        err = begin_work(self);
        if (err < 0) return ANT_FAIL(err);
        self->all = ant_join_set_join_all(&self->set);
        return ANT_NEXT(APP_WORKING);

    case APP_WORKING:
        ANT_AWAIT(self->all);
        printf("%d pictures, %d bytes\n", self->writer.count,
               (int)self->writer.bytes);
        ant_join_set_deinit(&self->set);
        remove_samples(self);
        return self->all.base.result < 0 ? ANT_FAIL(self->all.base.result)
                                         : ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
