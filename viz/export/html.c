// SPDX-License-Identifier: MIT
//
// One page that plays a recording in any browser, with no network and no
// other file: the trace reduced to spans, steps and sentences as JSON, and the
// player of assets/player, which says what each list is for.
//
// The first PAGE_STEPS_MAX steps are on the page; it says what it leaves out.

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "export/formats.h"
#include "export/player.h"
#include "export/reasons.h"
#include "export/texts.h"
#include "text/file.h"
#include "text/json.h"
#include "text/sentence.h"
#include "view/view.h"

#define PAGE_STEPS_MAX 200000u

// The time axis of the page: whole numbers up to this.
#define AXIS_MAX 1e8

typedef struct page {
    export_job *job;
    ant_model *model;
    FILE *file;
    uint32_t step_count;
    export_texts texts;
    export_texts files; // of the source, as numbers of places
    unsigned used;      // a bit for each draw_state
} page;

static int write_mark(page *p, const char **mark);
static void write_title(const page *p);
static int write_trace(page *p);
static void write_about(page *p);
static void write_steps(page *p);
static void write_rows(page *p);
static void write_sites(page *p);
static void write_files(page *p);
static void write_looks(page *p);

int export__html(export_job *job)
{
    page p = { .job = job, .model = job->model, .file = job->out->file };
    p.step_count = p.model->step_count;
    if (p.step_count > PAGE_STEPS_MAX) p.step_count = PAGE_STEPS_MAX;
    // Number 0 of both lists is "".
    export__texts_add(&p.texts, "");
    export__texts_add(&p.files, "");

    const char *rest = (const char *)export__player_page;
    int err = 0;
    while (err == 0 && *rest != '\0') {
        size_t len = strcspn(rest, "@");
        fwrite(rest, 1, len, p.file);
        rest += len;
        if (*rest == '@') err = write_mark(&p, &rest);
    }
    if (p.texts.is_short || p.files.is_short) err = -ENOMEM;
    export__texts_free(&p.texts);
    export__texts_free(&p.files);
    return err;
}

// A name in the template between two @, and what stands there on the page.
static int write_mark(page *p, const char **mark)
{
    const char *name = *mark + 1;
    size_t len = strcspn(name, "@");
    *mark = name + len + (name[len] == '@');
    if (strncmp(name, "TRACE", len) == 0) return write_trace(p);
    if (strncmp(name, "TITLE", len) == 0) {
        write_title(p);
    } else if (strncmp(name, "STYLE", len) == 0) {
        fputs((const char *)export__player_style, p->file);
    } else if (strncmp(name, "SCRIPT", len) == 0) {
        fputs((const char *)export__player_script, p->file);
    }
    return 0;
}

// The name of the trace without its folders.
static const char *name_of(const page *p)
{
    const char *slash = strrchr(p->model->path, '/');
    return slash != NULL ? slash + 1 : p->model->path;
}

static void write_title(const page *p)
{
    for (const char *at = name_of(p); *at != '\0'; at++) {
        if (*at == '<' || *at == '&') {
            fprintf(p->file, "&#%d;", *at);
        } else {
            fputc(*at, p->file);
        }
    }
}

static int write_trace(page *p)
{
    write_about(p);
    write_steps(p);
    write_rows(p);
    fputs(",\n\"why\":", p->file);
    int err = export__reasons(p->job, p->step_count, &p->texts);
    write_sites(p);
    write_files(p);
    write_looks(p);
    fputs(",\n\"texts\":", p->file);
    export__texts_write(&p->texts, p->file);
    fputs("}", p->file);
    return err;
}

// What is not on the page, as a sentence; "" when all of it is.
static void say_left(const page *p, char *buf, size_t size)
{
    char all[32], some[32];
    uint32_t stride = export__reasons_stride(p->model, p->step_count);
    text_count(all, sizeof all, p->model->step_count);
    text_count(some, sizeof some, p->step_count);
    int len = 0;
    if (p->step_count < p->model->step_count) {
        len = snprintf(buf, size, "Only the first %s of %s steps are here. ",
                       some, all);
    }
    buf[len] = '\0';
    if (stride == 1) return;
    snprintf(buf + len, size - (size_t)len,
             "Why a task waits is looked up when something happens to it, else "
             "every %" PRIu32 " steps.",
             stride);
}

static void write_about(page *p)
{
    char left[192];
    say_left(p, left, sizeof left);
    fputs("{\"name\":", p->file);
    text_json_string(name_of(p), p->file);
    fprintf(p->file, ",\"virtual\":%s,\"left\":",
            p->model->info->is_virtual ? "true" : "false");
    text_json_string(left, p->file);
}

// --- Steps -------------------------------------------------------------------

typedef uint64_t (*step_fn)(page *p, uint32_t step);

static uint64_t time_of(page *p, uint32_t step)
{
    return model_t_ns(p->model, model_step_event(p->model, step));
}

