// SPDX-License-Identifier: MIT
//
// The example of base/err.h: why an app has failed.

#include <stdio.h>

#include "antfarm.h"

struct app {
    ant_future base;
};

ANT_ASYNC(app)
{
    return ANT_FAIL(-ECANCELED);
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

int main(void)
{
    ant_runtime *rt;
    if (ant_runtime_new(NULL, &rt) < 0) return 2;
    int err = ant_runtime_block_on(rt, app());
    if (err < 0) printf("%s (%s)\n", ant_err_text(err), ant_err_name(err));
    ant_runtime_free(rt);
    return err == -ECANCELED ? 0 : 1;
}
