// SPDX-License-Identifier: MIT

#include "lesson/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define LESSONS_MAX 100u

// The lessons that are there, opened.
typedef struct checked_course {
    const ant_course *course;
    ant_lesson *lesson[LESSONS_MAX]; // NULL: planned, or cannot be read
    lesson_problems *problems;
} checked_course;

static void check_minutes(const checked_course *all);
static void check_parts(const checked_course *all);
static void check_needs(const checked_course *all);
static bool leads_back(const checked_course *all, uint32_t from, uint32_t to,
                       unsigned depth);
static uint32_t next_need(const checked_course *all, const char **list);
static void check_beliefs(const checked_course *all);
static uint32_t row_of(const ant_course *course, const char *slug, size_t len);

void lesson_check_course(const ant_course *course, lesson_problems *problems)
{
    checked_course all = { .course = course, .problems = problems };
    lesson_problems own = { 0 }; // lesson_check_lesson says these
    for (uint32_t i = 0; i < course->lesson_count && i < LESSONS_MAX; i++) {
        const char *folder = course->lesson[i].folder;
        if (folder == NULL) continue;
        if (lesson_open(folder, &all.lesson[i], &own) < 0) all.lesson[i] = NULL;
    }
    check_parts(&all);
    check_minutes(&all);
    check_needs(&all);
    check_beliefs(&all);
    for (uint32_t i = 0; i < LESSONS_MAX; i++)
        lesson_close(all.lesson[i]);
    lesson_problems_deinit(&own);
}

void lesson_check_lesson(const ant_course *course, lesson_stage *stage,
                         lesson_problems *problems)
{
    lesson_check_text(course, stage->lesson, problems);
    uint32_t before = lesson_problem_count(problems);
    lesson_check_runs(stage, problems);
    // Answers of programs that do not run would only repeat that.
    if (lesson_problem_count(problems) == before) {
        lesson_check_options(stage, problems);
        lesson_check_games(stage, problems);
        lesson_check_lock(stage, problems);
        lesson_check_shipped(stage, problems);
    }
    if (stage->lesson->exercise != NULL) lesson_check_exercise(stage, problems);
}

static void check_parts(const checked_course *all)
{
    const ant_course *course = all->course;
    uint32_t number = 0;
    for (uint32_t i = 0; i < course->lesson_count; i++) {
        const course_lesson *row = &course->lesson[i];
        if (row->folder == NULL) continue;
        if (row->number <= number) {
            lesson_complain(all->problems, course->path, row->line,
                            "%s is number %u, after number %u: the folders' "
                            "numbers follow the order of the course",
                            row->slug, row->number, number);
        }
        number = row->number;
        const ant_lesson *lesson = all->lesson[i];
        const char *letter = course->part[row->part].letter;
        if (lesson != NULL && strcmp(lesson->part, letter) != 0) {
            lesson_complain(all->problems, lesson->path, 1,
                            "part: %s, but course.md has it in part %s",
                            lesson->part, letter);
        }
    }
}

static void check_minutes(const checked_course *all)
{
    const ant_course *course = all->course;
    for (uint32_t part = 0; part < course->part_count; part++) {
        uint32_t sum = 0;
        for (uint32_t i = 0; i < course->lesson_count; i++) {
            bool is_in = course->lesson[i].part == part;
            if (is_in && all->lesson[i] != NULL) sum += all->lesson[i]->minutes;
        }
        if (sum <= course->part[part].minutes) continue;
        lesson_complain(all->problems, course->path, course->part[part].line,
                        "part %s says %u minutes, its lessons take %u",
                        course->part[part].letter, course->part[part].minutes,
                        sum);
    }
}

static void check_needs(const checked_course *all)
{
    const ant_course *course = all->course;
    for (uint32_t i = 0; i < course->lesson_count; i++) {
        if (all->lesson[i] == NULL) continue;
        const ant_lesson *lesson = all->lesson[i];
        const char *list = lesson_field_of(&lesson->head, "needs");
        while (list != NULL && *(list += strspn(list, " ")) != 0) {
            const char *slug = list;
            size_t len = strcspn(slug, " ");
            uint32_t need = next_need(all, &list);
            if (need == LESSONS_MAX) {
                lesson_complain(all->problems, lesson->path, 1,
                                "needs: there is no lesson %.*s", (int)len,
                                slug);
            } else if (leads_back(all, need, i, 0)) {
                lesson_complain(all->problems, lesson->path, 1,
                                "needs: %.*s needs this lesson, too: one of "
                                "them comes first",
                                (int)len, slug);
            }
        }
    }
}

static bool leads_back(const checked_course *all, uint32_t from, uint32_t to,
                       unsigned depth)
{
    if (from == to) return true;
    if (from >= LESSONS_MAX || all->lesson[from] == NULL) return false;
    if (depth > all->course->lesson_count) return false; // another circle
    const char *list = lesson_field_of(&all->lesson[from]->head, "needs");
    while (list != NULL && *(list += strspn(list, " ")) != 0) {
        if (leads_back(all, next_need(all, &list), to, depth + 1)) return true;
    }
    return false;
}

// The row that the next word of *list names, LESSONS_MAX when none is.
static uint32_t next_need(const checked_course *all, const char **list)
{
    size_t len = strcspn(*list, " ");
    uint32_t need = row_of(all->course, *list, len);
    *list += len;
    return need;
}

static uint32_t row_of(const ant_course *course, const char *slug, size_t len)
{
    for (uint32_t i = 0; i < course->lesson_count && i < LESSONS_MAX; i++) {
        const char *its = course->lesson[i].slug;
        if (strlen(its) == len && memcmp(its, slug, len) == 0) return i;
    }
    return LESSONS_MAX;
}

static void check_beliefs(const checked_course *all)
{
    const ant_course *course = all->course;
    for (uint32_t b = 0; b < course->belief_count; b++) {
        const char *tag = course->belief[b].tag;
        bool is_broken = false;
        for (uint32_t i = 0; i < LESSONS_MAX && !is_broken; i++) {
            if (all->lesson[i] == NULL) continue;
            const char *list = lesson_field_of(&all->lesson[i]->head, "breaks");
            is_broken = list != NULL && strstr(list, tag) != NULL;
        }
        if (is_broken) continue;
        lesson_complain(all->problems, course->path, course->belief[b].line,
                        "no lesson breaks %s: name it in a breaks:, or take "
                        "it out",
                        tag);
    }
}
