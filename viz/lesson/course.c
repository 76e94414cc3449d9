// SPDX-License-Identifier: MIT

#include "lesson/course.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

typedef struct course_reader {
    ant_course *course;
    lesson_problems *problems;
    model_buf parts;
    model_buf lessons;
    model_buf beliefs;
} course_reader;

static int read_course(course_reader *r, const char *folder);
static int read_part(course_reader *r, const lesson_piece *piece);
static int read_lessons(course_reader *r, const lesson_field *field);
static int read_beliefs(course_reader *r, const lesson_piece *piece);
static int find_folders(course_reader *r);
static int match_folder(course_reader *r, const char *name);
static const void *keep(course_reader *r, model_buf *rows, size_t row_bytes);

int lesson_course_open(const char *folder, ant_course **ret_course,
                       lesson_problems *problems)
{
    ant_course *course = ant_mem_alloc(sizeof *course);
    if (course == NULL) return -ENOMEM;
    course_reader r = { .course = course, .problems = problems };
    int err = read_course(&r, folder);
    model__buf_free(&r.parts);
    model__buf_free(&r.lessons);
    model__buf_free(&r.beliefs);
    if (err < 0) {
        lesson_course_close(course);
        return err;
    }
    *ret_course = course;
    return 0;
}

void lesson_course_close(ant_course *course)
{
    if (course == NULL) return;
    ant_arena_deinit(&course->arena);
    ant_mem_free(course);
}

const course_lesson *lesson_course_find(const ant_course *course,
                                        const char *name)
{
    char *end;
    unsigned long number = strtoul(name, &end, 10);
    for (uint32_t i = 0; i < course->lesson_count; i++) {
        const course_lesson *row = &course->lesson[i];
        bool is_number = end != name && row->number == number;
        bool is_rest =
            *end == 0 || (*end == '-' && strcmp(end + 1, row->slug) == 0);
        if (is_number && is_rest) return row;
        if (strcmp(row->slug, name) == 0) return row;
    }
    return NULL;
}

const course_belief *lesson_course_belief_of(const ant_course *course,
                                             const char *tag)
{
    for (uint32_t i = 0; i < course->belief_count; i++) {
        if (strcmp(course->belief[i].tag, tag) == 0) return &course->belief[i];
    }
    return NULL;
}

static int read_course(course_reader *r, const char *folder)
{
    ant_course *course = r->course;
    course->folder = ant_arena_text(&course->arena, folder, strlen(folder));
    course->path = ant_arena_print(&course->arena, "%s/course.md", folder);
    if (course->folder == NULL || course->path == NULL) return -ENOMEM;
    lesson_page page;
    int err =
        lesson_page_read(course->path, &course->arena, &page, r->problems);
    if (err < 0) return err;
    const char *title = lesson_field_of(&page.head, "title");
    course->title = title != NULL ? title : "The course";
    for (uint32_t i = 0; i < page.piece_count && err == 0; i++) {
        const char *info = page.piece[i].info;
        if (info == NULL) continue;
        if (strncmp(info, "part ", 5) == 0) err = read_part(r, &page.piece[i]);
        if (strcmp(info, "beliefs") == 0) err = read_beliefs(r, &page.piece[i]);
    }
    if (err == 0) err = find_folders(r);
    course->part_count = (uint32_t)r->parts.len;
    course->lesson_count = (uint32_t)r->lessons.len;
    course->belief_count = (uint32_t)r->beliefs.len;
    course->part = keep(r, &r->parts, sizeof *course->part);
    course->lesson = keep(r, &r->lessons, sizeof *course->lesson);
    course->belief = keep(r, &r->beliefs, sizeof *course->belief);
    bool is_whole = course->part != NULL && course->lesson != NULL &&
                    course->belief != NULL;
    return err == 0 && !is_whole ? -ENOMEM : err;
}

