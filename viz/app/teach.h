// SPDX-License-Identifier: MIT
//
// A lesson in front of a class: what the teacher sees and the class does not,
// and the votes of the class. It belongs to the tutor whose window the class
// looks at. The notes go to the terminal that the lesson was started from, and
// never into the window: there is mostly one projector, which shows windows,
// and a second window would have to be dragged away from it first. A terminal
// may stand on the teacher's own screen, or on another machine. Main thread.

#ifndef ANT_APP_TEACH_H
#define ANT_APP_TEACH_H

#include <stdio.h>

#include "app/learn.h"
#include "ui/widgets.h"

#define TEACH_QUESTION_MAX 16u
#define TEACH_PAGE_MAX     64u

// A show of hands: before the class talked it over, and after.
typedef enum teach_round {
    TEACH_BEFORE,
    TEACH_AFTER,
    TEACH_ROUND_COUNT
} teach_round;

typedef struct teach_tally {
    const lesson_item *item; // the question
    uint32_t votes[TEACH_ROUND_COUNT][SESSION_OPTION_MAX];
    bool is_shown; // the answer
} teach_tally;

typedef struct app_teach {
    app_learner *learner;
    FILE *notes;
    teach_tally tally[TEACH_QUESTION_MAX];
    uint32_t tally_count;
    teach_tally *now; // of the question that is open; NULL for none
    const session_question *question;
    teach_round round;
    uint32_t typed;                // a number of hands; 0: one
    bool is_blank;                 // the class sees nothing
    uint32_t page[TEACH_PAGE_MAX]; // the items where pages began
    uint32_t page_count;
    double seconds; // since the lesson began
} app_teach;

// Begins, and writes the lesson's notes.
void app_teach_begin(app_teach *teach, app_learner *learner, FILE *notes);

// A page begins at item `at`; `question` is the one on it, or NULL.
void app_teach_page(app_teach *teach, uint32_t at,
                    const session_question *question);

// Where the page before this one begins, UINT32_MAX when this is the first. It
// is the current one then.
uint32_t app_teach_back(app_teach *teach);

// A key. True when it was a vote, the round, or the blank screen.
bool app_teach_key(app_teach *teach, ui_key_press press);

// Is there a question whose answer the class has not seen?
bool app_teach_is_open(const app_teach *teach);

// Shows the answer, and writes the votes down.
void app_teach_show(app_teach *teach);

// The votes of option `i` as text: "12, then 18"; "" while there are none.
void app_teach_votes(const app_teach *teach, uint32_t i, char *buf,
                     size_t size);

// What the teacher can do now, for the foot of the window.
const char *app_teach_help(const app_teach *teach);

#endif
