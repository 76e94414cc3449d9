// SPDX-License-Identifier: MIT
//
// A wrong solution: it is run once more at the end, and says so again.

#include <antfarm.h>
#include <stdio.h>

// Prints a line, and writes it into the recording too.
static void say(const char *text)
{
    puts(text);
    ant_note("%s", text);
}

// async fn greet(text): says it, and is ready at once.
struct greet {
    ant_future base;
    enum { GREET_START } state;
    const char *text;
};

ANT_ASYNC(greet)
{
    switch (self->state) {
    case GREET_START:
        say(self->text);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct greet greet(const char *text)
{
    return (struct greet){ ANT_INIT(greet), .text = text };
}

int main(void)
{
    ant_runtime *rt;
    int err = ant_runtime_new(NULL, &rt);
    if (err < 0) return 2;
    say("created");
    err = ant_runtime_block_on(rt, greet("hi"));
    say("still nothing");
    err = ant_runtime_block_on(rt, greet("hi"));
    ant_runtime_free(rt);
    return err < 0 ? 1 : 0;
}
