// SPDX-License-Identifier: MIT

#include "app/classroom.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "text/file.h"
#include "view/panels.h"

#define PANEL_NAMES_MAX 400

static bool find_course(char *folder, size_t size);
static bool has_course(const char *folder);

int app_classroom_open(app_classroom *room, const char *folder)
{
    char found[PATH_MAX];
    *room = (app_classroom){ 0 };
    if (folder == NULL && !find_course(found, sizeof found)) {
        fputs("antfarm: there are no lessons here; say where they are with "
              "--lessons DIR\n",
              stderr);
        return TEXT_BAD_INPUT;
    }
    if (folder == NULL) folder = found;
    int err = lesson_course_open(folder, &room->course, &room->problems);
    if (err < 0) {
        room->course = NULL;
        app_classroom_complain(room);
        app_classroom_close(room);
        return TEXT_BAD_INPUT;
    }
    err = lesson_studio_open(folder, &room->studio);
    if (err == 0) return TEXT_FINE;
    fprintf(stderr, "antfarm: programs of lessons cannot be built here: %s\n",
            err == -ENOENT ? "antfarm.h and libantfarm.a are not beside this "
                             "program; try make, or make install"
                           : ant_err_text(err));
    app_classroom_close(room);
    return TEXT_BAD_INPUT;
}

void app_classroom_close(app_classroom *room)
{
    lesson_studio_close(&room->studio);
    lesson_course_close(room->course);
    lesson_problems_deinit(&room->problems);
}

const course_lesson *app_classroom_find(const app_classroom *room,
                                        const char *name)
{
    const course_lesson *row = lesson_course_find(room->course, name);
    if (row != NULL && row->folder != NULL) return row;
    fprintf(stderr,
            "antfarm: there is no lesson %s; antfarm learn lists them\n", name);
    return NULL;
}

int app_classroom_complain(app_classroom *room)
{
    uint32_t count = lesson_problem_count(&room->problems);
    for (uint32_t i = 0; i < count; i++) {
        const lesson_problem *problem = lesson_problem_at(&room->problems, i);
        if (problem->line > 0) {
            fprintf(stderr, "%s:%u: %s\n", problem->path, problem->line,
                    problem->text);
        } else {
            fprintf(stderr, "%s: %s\n", problem->path, problem->text);
        }
    }
    lesson_problems_deinit(&room->problems);
    return count > 0 ? TEXT_FINDING : TEXT_FINE;
}

// From here upwards, then where this program was installed.
static bool find_course(char *folder, size_t size)
{
    const char *const places[] = { "lessons", "../lessons", "../../lessons",
                                   "." };
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        snprintf(folder, size, "%s", places[i]);
        if (has_course(folder)) return true;
    }
    char self[PATH_MAX] = "";
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash = len > 0 ? strrchr(self, '/') : NULL;
    if (slash == NULL) return false;
    *slash = 0;
    const char *const beside[] = { "../lessons", "../share/antfarm/lessons" };
    for (unsigned i = 0; i < sizeof beside / sizeof *beside; i++) {
        int n = snprintf(folder, size, "%s/%s", self, beside[i]);
        if (n > 0 && (size_t)n < size && has_course(folder)) return true;
    }
    return false;
}

static bool has_course(const char *folder)
{
    char path[PATH_MAX + 16];
    snprintf(path, sizeof path, "%s/course.md", folder);
    return access(path, R_OK) == 0;
}

// "table, graph, queues"
static void list_panels(char *buf, size_t size)
{
    size_t len = 0;
    for (unsigned i = 0; i < VIEW_PANEL_COUNT && len < size; i++) {
        int n = snprintf(buf + len, size - len, "%s%s", i > 0 ? ", " : "",
                         view_panels[i].name);
        len += n > 0 ? (size_t)n : 0;
    }
}

void app_classroom_check_views(const ant_lesson *lesson,
                               lesson_problems *problems)
{
    char names[PANEL_NAMES_MAX] = "";
    list_panels(names, sizeof names);
    for (uint32_t i = 0; i < lesson->item_count; i++) {
        const lesson_item *item = &lesson->item[i];
        const char *view = item->kind == LESSON_STEP
                               ? lesson_field_of(&item->fields, "view")
                               : NULL;
        if (view == NULL || view_panel_find(view) != VIEW_PANEL_COUNT) continue;
        lesson_complain(problems, lesson->path, item->line,
                        "there is no view %s: write one of %s", view, names);
    }
}
