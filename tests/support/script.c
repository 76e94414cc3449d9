// SPDX-License-Identifier: MIT

#include "support/script.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/err.h"
#include "support/flavors.h"

int script_now;

struct script {
    ant_future base;
    enum { SCRIPT_START, SCRIPT_WAITING } state;
    const script_step *steps;
    int count;
    int at;
    void *arg;
    ant_future *now;
};

static ant_poll judge(struct script *self, int result)
{
    const int wanted = self->steps[self->at].result;
    if (result != wanted) {
        print_error("step %d is %d (%s), not %d\n", self->at, result,
                    ant_err_text(result), wanted);
        return ANT_FAIL(-EPROTO);
    }
    self->at++;
    return ANT_NEXT(SCRIPT_START);
}

ANT_ASYNC(script)
{
    switch (self->state) {
    case SCRIPT_START:
        if (self->at == self->count) return ANT_READY;
        script_now = 0;
        self->now = self->steps[self->at].begin(self->arg);
        if (self->now == NULL) return judge(self, script_now);
        return ANT_NEXT(SCRIPT_WAITING);

    case SCRIPT_WAITING:
        if (ant_future_poll(self->now, cx) == ANT_PENDING) return ANT_PENDING;
        return judge(self, self->now->result);
    }
    ANT_UNREACHABLE();
}

void script_expect(void **state, const script_step *steps, int count, void *arg)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct script all = {
        ANT_INIT(script),
        .steps = steps,
        .count = count,
        .arg = arg,
    };
    const int err = ant_runtime_block_on(rt, all);
    ant_runtime_free(rt);
    assert_int_equal(err, 0);
}
