// SPDX-License-Identifier: MIT
//
// The panels of the visualizer. A panel is one file and one function, which
// draws into a rectangle and tells the replay what the user wants. Panels share
// only what stands in ant_view, and no panel reads another panel. One thread.

#ifndef ANT_VIEW_VIEW_H
#define ANT_VIEW_VIEW_H

#include "lint/job.h"
#include "model/compare.h"
#include "model/machine.h"
#include "model/track.h"
#include "model/waitfor.h"
#include "replay/marks.h"
#include "replay/replay.h"
#include "text/measure.h"
#include "text/verdict.h"
#include "ui/widgets.h"
#include "view/fold.h"
#include "view/order.h"
#include "view/table.h"

// More pixels than any screen has from left to right, and more rows than it
// has from top to bottom.
#define VIEW_MARK_MAX 16384
#define VIEW_ROW_MAX  512

// A row of the track column that is on the screen.
typedef struct view_row {
    replay_kind kind; // REPLAY_LANE, _TASK, _FUTURE or _RES
    uint32_t row;     // of the model's table
    draw_rect label;
    draw_rect track;
} view_row;

// Which lines the log has.
typedef enum view_log_scope {
    VIEW_LOG_STEPS,
    VIEW_LOG_ALL,
    VIEW_LOG_OF_TASK, // the selected one; the steps when none is
    VIEW_LOG_SCOPE_COUNT
} view_log_scope;

typedef struct view_log_state {
    view_log_scope scope;
    uint32_t first;    // the topmost line on the screen
    uint32_t revealed; // the event that was last scrolled to, in these lines:
    view_log_scope made_scope;
    uint32_t made_count;
} view_log_state;

// What was measured, and of what.
typedef struct view_stats_state {
    text_measure measure;
    uint32_t task; // 0: the whole run
    bool is_made;
} view_stats_state;
// Two runs side by side, shared by the views of both.
typedef struct view_versus {
    model_compare compare;
    text_verdict verdict;
} view_versus;

typedef struct stage_show stage_show; // private to stage.c

typedef struct ant_view {
    ant_ui ui;
    ant_model *model;
    ant_replay *replay;
    view_fold fold;         // the rows of futures
    model_waitfor waitfor;  // see view_waitfor
    uint32_t waitfor_event; // of which moment it is
    lint_report lint;       // see view_lint_report
    lint_job lint_job;      // of a long trace, when may_lint_later
    bool has_lints;         // they were run
    bool may_lint_later;    // there will be more frames than this one
    uint32_t lint_first;    // the topmost finding of the list
    uint32_t lint_now;      // the one that was last gone to
    unsigned states_used;   // a bit for each draw_state that occurs
    bool uses_inject;       // the injection queue is used at all
    bool uses_lifo;         // the same for LIFO slots
    bool uses_blocking;     // the same for the blocking pool
    bool uses_deferred;     // and for tasks that yielded
    bool uses_sockets;      // and for sockets and pipes
    bool uses_channels;     // and for channels
    bool opens_all;         // there is room for the futures of all tasks
    bool follows;           // the selected row alone matters: others are dim
    bool shows_chain;       // causes as far as they go, not just one hop
    int scroll[VIEW_SECTION_COUNT]; // rows that are above the section's top
    replay_selection revealed;      // the selection that was last scrolled to
    uint32_t revealed_task;  // the same for the task of the current event,
    uint32_t revealed_event; // and for this event itself
    int drag_from;           // where the mouse went down on the tracks
    int drag_last;
    bool is_dragging; // it has moved since
    bool wants_menu;  // the user asks for the list of commands
    bool shows_help;
    unsigned help_page;
    unsigned help_page_count;
    uint8_t top;  // view_panel_id: the upper panel at the side
    uint8_t side; // and the lower one
    bool hides_side;
    bool insists_on_side; // also beside a picture that would need its room
    int side_percent;     // of the width, for both; dragged at their left edge
    char filter[VIEW_FILTER_MAX]; // see view_filter_passes
    view_order order;
    view_table_state table;
    view_log_state log;
    view_stats_state stats;
    uint32_t queues_first; // the topmost worker of the queues, and
    uint32_t depth_first;  // of their lengths
    int step;        // rows that Up and Down ask for, until somebody takes them
    bool has_motion; // cards move from place to place
    bool is_moving;  // something does: the next frame is due at once
    const replay_marks *marks; // bookmarks; NULL for none
    double motion_share; // above 0: draw every step at this share of its way
    stage_show *stage;   // made when it is first looked at
    const view_versus *versus;    // NULL: there is one trace only
    unsigned side_of_versus;      // which of the two this is
    uint32_t versus_event;        // that was last scrolled to
    uint32_t versus_first;        // the topmost step
    uint32_t tree_first;          // the topmost line of the tree
    const model_machine *machine; // of the future on the screen
    model_machine **machines;     // by type: those that were looked at
    view_row *row;                // of view_tracks, made in each frame
    unsigned row_count;
    model_mark *mark; // scratch, VIEW_MARK_MAX
} ant_view;

