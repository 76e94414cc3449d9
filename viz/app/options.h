// SPDX-License-Identifier: MIT
//
// The options that the commands with pictures share: which moment, what is
// selected, how it looks. A command puts them into its table with
// APP_LOOK_OPTIONS and adds its own.

#ifndef ANT_APP_OPTIONS_H
#define ANT_APP_OPTIONS_H

#include "app/frame.h"
#include "text/args.h"

// No option was given.
#define APP_NO_CHOICE 0xFFu

typedef struct app_options {
    const char *trace;
    const char *other;  // to compare it with; NULL for none
    const char *select; // a task's number or name; NULL unless said
    const char *panel;  // the main view; NULL unless said
    args_size size;     // of the window or picture; 0 unless said
    unsigned theme;     // draw_theme; APP_NO_CHOICE unless said
    unsigned axis;      // model_axis; the same
    double at_ms;       // negative unless said
    uint64_t step;      // from 1; 0 unless said
    uint64_t event;     // from 0; UINT64_MAX unless said
} app_options;

// Nothing was said.
#define APP_OPTIONS_INIT                                                       \
    {                                                                          \
        .theme = APP_NO_CHOICE, .axis = APP_NO_CHOICE, .at_ms = -1,            \
        .event = UINT64_MAX                                                    \
    }

// The rows of the shared options, which write into `o`, an app_options.
#define APP_LOOK_OPTIONS(o)                                                    \
    { "--at", ARGS_MS, "MS", "the moment, in milliseconds from the start",     \
      &(o)->at_ms },                                                           \
        { "--step", ARGS_NUMBER, "N",                                          \
          "the moment, as a step of the run, from 1", &(o)->step },            \
        { "--event", ARGS_NUMBER, "N", "the moment, as an event, from 0",      \
          &(o)->event },                                                       \
        { "--select", ARGS_TEXT, "TASK", "the task with this number or name",  \
          &(o)->select },                                                      \
        { "--panel", ARGS_TEXT, "NAME", "what is large: tracks, source, …",    \
          &(o)->panel },                                                       \
        { "--size", ARGS_SIZE, "WxH", "in pixels", &(o)->size },               \
        { "--theme", ARGS_CHOICE, APP_THEMES, "colours and sizes",             \
          &(o)->theme },                                                       \
    {                                                                          \
        "--axis", ARGS_CHOICE, APP_AXES, "what goes from left to right",       \
            &(o)->axis                                                         \
    }

// In the order of draw_theme and of model_axis.
#define APP_THEMES "dark|light|projector"
#define APP_AXES   "step|time"

// Where to begin when no moment was said.
typedef enum app_begin {
    APP_BEGIN_FIRST,   // at the first event
    APP_BEGIN_TELLING, // at the moment that tells most
} app_begin;

// Opens the trace, and the other one if there is one; then the panel is the
// comparison, unless another one was asked for. As app_open_telling.
ANT_MUST_USE int app_options_open(const app_options *options,
                                  const model_progress *progress, ant_app *app);

// Goes to the moment, selects, sets theme, axis and panel. False after one
// line on stderr.
bool app_options_apply(const app_options *options, app_begin begin,
                       ant_app *app);

#endif
