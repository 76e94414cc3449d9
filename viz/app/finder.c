// SPDX-License-Identifier: MIT

#include "app/finder.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/keys.h"
#include "base/err.h"
#include "text/place.h"
#include "text/sentence.h"
#include "view/panels.h"

// So many events are looked at for the list; n goes on from there.
#define EVENTS_IN_LIST 20000u
#define EVENT_PICK_MAX 24

// What a pick means, in `what`. The commands use it for their action.
enum { PICK_TASK, PICK_LANE, PICK_RES, PICK_FILE, PICK_EVENT, PICK_PLACE };

typedef struct finder {
    const char *title;
    const char *hint;
    // Fills in what is offered for the text.
    void (*fill)(ant_app *app, view_picker *picker);
    // Does it; `pick` is NULL when the list is empty.
    void (*take)(ant_app *app, const view_picker *picker,
                 const view_pick *pick);
} finder;

static void fill_commands(ant_app *app, view_picker *picker);
static void fill_things(ant_app *app, view_picker *picker);
static void fill_places(ant_app *app, view_picker *picker);
static void fill_marks(ant_app *app, view_picker *picker);
static void fill_note(ant_app *app, view_picker *picker);
static void fill_filter(ant_app *app, view_picker *picker);
static void take_command(ant_app *app, const view_picker *picker,
                         const view_pick *pick);
static void take_thing(ant_app *app, const view_picker *picker,
                       const view_pick *pick);
static void take_pick(ant_app *app, const view_picker *picker,
                      const view_pick *pick);
static void take_note(ant_app *app, const view_picker *picker,
                      const view_pick *pick);
static void take_filter(ant_app *app, const view_picker *picker,
                        const view_pick *pick);

static void refill(ant_app *app);
static void take(ant_app *app);

static const finder finders[APP_FIND_COUNT] = {
    [APP_FIND_COMMAND] = { "COMMANDS", "what do you want to do?", fill_commands,
                           take_command },
    [APP_FIND_THING] = { "SEARCH", "task, lock, worker, file, words of events",
                         fill_things, take_thing },
    [APP_FIND_PLACE] = { "GO TO", "12.4ms   s118   e500   task:7", fill_places,
                         take_pick },
    [APP_FIND_MARK] = { "BOOKMARKS", "words of a bookmark", fill_marks,
                        take_pick },
    [APP_FIND_NOTE] = { "BOOKMARK HERE", "a few words about this moment",
                        fill_note, take_note },
    [APP_FIND_FILTER] = { "SHOW ONLY TASKS WITH",
                          "words of name, state or file; nothing: all tasks",
                          fill_filter, take_filter },
};

void app_find_open(ant_app *app, app_find find)
{
    app->find = find;
    view_picker_open(&app->picker, finders[find].title, finders[find].hint);
    if (find == APP_FIND_FILTER) {
        snprintf(app->picker.field.text, UI_FIELD_MAX, "%s", app->view->filter);
    }
}

// What was taken is done at once: the next key in the same frame is no longer
// for the picker.
void app_find_key(ant_app *app, ui_key_press press)
{
    view_picker_key(&app->picker, press);
    if (app->picker.is_taken) take(app);
}

void app_find_draw(ant_app *app, draw_rect window)
{
    refill(app);
    view_picker_draw(&app->view->ui, window, &app->picker);
    if (app->picker.is_taken) take(app);
}

static void refill(ant_app *app)
{
    view_picker *picker = &app->picker;
    if (!picker->is_stale) return;
    picker->count = 0;
    finders[app->find].fill(app, picker);
    picker->is_stale = false;
}

// It may open the picker again for something else.
static void take(ant_app *app)
{
    view_picker *picker = &app->picker;
    refill(app);
    view_pick pick = { 0 };
    bool has_pick = picker->selected < picker->count;
    if (has_pick) pick = picker->pick[picker->selected];
    picker->is_open = false;
    picker->is_taken = false;
    finders[app->find].take(app, picker, has_pick ? &pick : NULL);
}

