// SPDX-License-Identifier: MIT
//
// A lesson: its page as items in the order of the text, and the programs that
// it runs. It is read from lessons/NN-slug/lesson.md and does not change after
// that; its number is that of the folder. Whatever depends on a run is a query
// in braces, {end()}, and is asked when it is shown: see lesson/fill.h.
// docs/LESSONS.md tells authors what to write. One thread.

#ifndef VIZ_LESSON_LESSON_H
#define VIZ_LESSON_LESSON_H

#include <stdbool.h>
#include <stdint.h>

#include "lesson/page.h"

// The seed of a run that names none.
#define LESSON_SEED 7u

#define LESSON_RUN_MAX 8u

typedef enum lesson_kind {
    LESSON_PROSE,    // Markdown
    LESSON_CODE,     // a listing; `name` is its language
    LESSON_RUN,      // from here on, the text is about this program
    LESSON_STEP,     // look at this moment
    LESSON_PREDICT,  // a question that must be answered or skipped
    LESSON_SCHEDULE, // a game: the learner says which task is next
    LESSON_BREAK_IT, // a change that one can try
    LESSON_EXERCISE, // what the learner has to do, and what must be true then
    LESSON_HINT,     // the next more helpful one
    LESSON_TEACHER,  // notes for who teaches it
    LESSON_KIND_COUNT
} lesson_kind;

typedef struct lesson_item {
    lesson_kind kind;
    uint32_t line;
    const char *name;     // what stands after the block's word; "" for nothing
    const char *text;     // of prose, code, hints and notes
    lesson_fields fields; // of the other kinds
    uint32_t run;         // the program it is about; LESSON_RUN_MAX before any
} lesson_item;

// A program that the lesson runs in the simulator. One that runs in several
// ways, with one worker and with four, has a name for each.
typedef struct lesson_run {
    const char *name; // "join", or what `as` says
    const char *file; // "join.c"
    uint32_t line;
    uint32_t seed;
    uint32_t workers;
    const char *lints; // that fire and are no mistake here; NULL for none
    bool is_bad;       // it shows a mistake: any lint may fire
    bool has_stalled;  // it is meant to stall
} lesson_run;

typedef struct ant_lesson {
    ant_arena arena;
    const char *folder;
    const char *path; // of lesson.md
    const char *slug; // "select"
    uint32_t number;  // 24
    lesson_fields head;
    const char *title;
    const char *part;
    uint32_t minutes;
    const lesson_item *item;
    uint32_t item_count;
    const lesson_item *exercise; // NULL when there is none
    lesson_run run[LESSON_RUN_MAX];
    uint32_t run_count;
    uint32_t word_count;
} ant_lesson;

// Reads the lesson in `folder`. 0 also when there are problems with it (see
// there); -errno when there is no lesson to speak of.
ANT_MUST_USE int lesson_open(const char *folder, ant_lesson **ret_lesson,
                             lesson_problems *problems);
void lesson_close(ant_lesson *lesson);

// The run with this name, LESSON_RUN_MAX when there is none.
uint32_t lesson_run_of(const ant_lesson *lesson, const char *name, size_t len);

// Item number `i` of a kind, counted from 0; NULL when there are fewer.
const lesson_item *lesson_item_of(const ant_lesson *lesson, lesson_kind kind,
                                  uint32_t i);

// What a field is for: the words of the lesson, or a pattern or query.
typedef enum lesson_field_use {
    LESSON_FIELD_PLAIN,   // neither: a file, a number
    LESSON_FIELD_WORDS,   // may have queries in braces
    LESSON_FIELD_PATTERN, // of events
    LESSON_FIELD_QUERY,   // and a message after it
} lesson_field_use;
lesson_field_use lesson_use_of(lesson_kind kind, const char *key);

// --- Options of a prediction ---

#define LESSON_OPTION_MAX 6u

typedef struct lesson_option {
    const char *text;    // may have queries in braces
    const char *belief;  // the misconception's tag; NULL when it is right
    const char *because; // what to say to it; "" for nothing
    uint32_t line;
} lesson_option;

// The right answer first, then the wrong ones as written. Texts live in
// `arena`. Returns how many.
uint32_t lesson_options(const lesson_item *predict, ant_arena *arena,
                        lesson_option *ret_option);

// The query of a "must", and what to tell a learner when it is false ("" for
// nothing).
typedef struct lesson_must {
    const char *query;
    const char *message;
} lesson_must;
lesson_must lesson_must_of(const char *value, ant_arena *arena);

#endif
