// SPDX-License-Identifier: MIT

#include "model/why_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "model/late.h"

void model__say(why_text *text, const char *format, ...)
{
    model_reason *reason = text->reason;
    size_t room = sizeof reason->text - reason->len;
    va_list args;
    va_start(args, format);
    int n = vsnprintf(reason->text + reason->len, room, format, args);
    va_end(args);
    if (n < 0) return;
    reason->len += (size_t)n < room ? (uint32_t)n : (uint32_t)room - 1;
}

// What has been said since byte `begin` is a link.
static void add_link(why_text *text, uint32_t begin, why_link link)
{
    model_reason *reason = text->reason;
    bool is_cut = reason->len + 1 >= sizeof reason->text;
    if (reason->link_count == WHY_LINK_MAX || is_cut) return;
    link.begin = (uint16_t)begin;
    link.end = (uint16_t)reason->len;
    reason->link[reason->link_count++] = link;
}

void model__say_task(why_text *text, uint32_t task)
{
    char label[96];
    uint32_t begin = text->reason->len;
    model_task_label(text->model, task, label, sizeof label);
    model__say(text, "%s", label);
    add_link(text, begin, (why_link){ .kind = WHY_TASK, .row = task });
}

void model__say_res(why_text *text, uint32_t res)
{
    char label[96];
    uint32_t begin = text->reason->len;
    model_res_label(text->model, res, label, sizeof label);
    model__say(text, "%s", label);
    add_link(text, begin, (why_link){ .kind = WHY_RES, .row = res });
}

void model__say_lane(why_text *text, uint32_t lane)
{
    char label[64];
    uint32_t begin = text->reason->len;
    model_lane_label(text->model, lane, label, sizeof label);
    model__say(text, "%s", label);
    add_link(text, begin, (why_link){ .kind = WHY_LANE, .row = lane });
}

void model__say_moment(why_text *text, uint64_t t_ns)
{
    model__say(text, "%.3f ms", (double)t_ns / (double)ANT_NS_PER_MS);
}

void model__say_at(why_text *text, uint32_t event)
{
    uint32_t begin = text->reason->len;
    if (event >= text->model->event_count) return;
    model__say_moment(text, model_t_ns(text->model, event));
    add_link(text, begin, (why_link){ .kind = WHY_EVENT, .row = event });
}

void model__say_since(why_text *text, uint32_t event)
{
    model__say(text, " since ");
    model__say_at(text, event);
}

void model__say_for(why_text *text, uint32_t event)
{
    uint64_t ns = text->world->t_ns - model_t_ns(text->model, event);
    if (ns == 0) return;
    model__say(text, " for ");
    model__say_duration(text, ns);
}

void model__say_late(why_text *text, uint32_t lane, uint32_t event)
{
    const ant_model *model = text->model;
    const uint64_t now_ns = text->world->t_ns;
    const uint64_t since_ns = model_t_ns(model, event);
    uint64_t ns = 0;
    for (uint32_t i = 1; i < model->lane_count; i++) {
        bool is_meant =
            lane == 0 ? model->lanes[i].kind == ANT_LANE_WORKER : i == lane;
        if (is_meant) ns += model_late_between(model, i, since_ns, now_ns);
    }
    if (ns > now_ns - since_ns) ns = now_ns - since_ns;
    char words[MODEL_LATE_WORDS_MAX];
    model_late_words(ns, true, words);
    if (words[0] != '\0') model__say(text, " (%s)", words);
}

void model__say_duration(why_text *text, uint64_t ns)
{
    char label[32];
    model_duration(ns, label, sizeof label);
    model__say(text, "%s", label);
}

void model__say_line(why_text *text, const char *file, uint32_t line,
                     uint32_t event)
{
    if (line == 0) return;
    const char *slash = strrchr(file, '/');
    const char *name = slash == NULL ? file : slash + 1;
    uint32_t begin = text->reason->len + 2;
    if (name[0] != '\0') {
        model__say(text, " (%s:%" PRIu32 ")", name, line);
    } else {
        model__say(text, " (line %" PRIu32 ")", line);
    }
    text->reason->len--; // the link ends before the bracket
    add_link(text, begin,
             (why_link){
                 .kind = WHY_LINE, .row = event, .file = file, .line = line });
    text->reason->len++;
}

void model__say_site(why_text *text, uint32_t task)
{
    model_site site;
    if (model_sites(text->model, task, text->world->event, &site, 1) == 1)
        model__say_line(text, site.file, site.line, site.event);
}
