// SPDX-License-Identifier: MIT
//
// The exercise in a terminal: the learner edits a file with whatever they like,
// and each time it changes it is built, recorded and judged. The file is looked
// at a few times a second, which works on every file system.

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/learn.h"
#include "base/err.h"
#include "lesson/attempt.h"
#include "text/file.h"

#define LOOK_MS 300

// The solution is shown to who has tried so often.
#define TRIES_BEFORE_SOLUTION 3u

typedef struct practice {
    app_learner *learner;
    lesson_attempt attempt;
    ant_arena arena;
    struct timespec seen; // the file, when it was judged
    bool was_there;
    bool is_passed;
    uint32_t tries;
} practice;

static bool begin(practice *p, app_learner *learner);
static void judge(practice *p);
static void pass(practice *p);
static bool has_changed(practice *p);
static void look(practice *p);
static bool obey(practice *p, const char *line);
static void hint(practice *p);
static void reset(practice *p);
static void reveal(practice *p);

learn_reply app_learn_exercise(app_learner *learner, bool *ret_is_passed)
{
    practice p = { 0 };
    lesson_script script = { 0 };
    bool is_on = begin(&p, learner);
    if (is_on) {
        lesson_show_exercise(&learner->show, &script);
        app_learn_say(&script);
        printf("\nYour file: %s\nIt is judged each time you save it. Keys, "
               "with Enter: j judges now, h gives a\nhint, r begins again, s "
               "shows the solution, q leaves.\n\n",
               p.attempt.file);
        judge(&p);
    }
    while (is_on && !p.is_passed && !learner->console.is_over) {
        fputs("> ", stdout);
        const char *line = NULL;
        while (line == NULL && !learner->console.is_over && !has_changed(&p))
            line = app_console_line(&learner->console, LOOK_MS);
        if (line != NULL)
            is_on = obey(&p, line);
        else if (has_changed(&p))
            judge(&p);
    }
    *ret_is_passed = p.is_passed;
    ant_arena_deinit(&p.arena);
    return p.is_passed ? LEARN_ON : LEARN_QUIT;
}

int app_learn_judge(app_learner *learner)
{
    practice p = { 0 };
    if (learner->stage.lesson->exercise == NULL) {
        puts("This lesson has no exercise.");
        return TEXT_FINE;
    }
    if (!begin(&p, learner)) return TEXT_BAD_INPUT;
    printf("%s\n\n", p.attempt.file);
    judge(&p);
    ant_arena_deinit(&p.arena);
    return p.is_passed ? TEXT_FINE : TEXT_FINDING;
}

static bool begin(practice *p, app_learner *learner)
{
    p->learner = learner;
    int err =
        lesson_attempt_open(learner->stage.lesson, learner->progress.folder,
                            &p->arena, &p->attempt);
    if (err < 0) {
        printf("Your copy of the exercise cannot be made in %s: %s\n",
               learner->progress.folder, ant_err_text(err));
    }
    return err == 0;
}

static void judge(practice *p)
{
    app_learner *learner = p->learner;
    lesson_verdict verdict;
    lesson_script script = { 0 };
    look(p);
    p->tries++;
    lesson_judge(learner->stage.lesson, &learner->room.studio,
                 p->attempt.folder, "exercise.c", p->attempt.trace, &verdict,
                 &learner->room.problems);
    lesson_show_verdict(&verdict, &script);
    if (verdict.take.trace != NULL && !verdict.is_passed) {
        lesson_script_print(&script, "See it with: antfarm view %s\n",
                            p->attempt.trace);
    }
    lesson_script_print(&script, "\n");
    app_learn_say(&script);
    p->is_passed = verdict.is_passed;
    if (p->is_passed) pass(p);
}

static void pass(practice *p)
{
    const ant_lesson *lesson = p->learner->stage.lesson;
    const char *done = lesson_field_of(&lesson->exercise->fields, "done");
    lesson_script script = { 0 };
    if (done != NULL) lesson_script_paragraph(&script, "", done);
    app_learn_say(&script);
    reveal(p);
    int err = lesson_progress_set(&p->learner->progress, lesson->slug, 0, true);
    if (err < 0) printf("(It could not be noted: %s.)\n", ant_err_text(err));
}

static bool has_changed(practice *p)
{
    struct stat info;
    bool is_there = stat(p->attempt.file, &info) == 0;
    if (is_there != p->was_there) return true;
    return is_there && (info.st_mtim.tv_sec != p->seen.tv_sec ||
                        info.st_mtim.tv_nsec != p->seen.tv_nsec);
}

static void look(practice *p)
{
    struct stat info;
    p->was_there = stat(p->attempt.file, &info) == 0;
    if (p->was_there) p->seen = info.st_mtim;
}

// False when the learner leaves.
static bool obey(practice *p, const char *line)
{
    if (strcmp(line, "q") == 0) return false;
    if (strcmp(line, "j") == 0)
        judge(p);
    else if (strcmp(line, "h") == 0)
        hint(p);
    else if (strcmp(line, "r") == 0)
        reset(p);
    else if (strcmp(line, "s") == 0 && p->tries < TRIES_BEFORE_SOLUTION)
        printf("After %u tries, or when it passes.\n", TRIES_BEFORE_SOLUTION);
    else if (strcmp(line, "s") == 0)
        reveal(p);
    else if (*line != 0)
        puts("j, h, r, s or q");
    return true;
}

static void hint(practice *p)
{
    lesson_script script = { 0 };
    const lesson_item *item = lesson_session_hint(&p->learner->session);
    if (item != NULL)
        lesson_script_paragraph(&script, "Hint: ", item->text);
    else
        lesson_script_print(&script, "There are no hints.\n");
    lesson_script_print(&script, "\n");
    app_learn_say(&script);
}

static void reset(practice *p)
{
    const char *kept;
    int err = lesson_attempt_reset(p->learner->stage.lesson, &p->attempt,
                                   &p->arena, &kept);
    if (err < 0)
        printf("That did not work: %s\n", ant_err_text(err));
    else if (kept != NULL)
        printf("Yours is kept as %s\n", kept);
    look(p);
}

static void reveal(practice *p)
{
    const char *path =
        lesson_attempt_reveal(p->learner->stage.lesson, &p->attempt, &p->arena);
    if (path != NULL) printf("Our solution: %s\n", path);
}
