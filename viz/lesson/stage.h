// SPDX-License-Identifier: MIT
//
// The stage: the programs of one lesson, recorded when somebody first asks for
// them, and the lesson's texts filled with what these recordings say. One
// thread.

#ifndef VIZ_LESSON_STAGE_H
#define VIZ_LESSON_STAGE_H

#include "lesson/lesson.h"
#include "lesson/studio.h"
#include "query/query.h"

typedef struct lesson_stage {
    const ant_lesson *lesson;
    lesson_studio *studio;
    uint32_t seed; // of all runs; LESSON_SEED_OWN: each its own
    studio_take take[LESSON_RUN_MAX];
    ant_model *model[LESSON_RUN_MAX]; // NULL until asked for
    bool is_shipped; // there is no compiler: these came with the lesson
} lesson_stage;

#define LESSON_SEED_OWN UINT32_MAX

// Nothing is recorded yet. Lesson and studio outlive the stage.
void lesson_stage_init(lesson_stage *stage, const ant_lesson *lesson,
                       lesson_studio *studio);
void lesson_stage_deinit(lesson_stage *stage);

// From now on all runs have this seed.
void lesson_stage_reseed(lesson_stage *stage, uint32_t seed);

// The recording of run `run`. NULL when there is none: problems has one more.
ant_model *lesson_stage_model(lesson_stage *stage, uint32_t run,
                              lesson_problems *problems);

// The recording of run `run` that comes with the lesson: a path in `arena`,
// NULL when out of memory.
char *lesson_stage_shipped(const lesson_stage *stage, uint32_t run,
                           ant_arena *arena);

// A part of a text: words, or a query to a run: {end()}, {join: end()}.
typedef struct stage_part {
    bool is_query;
    const char *text; // in the text itself
    size_t len;
    uint32_t run; // that is asked
} stage_part;

// The next part of *text, and goes past it; false at the end. `run` is what a
// query without a name is about. Code between ` is words.
bool lesson_stage_next_part(const ant_lesson *lesson, const char **text,
                            uint32_t run, stage_part *ret_part);

// Where a text stands, for what is wrong with its queries.
typedef struct stage_place {
    uint32_t run;
    uint32_t line;
} stage_place;

// The text with all queries answered; in `arena`, NULL when out of memory. A
// query without an answer is left as it is, and complained about.
char *lesson_stage_fill(lesson_stage *stage, const char *text,
                        stage_place place, ant_arena *arena,
                        lesson_problems *problems);

// One query. False, and a problem more, when there is no answer.
bool lesson_stage_ask(lesson_stage *stage, const char *query, stage_place place,
                      query_answer *ret_answer, lesson_problems *problems);

// The first event that a step's pattern matches; MODEL_NONE and a problem more
// when there is none.
uint32_t lesson_stage_event(lesson_stage *stage, const char *pattern,
                            stage_place place, lesson_problems *problems);

#endif
