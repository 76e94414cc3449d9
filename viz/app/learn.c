// SPDX-License-Identifier: MIT
//
// `antfarm learn`: the list of lessons, and one lesson in a terminal. Questions
// have to be answered or skipped before it goes on; where one stops is where
// one goes on the next time.

#include "app/learn.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/lesson_list.h"
#include "base/err.h"
#include "base/macros.h"
#include "lesson/translate.h"
#include "text/args.h"
#include "text/file.h"

typedef struct learn_options {
    const char *folder;
    bool is_text;
    bool is_bare;
    bool is_judge;
    bool is_again;
    bool is_teach;
    const char *lang;
} learn_options;

static int read_options(learn_options *options, int argc, char **argv,
                        int *ret_plain);
static int list_lessons(app_learner *learner);
static void list_lesson(const app_learner *learner, const course_lesson *row);
static int open_lesson(app_learner *learner, const learn_options *options,
                       const char *name);
static int take_lesson(app_learner *learner, const learn_options *options);
static void tell_shipped(app_learner *learner);
static learn_reply walk(app_learner *learner);
static learn_reply show_station(app_learner *learner, const lesson_item *item);

int app_learn(int argc, char **argv)
{
    learn_options options = { 0 };
    int plain;
    int status = read_options(&options, argc, argv, &plain);
    if (status >= 0) return status;
    app_learner learner = { .has_pictures = !options.is_bare,
                            .is_teaching = options.is_teach,
                            .lang = options.lang };
    status = app_classroom_open(&learner.room, options.folder);
    if (status != TEXT_FINE) return status;
    int err = lesson_progress_open(&learner.progress);
    if (err < 0) {
        fprintf(stderr,
                "antfarm: your progress cannot be kept: %s; set "
                "XDG_DATA_HOME to a folder of yours\n",
                ant_err_text(err));
        app_classroom_close(&learner.room);
        return TEXT_BAD_INPUT;
    }
    status = -1;
    if (plain == 0 && !options.is_text) status = app_learn_list(&learner);
    if (status < 0)
        status = plain == 0 ? list_lessons(&learner)
                            : open_lesson(&learner, &options, argv[1]);
    lesson_progress_close(&learner.progress);
    app_classroom_close(&learner.room);
    return status;
}

void app_learn_say(lesson_script *script)
{
    if (script->text != NULL) fputs(script->text, stdout);
    if (script->is_short) fputs("(not enough memory for all of it)\n", stdout);
    lesson_script_free(script);
}

static int read_options(learn_options *options, int argc, char **argv,
                        int *ret_plain)
{
    const args_option table[] = {
        { "--text", ARGS_FLAG, NULL,
          "in the terminal, also where there is a display", &options->is_text },
        { "--no-pictures", ARGS_FLAG, NULL,
          "words only, for who listens to them", &options->is_bare },
        { "--judge", ARGS_FLAG, NULL, "only judge your exercise, once",
          &options->is_judge },
        { "--again", ARGS_FLAG, NULL, "from the beginning",
          &options->is_again },
        { "--teach", ARGS_FLAG, NULL,
          "for a class: a window for the projector, notes here",
          &options->is_teach },
        { "--lang", ARGS_TEXT, "LANG",
          "the lesson's words in this language, as in de", &options->lang },
        { "--lessons", ARGS_TEXT, "DIR", "the folder of course.md",
          &options->folder },
    };
    const args_command command = {
        .usage = "antfarm learn [OPTIONS] [LESSON]",
        .meaning =
            "Without a LESSON (a number or a name), lists all. Else the lesson "
            "itself:\npredict, look, see why, then change a program and be "
            "judged by its recording.\nYour files and progress are in "
            "$XDG_DATA_HOME/antfarm,\nelse ~/.local/share/antfarm.",
        .option = table,
        .option_count = (int)ANT_ARRAY_LEN(table),
        .plain_max = 1,
    };
    return text_args_read(&command, argc, argv, ret_plain, stdout, stderr);
}

static int list_lessons(app_learner *learner)
{
    const ant_course *course = learner->room.course;
    const course_lesson *next = app_lesson_next(learner);
    uint32_t part = UINT32_MAX;
    printf("%s\n", course->title);
    for (uint32_t i = 0; i < course->lesson_count; i++) {
        const course_lesson *row = &course->lesson[i];
        if (row->folder == NULL) continue;
        if (row->part != part) {
            printf("\n%s  %s\n", course->part[row->part].letter,
                   course->part[row->part].title);
        }
        part = row->part;
        list_lesson(learner, row);
    }
    if (next != NULL) {
        printf("\nNext: antfarm learn %u\n", next->number);
    } else {
        puts("\nAll lessons are passed.");
    }
    return app_classroom_complain(&learner->room);
}

