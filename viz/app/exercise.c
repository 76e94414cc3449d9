// SPDX-License-Identifier: MIT
//
// The exercise in a terminal: the learner edits a file with whatever they like,
// and each time it changes it is built, recorded and judged.

#include <stdio.h>
#include <string.h>

#include "app/practice.h"
#include "base/macros.h"
#include "text/file.h"

// What a key does; its words are printed.
typedef void (*practice_fn)(app_practice *practice, lesson_script *script);

static bool begin(app_practice *practice, app_learner *learner);
static void judge(app_practice *practice, lesson_script *script);
static void tell(app_practice *practice, practice_fn deed);
static const char *wait_for_line(app_practice *practice);
static bool obey(app_practice *practice, const char *line);

learn_reply app_learn_exercise(app_learner *learner, bool *ret_is_passed)
{
    app_practice practice;
    bool is_on = begin(&practice, learner);
    if (is_on) {
        lesson_script script = { 0 };
        lesson_show_exercise(&learner->show, &script);
        app_learn_say(&script);
        printf("\nYour file: %s\nIt is judged each time you save it. Keys, "
               "with Enter: j judges now, h gives a\nhint, r begins again, s "
               "shows the solution, q leaves.\n\n",
               practice.attempt.file);
        tell(&practice, judge);
    }
    while (is_on && !practice.is_passed && !learner->console.is_over) {
        fputs("> ", stdout);
        const char *line = wait_for_line(&practice);
        if (line != NULL)
            is_on = obey(&practice, line);
        else if (app_practice_has_changed(&practice))
            tell(&practice, judge);
    }
    *ret_is_passed = practice.is_passed;
    app_practice_end(&practice);
    return *ret_is_passed ? LEARN_ON : LEARN_QUIT;
}

int app_learn_judge(app_learner *learner)
{
    app_practice practice;
    if (learner->stage.lesson->exercise == NULL) {
        puts("This lesson has no exercise.");
        return TEXT_FINE;
    }
    if (!begin(&practice, learner)) return TEXT_BAD_INPUT;
    printf("%s\n\n", practice.attempt.file);
    tell(&practice, judge);
    app_practice_end(&practice);
    return practice.is_passed ? TEXT_FINE : TEXT_FINDING;
}

static bool begin(app_practice *practice, app_learner *learner)
{
    lesson_script script = { 0 };
    int err = app_practice_begin(practice, learner, &script);
    app_learn_say(&script);
    return err == 0;
}

static void judge(app_practice *practice, lesson_script *script)
{
    app_practice_judge(practice);
    app_practice_tell(practice, script);
}

static void tell(app_practice *practice, practice_fn deed)
{
    lesson_script script = { 0 };
    deed(practice, &script);
    app_learn_say(&script);
}

// NULL when the file has changed, or the input has ended.
static const char *wait_for_line(app_practice *practice)
{
    app_console *console = &practice->learner->console;
    const char *line = NULL;
    while (line == NULL && !console->is_over &&
           !app_practice_has_changed(practice))
        line = app_console_line(console, PRACTICE_LOOK_MS);
    return line;
}

// False when the learner leaves.
static bool obey(app_practice *practice, const char *line)
{
    static const struct {
        const char *key;
        practice_fn deed;
    } keys[] = {
        { "j", judge },
        { "h", app_practice_hint },
        { "r", app_practice_reset },
        { "s", app_practice_reveal },
    };
    if (strcmp(line, "q") == 0) return false;
    for (size_t i = 0; i < ANT_ARRAY_LEN(keys); i++) {
        if (strcmp(line, keys[i].key) != 0) continue;
        tell(practice, keys[i].deed);
        return true;
    }
    if (*line != 0) puts("j, h, r, s or q");
    return true;
}