// A line of the help page.
typedef struct view_key_help {
    const char *key;  // "Space"
    const char *text; // "play or pause"
    unsigned action;  // of whoever made the line
} view_key_help;

// Begins to look at a trace. Both must outlive the view. 0 or -ENOMEM.
ANT_MUST_USE int view_init(ant_view *view, ant_model *model,
                           ant_replay *replay);
void view_deinit(ant_view *view);

// --- The panels ------------------------------------------------------------

// Which trace, when, how fast; what is wrong with the file.
void view_title(ant_view *view, draw_rect rect);

// The whole run, and which part of it is shown below.
void view_minimap(ant_view *view, draw_rect rect);

// Workers, tasks and locks, each a row over time.
void view_tracks(ant_view *view, draw_rect rect);

// Selects the row `by` rows further down (1) or up (-1).
void view_select_step(ant_view *view, int by);

// Puts the selected row above all others, or back. False when nothing is
// selected, or too much is pinned.
bool view_pin(ant_view *view);

// Takes the selected row away. False when nothing is selected.
bool view_hide(ant_view *view);

// Nothing is hidden, pinned or filtered any more.
void view_show_all(ant_view *view);

// The states that occur in this trace, as a key to the rows above it.
void view_legend(ant_view *view, draw_rect rect);

// The program, with the line that is being executed.
void view_source(ant_view *view, draw_rect rect);

// Who runs where, and who stands in which run queue, as of now.
void view_queues(ant_view *view, draw_rect rect);
int view_queues_height(const ant_view *view);

// The lengths of the run queues over time, below them where there is room.
void view_depth(ant_view *view, draw_rect rect);
int view_depth_row_height(const ant_view *view);

// Who holds what, who waits for it, and which timers are set, as of now.
void view_waits(ant_view *view, draw_rect rect);
int view_waits_height(const ant_view *view);
bool view_waits_is_busy(const ant_view *view); // anybody ever waits for a lock

// The three below on one page.
void view_now(ant_view *view, draw_rect rect);
int view_now_height(const ant_view *view);

// The execution flow: tasks as cards, between queues, workers and the places
// where they wait.
void view_stage(ant_view *view, draw_rect rect);
void view_stage_free(stage_show *stage);

// The selected future as a state machine.
void view_machine(ant_view *view, draw_rect rect);
void view_machine_free(ant_view *view);

// The futures inside a task.
void view_tree(ant_view *view, draw_rect rect);

// Two runs side by side.
void view_compare(ant_view *view, draw_rect rect);

// Who waits for whom.
void view_graph(ant_view *view, draw_rect rect);

// In words: why the selected task is not running.
void view_why(ant_view *view, draw_rect rect);