// --- Bookmarks -------------------------------------------------------------

static void say_marks(ant_app *app, int err, const char *what)
{
    if (err == 0) app_say(app, "%s", what);
    if (err < 0) {
        app_say(app, "%s.marks cannot be written: %s", app->model->path,
                ant_err_text(err));
    }
}

void app_mark_toggle(ant_app *app)
{
    uint32_t event = app->replay.event;
    if (app->model->event_count == 0) return;
    if (replay_marks_at(&app->marks, event) != NULL) {
        say_marks(app, replay_marks_remove(&app->marks, event),
                  "Bookmark removed.");
        return;
    }
    char text[REPLAY_MARK_TEXT_MAX];
    ant_event happened;
    model_event(app->model, event, &happened);
    text_sentence_write(app->model->reader, &happened, text, sizeof(text));
    say_marks(app, replay_marks_put(&app->marks, event, text),
              "Bookmark set; \" writes a note, ' lists all.");
}

void app_mark_step(ant_app *app, int by)
{
    const replay_bookmark *mark =
        replay_marks_next(&app->marks, app->replay.event, by);
    if (mark == NULL) {
        app_say(app, app->marks.count == 0 ? "No bookmarks yet; m sets one."
                     : by > 0              ? "No bookmark after this moment."
                                           : "No bookmark before this moment.");
        return;
    }
    replay_seek_event(&app->replay, mark->event);
    app_say(app, "Bookmark: %s", mark->text);
}

// --- Filling ---------------------------------------------------------------

// An empty item at the end of the list, or NULL when it is full.
static view_pick *add(view_picker *picker, uint32_t what, uint32_t row)
{
    if (picker->count == VIEW_PICK_MAX) return NULL;
    view_pick *pick = &picker->pick[picker->count++];
    *pick = (view_pick){ .what = what, .row = row };
    return pick;
}

static bool contains(const char *text, const char *words)
{
    return strcasestr(text, words) != NULL;
}

static void fill_commands(ant_app *app, view_picker *picker)
{
    const view_key_help *commands = NULL;
    unsigned count = app_key_help(&commands);
    (void)app;
    for (unsigned i = 0; i < count; i++) {
        if (!contains(commands[i].text, picker->field.text)) continue;
        view_pick *pick = add(picker, commands[i].action, 0);
        if (pick == NULL) return;
        snprintf(pick->text, sizeof(pick->text), "%s", commands[i].text);
        snprintf(pick->detail, sizeof(pick->detail), "%s", commands[i].key);
    }
}

static void add_task(ant_app *app, view_picker *picker, uint32_t task)
{
    const model_task *row = &app->model->tasks[task];
    view_pick *pick = add(picker, PICK_TASK, task);
    if (pick == NULL) return;
    uint8_t state = app->replay.world.tasks[task].state;
    snprintf(pick->text, sizeof(pick->text), "task %u %s", row->id, row->name);
    snprintf(pick->detail, sizeof(pick->detail), "%s",
             model_task_state_name((model_task_state)state));
}

static void add_tasks(ant_app *app, view_picker *picker, const char *text)
{
    const ant_model *model = app->model;
    for (uint32_t i = 1; i < model->task_count; i++) {
        char label[128];
        if (picker->count >= VIEW_PICK_MAX / 2) return;
        model_task_label(model, i, label, sizeof(label));
        bool is_it =
            contains(label, text) || contains(model->tasks[i].type, text);
        if (is_it) add_task(app, picker, i);
    }
}