static void list_lesson(const app_learner *learner, const course_lesson *row)
{
    ant_lesson *lesson;
    lesson_problems unheard = { 0 }; // the learner is not its author
    if (lesson_open(row->folder, &lesson, &unheard) == 0) {
        const progress_row *known =
            lesson_progress_of(&learner->progress, row->slug);
        const char *state = known == NULL      ? ""
                            : known->is_passed ? "passed"
                                               : "begun";
        printf("  %2u %-21s %3u min %-6s %s\n", row->number, row->slug,
               lesson->minutes, state, lesson->title);
        lesson_close(lesson);
    }
    lesson_problems_deinit(&unheard);
}

static int open_lesson(app_learner *learner, const learn_options *options,
                       const char *name)
{
    const course_lesson *row = app_classroom_find(&learner->room, name);
    if (row == NULL || !app_learn_open(learner, row)) return TEXT_BAD_INPUT;
    int status = options->is_judge ? app_learn_judge(learner)
                 : options->is_text
                     ? -1
                     : app_learn_window(learner, options->is_again);
    if (status < 0 && options->is_teach) {
        fputs("antfarm: learn --teach shows the class a window, and there is "
              "no display; antfarm course handout makes a page to print\n",
              stderr);
        status = TEXT_BAD_INPUT;
    }
    if (status < 0) status = take_lesson(learner, options);
    return app_learn_shut(learner) != TEXT_FINE ? TEXT_BAD_INPUT : status;
}

bool app_learn_open(app_learner *learner, const course_lesson *row)
{
    ant_lesson *lesson;
    int err = lesson_open(row->folder, &lesson, &learner->room.problems);
    if (err < 0) {
        app_classroom_complain(&learner->room);
        return false;
    }
    if (learner->lang != NULL && lesson_translate(lesson, learner->lang) < 0)
        fprintf(stderr, "antfarm: lesson %s is not there in the language %s\n",
                lesson->slug, learner->lang);
    lesson_stage_init(&learner->stage, lesson, &learner->room.studio);
    lesson_session_init(&learner->session, &learner->stage,
                        &learner->room.problems);
    learner->lesson = lesson;
    learner->show = (lesson_show){ .course = learner->room.course,
                                   .stage = &learner->stage,
                                   .problems = &learner->room.problems,
                                   .has_pictures = learner->has_pictures };
    return true;
}

int app_learn_shut(app_learner *learner)
{
    lesson_session_deinit(&learner->session);
    lesson_stage_deinit(&learner->stage);
    lesson_close(learner->lesson);
    learner->lesson = NULL;
    return app_classroom_complain(&learner->room);
}

static int take_lesson(app_learner *learner, const learn_options *options)
{
    const ant_lesson *lesson = learner->stage.lesson;
    const progress_row *known =
        lesson_progress_of(&learner->progress, lesson->slug);
    lesson_script script = { 0 };
    tell_shipped(learner);
    lesson_show_title(&learner->show, &script);
    app_learn_say(&script);
    if (known != NULL && known->at > 0 && !options->is_again) {
        lesson_session_seek(&learner->session, known->at);
        puts("Here you were the last time (--again begins at the top).\n");
    }
    bool is_passed = lesson->exercise == NULL;
    learn_reply reply = walk(learner);
    if (reply == LEARN_ON && lesson->exercise != NULL)
        reply = app_learn_exercise(learner, &is_passed);
    if (reply == LEARN_QUIT) {
        app_learn_keep(learner, false);
        printf("Go on with: antfarm learn %u\n", lesson->number);
        return TEXT_FINE;
    }
    if (is_passed) learner->session.at = 0; // next time from the top
    app_learn_keep(learner, is_passed);
    if (learner->session.asked > 0) {
        printf("Predictions: %u of %u right.\n", learner->session.right,
               learner->session.asked);
    }
    return TEXT_FINE;
}

static void tell_shipped(app_learner *learner)
{
    const ant_model *first =
        lesson_stage_model(&learner->stage, 0, &learner->room.problems);
    if (first == NULL || !learner->stage.is_shipped) return;
    puts("There is no C compiler here, so you see the recordings that came "
         "with the\nlesson. Only the exercise needs a compiler: install one, "
         "or set CC to its name.\n");
}

static learn_reply walk(app_learner *learner)
{
    const lesson_item *item;
    while ((item = lesson_session_item(&learner->session)) != NULL) {
        if (show_station(learner, item) == LEARN_QUIT) return LEARN_QUIT;
        lesson_session_next(&learner->session);
    }
    return LEARN_ON;
}

// Words and programs follow each other; a question and a moment to look at are
// places to stop.
static learn_reply show_station(app_learner *learner, const lesson_item *item)
{
    if (item->kind == LESSON_PREDICT) return app_learn_ask(learner, item);
    if (item->kind == LESSON_SCHEDULE) return app_learn_game(learner, item);
    lesson_script script = { 0 };
    lesson_show_item(&learner->show, item, &script);
    app_learn_say(&script);
    return item->kind == LESSON_STEP ? app_learn_wait(learner) : LEARN_ON;
}

void app_learn_keep(app_learner *learner, bool is_passed)
{
    int err =
        lesson_progress_set(&learner->progress, learner->stage.lesson->slug,
                            learner->session.at, is_passed);
    if (err < 0) {
        printf("(Your progress could not be written: %s.)\n",
               ant_err_text(err));
    }
}
