// SPDX-License-Identifier: MIT
//
// The example of io/fs.h: counts its own lines, as the tests run from the top
// of the tree.

#include <antfarm.h>

static int count_lines(const char *text)
{
    int count = 0;
    for (; *text != '\0'; text++)
        count += *text == '\n';
    return count;
}

struct load {
    ant_future base;
    enum { LOAD_START, LOAD_READING } state;
    const char *path;
    int line_count;
    ant_text text;
    struct ant_file_op op;
};

ANT_ASYNC(load)
{
    switch (self->state) {
    case LOAD_START:
        self->op = ant_fs_read_to_string(self->path, &self->text);
        return ANT_NEXT(LOAD_READING);
    case LOAD_READING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        self->line_count = count_lines(self->text.bytes);
        ant_text_free(&self->text);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

int main(void)
{
    ant_runtime *rt;
    if (ant_runtime_new(NULL, &rt) < 0) return 1;
    struct load load = { ANT_INIT(load), .path = __FILE__ };
    const int err = ant_runtime_block_on_into(rt, &load, load);
    ant_runtime_free(rt);
    return err == 0 && load.line_count == 49 ? 0 : 1;
}