static void add_things(ant_app *app, view_picker *picker, const char *text)
{
    const ant_model *model = app->model;
    for (uint32_t i = 1; i < model->lane_count; i++) {
        if (!contains(model->lanes[i].name, text)) continue;
        view_pick *pick = add(picker, PICK_LANE, i);
        if (pick == NULL) return;
        model_lane_label(model, i, pick->text, sizeof(pick->text));
        snprintf(pick->detail, sizeof(pick->detail), "worker or thread");
    }
    for (uint32_t i = 1; i < model->res_count; i++) {
        uint8_t kind = model->res[i].kind;
        bool is_thing = kind != ANT_RES_TIMER && kind != ANT_RES_TASK;
        if (!is_thing || !contains(model->res[i].name, text)) continue;
        view_pick *pick = add(picker, PICK_RES, i);
        if (pick == NULL) return;
        model_res_label(model, i, pick->text, sizeof(pick->text));
        snprintf(pick->detail, sizeof(pick->detail), "%u waited at most",
                 model->res[i].waiter_max);
    }
}

static bool has_file(const view_picker *picker, const char *file)
{
    for (uint32_t i = 0; i < picker->count; i++) {
        const view_pick *pick = &picker->pick[i];
        if (pick->what == PICK_FILE && strcmp(pick->text, file) == 0) {
            return true;
        }
    }
    return false;
}

// A file stands for the first task of a type that is written in it.
static void add_files(ant_app *app, view_picker *picker, const char *text)
{
    const ant_model *model = app->model;
    for (uint32_t i = 1; i < model->task_count; i++) {
        const char *file = model->types[model->tasks[i].type_id].file;
        if (file[0] == '\0') file = model->tasks[i].file;
        if (file[0] == '\0' || !contains(file, text)) continue;
        if (has_file(picker, file)) continue;
        view_pick *pick = add(picker, PICK_FILE, i);
        if (pick == NULL) return;
        snprintf(pick->text, sizeof(pick->text), "%s", file);
        snprintf(pick->detail, sizeof(pick->detail), "source file");
    }
}

static void add_event(ant_app *app, view_picker *picker, uint32_t event)
{
    view_pick *pick = add(picker, PICK_EVENT, event);
    if (pick == NULL) return;
    ant_event happened;
    model_event(app->model, event, &happened);
    text_sentence_write(app->model->reader, &happened, pick->text,
                        sizeof(pick->text));
    view_moment(model_t_ns(app->model, event), pick->detail,
                sizeof(pick->detail));
}

// Events from the cursor on, as far as the list is quickly made.
static void add_events(ant_app *app, view_picker *picker, const char *text)
{
    uint32_t end = app->model->event_count;
    uint32_t from = app->replay.event;
    if (end - from > EVENTS_IN_LIST) end = from + EVENTS_IN_LIST;
    unsigned found = 0;
    for (uint32_t i = from; i < end && found < EVENT_PICK_MAX; i++) {
        if (!app_search_matches(app->model, i, text)) continue;
        add_event(app, picker, i);
        found++;
    }
}

static void fill_things(ant_app *app, view_picker *picker)
{
    const char *text = picker->field.text;
    if (text[0] == '\0') return;
    add_tasks(app, picker, text);
    add_things(app, picker, text);
    add_files(app, picker, text);
    add_events(app, picker, text);
}

static void fill_places(ant_app *app, view_picker *picker)
{
    const ant_model *model = app->model;
    text_place place = text_place_read(picker->field.text);
    uint32_t event = MODEL_NONE;
    if (model->event_count == 0) return;
    if (place.kind == TEXT_PLACE_TIME) {
        event = model_event_before(model, place.value);
    } else if (place.kind == TEXT_PLACE_STEP && place.value > 0 &&
               place.value <= model->step_count) {
        event = model_step_event(model, (uint32_t)place.value - 1);
    } else if (place.kind == TEXT_PLACE_EVENT &&
               place.value < model->event_count) {
        event = (uint32_t)place.value;
    }
    if (event != MODEL_NONE) add_event(app, picker, event);
    if (place.kind == TEXT_PLACE_TASK) {
        uint32_t task = model_task_row(model, place.value);
        if (task != 0) add_task(app, picker, task);
    }
    bool is_name =
        place.kind == TEXT_PLACE_NONE && picker->field.text[0] != '\0';
    if (is_name) add_tasks(app, picker, picker->field.text);
}

