// SPDX-License-Identifier: MIT
//
// `antfarm course`: what authors of lessons need. check finds what is wrong,
// lock writes down what the programs answer, transcript shows a lesson as text,
// new begins one.

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/classroom.h"
#include "app/commands.h"
#include "app/handout.h"
#include "app/watch.h"
#include "base/err.h"
#include "base/macros.h"
#include "base/mem.h"
#include "lesson/check.h"
#include "lesson/contents.h"
#include "lesson/queries.h"
#include "lesson/show.h"
#include "lesson/template.h"
#include "lesson/translate.h"
#include "text/args.h"
#include "text/file.h"

struct course_job;
typedef int (*course_run)(struct course_job *job, lesson_stage *stage);

typedef struct course_job {
    app_classroom *room;
    int lessons;
    app_handout handout;
    const char *lang;             // NULL: English
    course_run run;               // for each lesson
    const course_lesson *watched; // NULL: none
} course_job;

static int check(course_job *job, lesson_stage *stage);
static int lock(course_job *job, lesson_stage *stage);
static int transcript(course_job *job, lesson_stage *stage);
static int handout(course_job *job, lesson_stage *stage);
static int list_words(course_job *job, lesson_stage *stage);
static int watch(course_job *job, const char *name);
static int check_again(void *arg);
static int make_new(app_classroom *room, const char *name);
static int list_contents(app_classroom *room);
static int run_action(course_job *job, char **words, int count);
static int run_job(course_job *job, char **names, int count);
static int for_lessons(course_job *job, char **names, int count);
static int with_lesson(course_job *job, const course_lesson *row);

