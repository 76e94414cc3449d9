// SPDX-License-Identifier: MIT
//
// A greeting is called for before two other lines are printed. In which order
// do the three lines come?

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
    //@ begin main
    struct greet greeting = greet("hi"); // an async function is called
    say("created");
    say("still nothing");
    err = ant_runtime_block_on(rt, greeting);
    //@ end main
    ant_runtime_free(rt);
    return err < 0 ? 1 : 0;
}
