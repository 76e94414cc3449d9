// SPDX-License-Identifier: MIT

#include "app/practice.h"

#include <sys/stat.h>

#include "base/err.h"

static void look(app_practice *practice);

int app_practice_begin(app_practice *practice, app_learner *learner,
                       lesson_script *script)
{
    *practice = (app_practice){ .learner = learner };
    int err =
        lesson_attempt_open(learner->stage.lesson, learner->progress.folder,
                            &practice->arena, &practice->attempt);
    if (err == 0) return 0;
    lesson_script_print(script,
                        "Your copy of the exercise cannot be made in %s: %s\n",
                        learner->progress.folder, ant_err_text(err));
    return err;
}

void app_practice_end(app_practice *practice)
{
    ant_arena_deinit(&practice->arena);
}

bool app_practice_has_changed(const app_practice *practice)
{
    struct stat info;
    bool is_there = stat(practice->attempt.file, &info) == 0;
    if (is_there != practice->was_there) return true;
    return is_there && (info.st_mtim.tv_sec != practice->seen.tv_sec ||
                        info.st_mtim.tv_nsec != practice->seen.tv_nsec);
}

static void look(app_practice *practice)
{
    struct stat info;
    practice->was_there = stat(practice->attempt.file, &info) == 0;
    if (practice->was_there) practice->seen = info.st_mtim;
}

void app_practice_judge(app_practice *practice)
{
    app_learner *learner = practice->learner;
    look(practice);
    practice->tries++;
    lesson_judge(learner->stage.lesson, &learner->room.studio,
                 practice->attempt.folder, "exercise.c",
                 practice->attempt.trace, &practice->verdict,
                 &learner->room.problems);
    practice->is_passed = practice->verdict.is_passed;
    practice->is_noted =
        practice->is_passed &&
        lesson_progress_set(&learner->progress, learner->stage.lesson->slug, 0,
                            true) == 0;
}

void app_practice_tell(app_practice *practice, lesson_script *script)
{
    const lesson_verdict *verdict = &practice->verdict;
    lesson_show_verdict(verdict, script);
    if (verdict->take.trace != NULL && !verdict->is_passed) {
        lesson_script_print(script, "See it with: antfarm view %s\n",
                            practice->attempt.trace);
    }
    lesson_script_print(script, "\n");
    if (practice->is_passed) app_practice_tell_end(practice, script);
}

void app_practice_tell_end(app_practice *practice, lesson_script *script)
{
    const ant_lesson *lesson = practice->learner->stage.lesson;
    const char *done = lesson_field_of(&lesson->exercise->fields, "done");
    if (done != NULL) lesson_script_paragraph(script, "", done);
    app_practice_reveal(practice, script);
    if (!practice->is_noted)
        lesson_script_print(script, "(It could not be noted.)\n");
}

void app_practice_hint(app_practice *practice, lesson_script *script)
{
    const lesson_item *item = lesson_session_hint(&practice->learner->session);
    if (item != NULL)
        lesson_script_paragraph(script, "Hint: ", item->text);
    else
        lesson_script_print(script, "There are no hints.\n");
    lesson_script_print(script, "\n");
}

void app_practice_reset(app_practice *practice, lesson_script *script)
{
    const char *kept;
    int err = lesson_attempt_reset(practice->learner->stage.lesson,
                                   &practice->attempt, &practice->arena, &kept);
    if (err < 0)
        lesson_script_print(script, "That did not work: %s\n",
                            ant_err_text(err));
    else if (kept != NULL)
        lesson_script_print(script, "Yours is kept as %s\n", kept);
    look(practice);
}

void app_practice_reveal(app_practice *practice, lesson_script *script)
{
    if (!practice->is_passed && practice->tries < PRACTICE_TRIES_MIN) {
        lesson_script_print(script, "After %u tries, or when it passes.\n",
                            PRACTICE_TRIES_MIN);
        return;
    }
    const char *path = lesson_attempt_reveal(
        practice->learner->stage.lesson, &practice->attempt, &practice->arena);
    if (path != NULL) lesson_script_print(script, "Our solution: %s\n", path);
}