int app_course(int argc, char **argv)
{
    const char *folder = NULL;
    app_classroom room;
    course_job job = { .room = &room };
    const args_option options[] = {
        { "-o", ARGS_TEXT, "FILE", "handout: FILE.html, or FILE.pdf",
          &job.handout.path },
        { "--lang", ARGS_TEXT, "LANG", "transcript and handout: de, …",
          &job.lang },
        { "--answers", ARGS_FLAG, NULL, "handout: the teacher's sheet",
          &job.handout.has_answers },
        { "--lessons", ARGS_TEXT, "DIR", "the folder of course.md", &folder },
    };
    const args_command command = {
        .usage = "antfarm course ACTION [LESSON...]",
        .meaning =
            "For authors of lessons; docs/LESSONS.md says what to write. An "
            "ACTION is\n\n"
            "  check [LESSON...]     refuse what is wrong, with file and line\n"
            "  watch LESSON          check again whenever a file is saved\n"
            "  lock [LESSON...]      write what the programs answer into "
            "answers.lock,\n"
            "                        and keep their recordings beside it\n"
            "  transcript LESSON...  the lesson as text, with all answers\n"
            "  handout LESSON        the lesson to print, with -o "
            "FILE.html or FILE.pdf\n"
            "  words LESSON          what there is to translate; make po "
            "gives it to po4a\n"
            "  new NUMBER-SLUG       a folder with a lesson to fill in\n"
            "  contents              the parts and beliefs, as in "
            "lessons/README.md\n\n"
            "Without a LESSON (a number or a name) it is all of them.\n"
            "Exit status: 0 fine, 1 something is refused, 2 bad input.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_min = 1,
        .plain_max = 100,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;

    status = app_classroom_open(&room, folder);
    if (status != TEXT_FINE) return status;
    status = run_action(&job, argv + 1, plain);
    if (status < 0) {
        fprintf(stderr, "antfarm: usage: %s\n", command.usage);
        status = TEXT_BAD_INPUT;
    }
    app_classroom_close(&room);
    return status;
}

// The word words[0], with the lessons after it. -1 when there is no such word,
// or it is not followed by what it needs.
static int run_action(course_job *job, char **words, int count)
{
    static const struct {
        const char *word;
        course_run run;
        bool is_for_one; // lesson, that has to be named
    } actions[] = {
        { "check", check, false },           { "lock", lock, false },
        { "transcript", transcript, false }, { "words", list_words, true },
        { "handout", handout, true },
    };
    if (strcmp(words[0], "new") == 0 && count == 2)
        return make_new(job->room, words[1]);
    if (strcmp(words[0], "contents") == 0 && count == 1)
        return list_contents(job->room);
    if (strcmp(words[0], "watch") == 0 && count == 2)
        return watch(job, words[1]);
    for (size_t i = 0; i < ANT_ARRAY_LEN(actions); i++) {
        if (strcmp(words[0], actions[i].word) != 0) continue;
        if (actions[i].is_for_one && count != 2) return -1;
        job->run = actions[i].run;
        return run_job(job, words + 1, count - 1);
    }
    return -1;
}

static int run_job(course_job *job, char **names, int count)
{
    app_classroom *room = job->room;
    if (job->run == check) lesson_check_course(room->course, &room->problems);
    int status = for_lessons(job, names, count);
    if (status == TEXT_FINE) status = app_classroom_complain(room);
    if (job->run == check && status == TEXT_FINE)
        printf("%d %s, nothing to refuse\n", job->lessons,
               job->lessons == 1 ? "lesson" : "lessons");
    return status;
}

static int for_lessons(course_job *job, char **names, int count)
{
    int status = TEXT_FINE;
    const ant_course *course = job->room->course;
    for (int i = 0; i < count && status == TEXT_FINE; i++) {
        const course_lesson *row = app_classroom_find(job->room, names[i]);
        status = row != NULL ? with_lesson(job, row) : TEXT_BAD_INPUT;
    }
    for (uint32_t i = 0; i < course->lesson_count && count == 0; i++) {
        if (course->lesson[i].folder == NULL) continue;
        int its = with_lesson(job, &course->lesson[i]);
        if (its > status) status = its;
    }
    return status;
}

static int with_lesson(course_job *job, const course_lesson *row)
{
    ant_lesson *lesson;
    int err = lesson_open(row->folder, &lesson, &job->room->problems);
    if (err < 0) return app_classroom_complain(job->room);
    if (job->lang != NULL && lesson_translate(lesson, job->lang) < 0)
        fprintf(stderr, "antfarm: lesson %s is not there in the language %s\n",
                lesson->slug, job->lang);
    lesson_stage stage;
    lesson_stage_init(&stage, lesson, &job->room->studio);
    if (job->run == check)
        lesson_check_translations(lesson, &job->room->problems);
    job->lessons++;
    int status = job->run(job, &stage);
    lesson_stage_deinit(&stage);
    lesson_close(lesson);
    return status;
}

static int check(course_job *job, lesson_stage *stage)
{
    app_classroom *room = job->room;
    lesson_check_lesson(room->course, stage, &room->problems);
    app_classroom_check_views(stage->lesson, &room->problems);
    return TEXT_FINE;
}

static int watch(course_job *job, const char *name)
{
    job->run = check;
    job->watched = app_classroom_find(job->room, name);
    if (job->watched == NULL) return TEXT_BAD_INPUT;
    return app_watch(job->watched->folder, check_again, job);
}

static int check_again(void *arg)
{
    course_job *job = arg;
    int status = with_lesson(job, job->watched);
    if (status == TEXT_FINE) status = app_classroom_complain(job->room);
    if (status == TEXT_FINE)
        printf("%s: nothing to refuse\n", job->watched->slug);
    return status;
}

static int lock(course_job *job, lesson_stage *stage)
{
    app_classroom *room = job->room;
    char *answers = lesson_answers(stage, &room->problems);
    if (answers == NULL || lesson_problem_count(&room->problems) > 0) {
        ant_mem_free(answers);
        return app_classroom_complain(room);
    }
    char path[4096];
    snprintf(path, sizeof path, "%s/answers.lock", stage->lesson->folder);
    FILE *file = fopen(path, "w");
    int err = file == NULL || fputs(answers, file) < 0 ? -errno : 0;
    if (file != NULL && fclose(file) != 0) err = -errno;
    ant_mem_free(answers);
    if (err == 0) err = lesson_ship(stage, &room->problems);
    if (err == 0) return TEXT_FINE;
    fprintf(stderr, "antfarm: %s: cannot be written: %s\n", path,
            ant_err_text(err));
    return TEXT_BAD_INPUT;
}

static int transcript(course_job *job, lesson_stage *stage)
{
    app_classroom *room = job->room;
    lesson_script script = { 0 };
    const lesson_show show = { .course = room->course,
                               .stage = stage,
                               .problems = &room->problems,
                               .has_pictures = true };
    lesson_show_transcript(&show, &script);
    if (script.text != NULL) fputs(script.text, stdout);
    lesson_script_free(&script);
    return app_classroom_complain(room);
}

static int handout(course_job *job, lesson_stage *stage)
{
    return app_handout_write(&job->handout, job->room, stage);
}

static int list_words(course_job *job, lesson_stage *stage)
{
    ant_lesson *lesson;
    if (lesson_open(stage->lesson->folder, &lesson, &job->room->problems) < 0)
        return app_classroom_complain(job->room);
    lesson_words_write(lesson, stdout);
    lesson_close(lesson);
    return TEXT_FINE;
}

static int list_contents(app_classroom *room)
{
    int err = lesson_contents_write(room->course, stdout, &room->problems);
    int status = app_classroom_complain(room);
    return err == 0 ? status : TEXT_BAD_INPUT;
}

static int make_new(app_classroom *room, const char *name)
{
    ant_arena arena = { 0 };
    const char *slug = strchr(name, '-');
    bool is_name = slug != NULL && slug > name &&
                   strspn(name, "0123456789") == (size_t)(slug - name);
    if (!is_name) {
        fprintf(stderr,
                "antfarm: %s: a new lesson is called NUMBER-SLUG, as "
                "in 24-select\n",
                name);
        return TEXT_BAD_INPUT;
    }
    char *folder = ant_arena_print(&arena, "%s/%s", room->course->folder, name);
    int err = folder != NULL ? lesson_template_write(folder) : -ENOMEM;
    if (err == 0) {
        printf("%s is there. Write its lesson.md and its programs, name %s in "
               "a part of\n%s, then: antfarm course check %s\n",
               folder, slug + 1, room->course->path, slug + 1);
    } else {
        fprintf(stderr, "antfarm: %s: %s\n", folder, ant_err_text(err));
    }
    ant_arena_deinit(&arena);
    return err == 0 ? TEXT_FINE : TEXT_BAD_INPUT;
}