static void fill_marks(ant_app *app, view_picker *picker)
{
    replay_marks_load(&app->marks, app->model);
    for (uint32_t i = 0; i < app->marks.count; i++) {
        const replay_bookmark *mark = &app->marks.mark[i];
        if (!contains(mark->text, picker->field.text)) continue;
        view_pick *pick = add(picker, PICK_EVENT, mark->event);
        if (pick == NULL) return;
        snprintf(pick->text, sizeof(pick->text), "%s", mark->text);
        view_moment(model_t_ns(app->model, mark->event), pick->detail,
                    sizeof(pick->detail));
    }
}

static void fill_note(ant_app *app, view_picker *picker)
{
    const replay_bookmark *mark =
        replay_marks_at(&app->marks, app->replay.event);
    view_pick *pick = mark != NULL ? add(picker, PICK_PLACE, 0) : NULL;
    if (pick == NULL) return;
    snprintf(pick->text, sizeof(pick->text), "%s", mark->text);
    snprintf(pick->detail, sizeof(pick->detail), "as it is");
}

// The list shows what would be left, while the tracks already do.
static void fill_filter(ant_app *app, view_picker *picker)
{
    snprintf(app->view->filter, sizeof(app->view->filter), "%.*s",
             VIEW_FILTER_MAX - 1, picker->field.text);
    for (uint32_t i = 1; i < app->model->task_count; i++) {
        if (picker->count == VIEW_PICK_MAX) return;
        if (view_filter_passes(app->view, i)) add_task(app, picker, i);
    }
}

// --- Taking ----------------------------------------------------------------

static void take_command(ant_app *app, const view_picker *picker,
                         const view_pick *pick)
{
    (void)picker;
    if (pick != NULL) app_act(app, (app_action)pick->what);
}

static void take_pick(ant_app *app, const view_picker *picker,
                      const view_pick *pick)
{
    ant_replay *replay = &app->replay;
    (void)picker;
    if (pick == NULL) {
        app_say(app, "There is no such place in this run.");
        return;
    }
    switch (pick->what) {
    case PICK_TASK:
        replay_select(replay, REPLAY_TASK, pick->row);
        break;
    case PICK_LANE:
        replay_select(replay, REPLAY_LANE, pick->row);
        break;
    case PICK_RES:
        replay_select(replay, REPLAY_RES, pick->row);
        break;
    case PICK_FILE:
        replay_select(replay, REPLAY_TASK, pick->row);
        view_panel_show(app->view, VIEW_AT_TOP, VIEW_PANEL_source);
        break;
    case PICK_EVENT:
        replay_seek_event(replay, pick->row);
        break;
    default:
        break;
    }
}

// What was written is what n and N look for from now on.
static void take_thing(ant_app *app, const view_picker *picker,
                       const view_pick *pick)
{
    if (picker->field.text[0] == '\0') return;
    memcpy(app->search.text, picker->field.text, sizeof(app->search.text));
    if (pick != NULL) {
        take_pick(app, picker, pick);
    } else {
        app_search_begin(&app->search, app->replay.event, 1);
    }
}

static void take_note(ant_app *app, const view_picker *picker,
                      const view_pick *pick)
{
    (void)pick;
    if (picker->field.text[0] == '\0') return;
    say_marks(
        app,
        replay_marks_put(&app->marks, app->replay.event, picker->field.text),
        "Bookmark set.");
}

static void take_filter(ant_app *app, const view_picker *picker,
                        const view_pick *pick)
{
    (void)pick;
    if (picker->field.text[0] == '\0') {
        app_say(app, "All tasks are shown.");
    } else {
        app_say(app, "Shown: tasks with \"%s\"; U shows all again.",
                picker->field.text);
    }
}
