// SPDX-License-Identifier: MIT

#include "base/err.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

// Our own words for the codes that the runtime itself returns; the C library
// explains the others.
static const char *text_of_ours(int err);

const char *ant_err_name(int err)
{
    if (err == 0) return "OK";
    if (err > 0 || err == INT_MIN) return "E?";

    const char *name = strerrorname_np(-err);
    return name != NULL ? name : "E?";
}

const char *ant_err_text(int err)
{
    if (err == 0) return "fine";
    if (err > 0 || err == INT_MIN) return "unknown error";

    const char *text = text_of_ours(err);
    if (text == NULL) text = strerrordesc_np(-err);
    return text != NULL ? text : "unknown error";
}

static const char *text_of_ours(int err)
{
    switch (err) {
    case -ECANCELED:
        return "cancelled";
    case -EPIPE:
        return "the other side is closed";
    case -EAGAIN:
        return "it would have to wait";
    case -ETIMEDOUT:
        return "the deadline passed";
    case -EOVERFLOW:
        return "the receiver fell too far behind";
    case -ENOMEM:
        return "out of memory";
    case -EINVAL:
        return "invalid input";
    default:
        return NULL;
    }
}