static uint64_t place_of(page *p, uint32_t step)
{
    const ant_model *model = p->model;
    double end = model_axis_end(model, MODEL_AXIS_TIME);
    double x = model_x(model, MODEL_AXIS_TIME, model_step_event(model, step));
    return (uint64_t)(x / end * AXIS_MAX);
}

static uint64_t sentence_of(page *p, uint32_t step)
{
    char text[400];
    ant_event event;
    model_event(p->model, model_step_event(p->model, step), &event);
    text_sentence_write(p->model->reader, &event, text, sizeof text);
    return export__texts_add(&p->texts, text);
}

// Whom the step is about: whom it happens to, or else who does it.
static uint64_t task_of(page *p, uint32_t step)
{
    uint32_t event = model_step_event(p->model, step);
    uint32_t subject = model_subject(p->model, event);
    return subject != 0 ? subject : p->model->task[event];
}

// A list with a number for each step, or with its growth since the one before.
static void write_list(page *p, const char *name, step_fn value_of,
                       bool is_growth)
{
    uint64_t before = 0;
    fprintf(p->file, ",\n\"%s\":[", name);
    for (uint32_t step = 0; step < p->step_count; step++) {
        uint64_t value = value_of(p, step);
        fprintf(p->file, "%s%" PRIu64, step > 0 ? "," : "", value - before);
        if (is_growth) before = value;
    }
    fputc(']', p->file);
}

static void write_steps(page *p)
{
    write_list(p, "t", time_of, true);
    write_list(p, "x", place_of, true);
    write_list(p, "say", sentence_of, false);
    write_list(p, "who", task_of, false);
}

// --- Rows of spans -----------------------------------------------------------

static uint32_t step_of(const page *p, uint32_t event)
{
    bool is_end = event >= p->model->event_count;
    uint32_t step = is_end ? p->step_count : model_step_of(p->model, event);
    return step < p->step_count ? step : p->step_count;
}

// [from, to, state, more, …] in steps. A span within one step is not seen.
static void write_spans(page *p, model_track_kind kind, uint32_t row)
{
    model_track track = model_track_of(p->model, kind, row);
    bool has_any = false;
    fputs(",\"spans\":[", p->file);
    for (uint32_t i = 0; i < track.count; i++) {
        const model_span *span = &track.spans[i];
        uint32_t from = step_of(p, span->from);
        uint32_t to = step_of(p, span->to);
        if (from == to) continue;
        unsigned state = span->state;
        uint32_t more = span->task;
        if (kind == MODEL_TRACK_TASK) {
            char label[128] = "";
            state = view_task_look((model_task_state)span->state);
            p->used |= 1u << state;
            if (span->wait != 0) {
                model_wait_label(p->model, span->wait, label, sizeof label);
            }
            more = export__texts_add(&p->texts, label);
        }
        fprintf(p->file, "%s%" PRIu32 ",%" PRIu32 ",%u,%" PRIu32,
                has_any ? "," : "", from, to, state, more);
        has_any = true;
    }
    fputs("]}", p->file);
}

static void write_row(page *p, model_track_kind kind, uint32_t row,
                      const char *name, uint32_t id)
{
    fprintf(p->file, ",\n{\"id\":%" PRIu32 ",\"name\":", id);
    text_json_string(name, p->file);
    write_spans(p, kind, row);
}

// Row 0 of a list is nobody.
static const char nobody[] = "[{\"id\":0,\"name\":\"\",\"spans\":[]}";

static void write_rows(page *p)
{
    const ant_model *model = p->model;
    fprintf(p->file, ",\n\"lanes\":%s", nobody);
    for (uint32_t i = 1; i < model->lane_count; i++) {
        write_row(p, MODEL_TRACK_LANE, i, model->lanes[i].name, 0);
    }
    fprintf(p->file, "],\n\"tasks\":%s", nobody);
    for (uint32_t i = 1; i < model->task_count; i++) {
        write_row(p, MODEL_TRACK_TASK, i, model->tasks[i].name,
                  model->tasks[i].id);
    }
    fprintf(p->file, "],\n\"locks\":%s", nobody);
    for (uint32_t i = 1; i < model->res_count; i++) {
        if (model->res[i].spans.count == 0) continue;
        char name[128];
        model_res_label(model, i, name, sizeof name);
        write_row(p, MODEL_TRACK_RES, i, name, 0);
    }
    fputc(']', p->file);
}

// --- Source ------------------------------------------------------------------

// [task, step, file, line, …] whenever a task's place changes.
static void write_sites(page *p)
{
    bool has_any = false;
    uint32_t *line_of = ant_mem_alloc(p->model->task_count * sizeof *line_of);
    fputs(",\n\"sites\":[", p->file);
    for (uint32_t step = 0; line_of != NULL && step < p->step_count; step++) {
        model_site site;
        uint32_t task = (uint32_t)task_of(p, step);
        uint32_t event = model_step_event(p->model, step);
        if (model_sites(p->model, task, event, &site, 1) == 0) continue;
        if (line_of[task] == site.line) continue;
        line_of[task] = site.line;
        uint32_t file = export__texts_add(&p->files, site.file);
        fprintf(p->file, "%s%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%" PRIu32,
                has_any ? "," : "", task, step, file, site.line);
        has_any = true;
    }
    fputc(']', p->file);
    if (line_of == NULL) p->texts.is_short = true;
    ant_mem_free(line_of);
}

