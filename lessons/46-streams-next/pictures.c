// SPDX-License-Identifier: MIT
//
// The same story. Now the child draws a picture of each chapter, which takes
// 250 ms, and asks for the next one only then. When is the last chapter told?

#include <antfarm.h>

// stream story: numbers of chapters, each after a while.
struct story {
    ant_stream base;
    enum { STORY_START, STORY_THINKING } state;
    int told;
    struct ant_sleep think;
};

//@ begin stream
ANT_STREAM(story, int)
{
    switch (self->state) {
    case STORY_START:
        if (self->told == 3) return ANT_READY; // that was the end
        self->think = ant_sleep(100);
        return ANT_NEXT(STORY_THINKING);

    case STORY_THINKING:
        ANT_AWAIT(self->think);
        *item = ++self->told;
        return ANT_EMIT(STORY_START);
    }
    ANT_UNREACHABLE();
}
//@ end stream

// async fn child(): asks for chapters until there is none.
struct child {
    ant_future base;
    enum { CHILD_START, CHILD_ASKING, CHILD_LISTENING, CHILD_DRAWING } state;
    struct story story;
    struct ant_stream_next next;
    int chapter;
    struct ant_sleep picture;
};

ANT_ASYNC_WITH_DROP(child)
{
    switch (self->state) {
    case CHILD_START:
        self->story = (struct story){ ANT_STREAM_INIT(story) };
        return ANT_NEXT(CHILD_ASKING);

        //@ begin listen
    case CHILD_ASKING:
        self->next = ant_stream_next(&self->story.base, &self->chapter);
        return ANT_NEXT(CHILD_LISTENING);

    case CHILD_LISTENING:
        ANT_AWAIT(self->next);
        if (self->next.base.result == 0) return ANT_READY; // the end
        ant_note("chapter %d", self->chapter);
        self->picture = ant_sleep(250);
        return ANT_NEXT(CHILD_DRAWING);

    case CHILD_DRAWING:
        ANT_AWAIT(self->picture);
        return ANT_NEXT(CHILD_ASKING);
        //@ end listen
    }
    ANT_UNREACHABLE();
}

static void child_drop(struct child *self)
{
    ant_future_drop(&self->next.base);
    ant_future_drop(&self->picture.base);
    ant_stream_drop(&self->story.base);
}

ANT_CONSTRUCTOR(child)
ANT_MAIN(child)
