// SPDX-License-Identifier: MIT

#include "lesson/contents.h"

#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "lesson/lesson.h"

static int read_breaks(const ant_course *course, ant_arena *arena,
                       const char **ret_breaks, lesson_problems *problems);
static void write_part(const ant_course *course, uint32_t part, FILE *out);
static void write_belief(const ant_course *course, const course_belief *belief,
                         const char *const *breaks, FILE *out);

int lesson_contents_write(const ant_course *course, FILE *out,
                          lesson_problems *problems)
{
    ant_arena arena = { 0 };
    const size_t bytes = course->lesson_count * sizeof(char *);
    const char **breaks = ant_arena_alloc(&arena, bytes + 1);
    int err = breaks != NULL ? read_breaks(course, &arena, breaks, problems)
                             : -ENOMEM;
    if (err == 0) {
        fputs("| Part | Lessons |\n|---|---|\n", out);
        for (uint32_t i = 0; i < course->part_count; i++)
            write_part(course, i, out);
        fputs("\nThose with a link are there. The others are the plan.\n\n"
              "| | Wrong belief | Lessons that break it |\n|---|---|---|\n",
              out);
        for (uint32_t i = 0; i < course->belief_count; i++)
            write_belief(course, &course->belief[i], breaks, out);
    }
    ant_arena_deinit(&arena);
    return err;
}

// What each lesson breaks, "MC06 MC10"; "" for one that is planned.
static int read_breaks(const ant_course *course, ant_arena *arena,
                       const char **ret_breaks, lesson_problems *problems)
{
    for (uint32_t i = 0; i < course->lesson_count; i++) {
        ret_breaks[i] = "";
        if (course->lesson[i].folder == NULL) continue;
        ant_lesson *lesson;
        int err = lesson_open(course->lesson[i].folder, &lesson, problems);
        if (err < 0) return err;
        const char *tags = lesson_field_of(&lesson->head, "breaks");
        if (tags != NULL)
            ret_breaks[i] = ant_arena_text(arena, tags, strlen(tags));
        lesson_close(lesson);
        if (ret_breaks[i] == NULL) return -ENOMEM;
    }
    return 0;
}

static const char *folder_name(const course_lesson *lesson)
{
    const char *slash = strrchr(lesson->folder, '/');
    return slash != NULL ? slash + 1 : lesson->folder;
}

static void write_part(const ant_course *course, uint32_t part, FILE *out)
{
    const char *between = "";
    fprintf(out, "| %s %s | ", course->part[part].letter,
            course->part[part].title);
    for (uint32_t i = 0; i < course->lesson_count; i++) {
        const course_lesson *lesson = &course->lesson[i];
        if (lesson->part != part) continue;
        // Numbers follow the order, so one that is planned has its place.
        if (lesson->folder == NULL)
            fprintf(out, "%s%02u %s", between, i + 1, lesson->slug);
        else
            fprintf(out, "%s[**%02u %s**](%s/lesson.md)", between,
                    lesson->number, lesson->slug, folder_name(lesson));
        between = ", ";
    }
    fputs(" |\n", out);
}

static void write_belief(const ant_course *course, const course_belief *belief,
                         const char *const *breaks, FILE *out)
{
    const char *between = "";
    fprintf(out, "| %s | %s | ", belief->tag, belief->text);
    for (uint32_t i = 0; i < course->lesson_count; i++) {
        const course_lesson *lesson = &course->lesson[i];
        if (strstr(breaks[i], belief->tag) == NULL) continue;
        fprintf(out, "%s[%02u](%s/lesson.md)", between, lesson->number,
                folder_name(lesson));
        between = ", ";
    }
    fputs(" |\n", out);
}