static int read_part(course_reader *r, const lesson_piece *piece)
{
    lesson_fields fields;
    int err = lesson_fields_read(piece->text, piece->line, r->course->path,
                                 &r->course->arena, &fields, r->problems);
    if (err < 0) return err;
    const char *title = lesson_field_of(&fields, "title");
    const char *minutes = lesson_field_of(&fields, "minutes");
    course_part *added = model__buf_push(&r->parts, sizeof *added);
    if (added == NULL) return -ENOMEM;
    *added = (course_part){
        .letter = piece->info + strlen("part "),
        .title = title != NULL ? title : "",
        .minutes = minutes != NULL ? (uint32_t)strtoul(minutes, NULL, 10) : 0,
        .line = piece->line - 1,
    };
    if (title == NULL || added->minutes == 0) {
        lesson_complain(r->problems, r->course->path, piece->line,
                        "a part has title:, minutes: and lessons:");
    }
    for (uint32_t i = 0; i < fields.count && err == 0; i++) {
        bool is_list = strcmp(fields.field[i].key, "lessons") == 0;
        if (is_list) err = read_lessons(r, &fields.field[i]);
    }
    return err;
}

static int read_lessons(course_reader *r, const lesson_field *field)
{
    const char *at = field->value;
    while (*(at += strspn(at, " ")) != 0) {
        size_t len = strcspn(at, " ");
        course_lesson *added = model__buf_push(&r->lessons, sizeof *added);
        if (added == NULL) return -ENOMEM;
        *added = (course_lesson){
            .slug = ant_arena_text(&r->course->arena, at, len),
            .part = (uint32_t)r->parts.len - 1,
            .line = field->line,
        };
        if (added->slug == NULL) return -ENOMEM;
        at += len;
    }
    return 0;
}

static int read_beliefs(course_reader *r, const lesson_piece *piece)
{
    lesson_fields fields;
    int err = lesson_fields_read(piece->text, piece->line, r->course->path,
                                 &r->course->arena, &fields, r->problems);
    for (uint32_t i = 0; i < fields.count && err == 0; i++) {
        course_belief *added = model__buf_push(&r->beliefs, sizeof *added);
        if (added == NULL) return -ENOMEM;
        *added = (course_belief){ fields.field[i].key, fields.field[i].value,
                                  fields.field[i].line };
    }
    return err;
}

static int find_folders(course_reader *r)
{
    DIR *folder = opendir(r->course->folder);
    if (folder == NULL) return -errno;
    int err = 0;
    for (struct dirent *entry; err == 0 && (entry = readdir(folder));) {
        err = match_folder(r, entry->d_name);
    }
    closedir(folder);
    return err;
}

// A folder NN-slug belongs to the lesson `slug`, once it has a page.
static int match_folder(course_reader *r, const char *name)
{
    char *end;
    unsigned long number = strtoul(name, &end, 10);
    if (end == name || *end != '-') return 0;
    ant_arena *arena = &r->course->arena;
    char *path =
        ant_arena_print(arena, "%s/%s/lesson.md", r->course->folder, name);
    if (path == NULL) return -ENOMEM;
    FILE *page = fopen(path, "r");
    if (page == NULL) return 0;
    fclose(page);
    course_lesson *rows = r->lessons.data;
    for (size_t i = 0; i < r->lessons.len; i++) {
        if (strcmp(rows[i].slug, end + 1) != 0) continue;
        rows[i].number = (uint32_t)number;
        rows[i].folder =
            ant_arena_print(arena, "%s/%s", r->course->folder, name);
        return rows[i].folder != NULL ? 0 : -ENOMEM;
    }
    lesson_complain(
        r->problems, r->course->path, 0,
        "no part has the lesson %s: write it into a lessons:", end + 1);
    return 0;
}

static const void *keep(course_reader *r, model_buf *rows, size_t row_bytes)
{
    void *copy = ant_arena_alloc(&r->course->arena, rows->len * row_bytes + 1);
    if (copy != NULL && rows->len > 0)
        memcpy(copy, rows->data, rows->len * row_bytes);
    return copy;
}
