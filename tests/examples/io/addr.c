// SPDX-License-Identifier: MIT
//
// The example of io/addr.h.

#include <antfarm.h>

static int show(void)
{
    ant_addr addr;
    int err = ant_addr_parse("127.0.0.1:8080", &addr);
    if (err < 0) return err;
    char text[ANT_ADDR_TEXT_MAX];
    ant_addr_format(&addr, text, sizeof text);
    return text[0] == '1' ? 0 : -EINVAL;
}

int main(void)
{
    return show() == 0 ? 0 : 1;
}