static void write_file(page *p, const char *name)
{
    const model_source *source =
        *name != '\0' ? model_source_of(p->model, name) : NULL;
    fputs("{\"name\":", p->file);
    text_json_string(name, p->file);
    fputs(",\"lines\":[", p->file);
    for (uint32_t i = 0; source != NULL && i < source->line_count; i++) {
        if (i > 0) fputs(",\n", p->file);
        text_json_string(source->lines[i], p->file);
    }
    fputs("]}", p->file);
}

static void write_files(page *p)
{
    fputs(",\n\"files\":[", p->file);
    for (uint32_t i = 0; i < p->files.count; i++) {
        if (i > 0) fputs(",\n", p->file);
        write_file(p, export__texts_get(&p->files, i));
    }
    fputc(']', p->file);
}

// --- Colours -----------------------------------------------------------------

static void write_color(page *p, const char *name, draw_color color)
{
    fprintf(p->file, "\"%s\":\"#%06" PRIx32 "\",", name, color & 0xFFFFFFu);
}

// The ink of a pattern lets the colour shine through.
static void write_state(page *p, draw_state state, const char *name)
{
    static const char *const pattern[DRAW_PATTERN_COUNT] = {
        [DRAW_SOLID] = "solid",       [DRAW_OUTLINE] = "outline",
        [DRAW_DOTS] = "dots",         [DRAW_STRIPES] = "stripes",
        [DRAW_VERTICAL] = "vertical", [DRAW_HORIZONTAL] = "horizontal",
        [DRAW_CROSS] = "cross",       [DRAW_DIAGONAL] = "diagonal",
        [DRAW_GRID] = "grid",         [DRAW_HATCH] = "hatch",
        [DRAW_ZIGZAG] = "solid",
    };
    const draw_state_look *look =
        &draw_palette_of(DRAW_THEME_DARK)->state[state];
    bool is_end = state == DRAW_STATE_DONE || state == DRAW_STATE_CANCELLED;
    unsigned alpha = look->ink >> 24;
    fprintf(p->file, "%s{\"name\":\"%s\",\"letter\":\"%s\",\"meaning\":",
            state > 0 ? ",\n" : "", name, look->letter);
    text_json_string(look->meaning, p->file);
    fprintf(p->file, ",\"pattern\":\"%s\",\"end\":%s,\"used\":%s,",
            pattern[look->pattern], is_end ? "true" : "false",
            p->used >> state & 1 ? "true" : "false");
    write_color(p, "color", look->color);
    write_color(p, "text", look->text);
    fprintf(p->file, "\"ink\":\"#%06" PRIx32 "%02x\"}", look->ink & 0xFFFFFFu,
            alpha);
}

static void write_theme(page *p, draw_theme theme)
{
    const draw_palette *look = draw_palette_of(theme);
    fprintf(p->file, "%s\"%s\":{", theme > 0 ? ",\n" : "",
            draw_theme_name(theme));
    write_color(p, "background", look->background);
    write_color(p, "panel", look->panel);
    write_color(p, "row", look->row);
    write_color(p, "rule", look->rule);
    write_color(p, "text", look->text);
    write_color(p, "text_dim", look->text_dim);
    write_color(p, "accent", look->accent);
    write_color(p, "hover", look->hover);
    write_color(p, "cursor", look->cursor);
    write_color(p, "current_line", look->current_line);
    write_color(p, "alert", look->alert);
    write_color(p, "hatch", look->hatch);
    write_color(p, "border",
                look->has_borders ? look->border : look->background);
    fprintf(p->file, "\"scheme\":\"%s\"}",
            theme == DRAW_THEME_DARK ? "dark" : "light");
}

static void write_looks(page *p)
{
    static const char *const name[DRAW_STATE_COUNT] = {
#define NAME(state, ...) [DRAW_STATE_##state] = #state,
        DRAW_STATES(NAME)
#undef NAME
    };
    fputs(",\n\"states\":[", p->file);
    for (unsigned i = 0; i < DRAW_STATE_COUNT; i++) {
        write_state(p, (draw_state)i, name[i]);
    }
    fputs("],\n\"themes\":{", p->file);
    for (unsigned i = 0; i < DRAW_THEME_COUNT; i++) {
        write_theme(p, (draw_theme)i);
    }
    fprintf(p->file, "},\n\"polling\":%d,\"blocking\":%d,\"laneStates\":[",
            DRAW_STATE_POLLING, DRAW_STATE_BLOCKING);
    for (unsigned i = 0; i < MODEL_LANE_STATE_COUNT; i++) {
        if (i > 0) fputc(',', p->file);
        text_json_string(model_lane_state_name((model_lane_state)i), p->file);
    }
    fputc(']', p->file);
}