// The sentence about one task; what it names can be clicked. Returns the height
// used.
int view_sentence(ant_view *view, draw_rect rect, uint32_t task);

// All tasks, a line each. Sorting by the same column again turns the order.
void view_table(ant_view *view, draw_rect rect);
void view_table_sort(ant_view *view, unsigned column);
ANT_MUST_USE int view_table_init(ant_view *view); // 0 or -ENOMEM
void view_table_deinit(ant_view *view);

// Events as lines of text; view_log_turn goes on to the next kind of lines.
void view_log(ant_view *view, draw_rect rect);
void view_log_turn(ant_view *view);

// How long polls and waits took, of the selected task or of the run.
void view_stats(ant_view *view, draw_rect rect);

// What is most likely a mistake, the worst first. view_lint_next goes to the
// next of them; false when there is none.
void view_lints(ant_view *view, draw_rect rect);
bool view_lint_next(ant_view *view);

// Their number, cut from the right of the top line, and a mark for each in the
// strip of the whole run.
void view_lint_title(ant_view *view, draw_rect *rect);
void view_lint_minimap(ant_view *view, draw_rect rect);

// Buttons, speed, the axis, and a slider over the run.
void view_transport(ant_view *view, draw_rect rect);

// In words: the event that has just happened.
void view_words(ant_view *view, draw_rect rect);

// All keys and all states, over everything else.
void view_help(ant_view *view, draw_rect rect, const view_key_help *keys,
               unsigned key_count);
void view_help_turn(ant_view *view, int by);

// --- What panels share (common.c) ------------------------------------------

#define VIEW_TIMES "\xC3\x97" // a multiplication sign before a number

// The look of a model's state.
draw_state view_task_look(model_task_state state);

// The task that the panels are about: the selected one, else the one that the
// current event is about; 0 for none.
uint32_t view_focus(const ant_view *view);

// The task passes the filter, a few words that the user wrote.
bool view_filter_passes(const ant_view *view, uint32_t task);

// How many rows down (or up, negative) the user wants to go. Whoever takes it
// has to do it; what nobody takes moves the selection in the tracks.
int view_take_step(ant_view *view);

// The part of the axis that is on the screen, over `px` pixels.
model_window view_window(const ant_view *view, int px);

// Where event `i`, or `x` of the axis, stands in `track`, in pixels.
int view_px_of_event(const ant_view *view, draw_rect track, uint32_t i);
int view_px(const ant_view *view, draw_rect track, double x);

// A future as a chip, and how wide that would like to be.
void view_chip(ant_view *view, draw_rect rect, uint32_t future);
int view_chip_width(const ant_view *view, uint32_t future);

// The futures that `task` is awaiting, side by side.
void view_chips(ant_view *view, uint32_t task, draw_rect rect);

// The name of a lock or channel, and its kind when there is room.
void view_res_name(ant_view *view, draw_rect rect, uint32_t res);

// Its name alone, else its kind; of an address that is wider than `w` the port.
void view_res_short(const ant_view *view, uint32_t res, draw_font font, int w,
                    char *buf, size_t size);

// A task can hold it: a lock, a semaphore. Others are only waited for.
bool view_res_is_held(const ant_view *view, uint32_t res);

// What it is while it is not held: "free", "open"; "" for what has no word.
const char *view_res_idle(const ant_view *view, uint32_t res);

// What the lints have found so far; `is_wanted` when this picture is to show
// it. See lints.c for when they are run.
const lint_report *view_lint_report(ant_view *view, bool is_wanted);

// The wait-for graph of this moment, made when first asked for. Without nodes
// when memory ran out.
const model_waitfor *view_waitfor(ant_view *view);

// The moment at which the cursor stands, which may lie behind the last event.
uint64_t view_now_ns(const ant_view *view);

// "12.400 ms": a moment, always in milliseconds.
void view_moment(uint64_t t_ns, char *buf, size_t size);

#endif
