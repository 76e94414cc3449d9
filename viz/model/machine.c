// SPDX-License-Identifier: MIT
//
// The moves are read from the spans of the type's futures: a span that begins
// with a future_state is a move. A stream may change its state while it rests,
// without a span; then the next one tells.

#include "model/machine.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "model/buf.h"
#include "model/tree.h"

// Events are put in order by so many bits at a time; an even number of times.
#define DIGIT_BITS 8
#define DIGITS     (1u << DIGIT_BITS)

// A machine that is being made.
typedef struct machine_build {
    model_machine *machine;
    const ant_model *model;
    model_buf moves;
    uint16_t ready; // nodes
    uint16_t dropped;
    bool has_memory;
} machine_build;

static void find_nodes(machine_build *build);
static void read_future(machine_build *build, uint32_t future);
static void find_awaits(machine_build *build);
static void order_moves(machine_build *build);

int model_machine_init(model_machine *machine, const ant_model *model,
                       uint32_t type)
{
    *machine = (model_machine){ .type = type };
    machine_build build = { .machine = machine,
                            .model = model,
                            .has_memory = true };
    if (type < model->type_count) find_nodes(&build);
    if (machine->count == 0) return -ENOENT;
    for (uint32_t i = 1; i < model->future_count; i++) {
        if (model->futures[i].type == type) read_future(&build, i);
    }
    find_awaits(&build);
    order_moves(&build);
    machine->moves = build.moves.data;
    machine->move_count = (uint32_t)build.moves.len;
    if (!build.has_memory) {
        model_machine_deinit(machine);
        return -ENOMEM;
    }
    return 0;
}

void model_machine_deinit(model_machine *machine)
{
    model_buf moves = { .data = machine->moves };
    model__buf_free(&moves);
    *machine = (model_machine){ 0 };
}

void model_machine_at(const model_machine *machine, uint32_t future,
                      uint32_t event, machine_now *ret_now)
{
    *ret_now =
        (machine_now){ .last = machine->edge_count, .since = MODEL_NONE };
    for (uint32_t i = 0; i < machine->move_count; i++) {
        const machine_move *move = &machine->moves[i];
        if (move->event > event) return;
        ret_now->all[move->edge]++;
        if (move->future != future) continue;
        ret_now->own[move->edge]++;
        ret_now->node = machine->edge[move->edge].to;
        ret_now->since = move->event;
        ret_now->last = move->edge;
    }
}

// --- Making it -------------------------------------------------------------

static uint16_t add_node(model_machine *machine, machine_role role,
                         uint32_t state, const char *name)
{
    machine->node[machine->count] = (machine_node){ .role = (uint8_t)role,
                                                    .state = state,
                                                    .name = name,
                                                    .awaits = "",
                                                    .awaited = "" };
    return (uint16_t)machine->count++;
}

// States are numbered from 0 without gaps, for they are an enum.
static void find_nodes(machine_build *build)
{
    model_machine *machine = build->machine;
    uint32_t count = build->model->types[machine->type].state_count;
    if (count == 0) return;
    if (count > MACHINE_STATE_MAX) count = MACHINE_STATE_MAX;
    add_node(machine, MACHINE_BEGIN, 0, "");
    for (uint32_t i = 0; i < count; i++) {
        const char *name = model_state(build->model, machine->type, i);
        // Names come with the step into a state; none leads into the first.
        bool is_start = i == 0 && strcmp(name, "?") == 0;
        add_node(machine, MACHINE_STATE, i, is_start ? "start" : name);
    }
    build->ready = add_node(machine, MACHINE_READY, 0, "");
    build->dropped = add_node(machine, MACHINE_DROPPED, 0, "");
}

// A state that has no name has no node either: the last one takes its moves.
static uint16_t node_of(const machine_build *build, uint32_t state)
{
    uint32_t last = build->ready - 1u;
    return (uint16_t)(state + 1 < last ? state + 1 : last);
}

static void add_move(machine_build *build, uint32_t event, uint32_t future,
                     uint16_t from, uint16_t to)
{
    model_machine *machine = build->machine;
    unsigned i = 0;
    while (i < machine->edge_count &&
           (machine->edge[i].from != from || machine->edge[i].to != to)) {
        i++;
    }
    if (i == MACHINE_EDGE_MAX) return;
    if (i == machine->edge_count) {
        machine->edge[machine->edge_count++] =
            (machine_edge){ .from = from, .to = to };
    }
    machine->edge[i].total++;
    machine_move *move = model__buf_push(&build->moves, sizeof(*move));
    if (move == NULL) {
        build->has_memory = false;
        return;
    }
    *move = (machine_move){ event, future, (uint16_t)i };
}

static void read_future(machine_build *build, uint32_t future)
{
    const ant_model *model = build->model;
    const model_future *row = &model->futures[future];
    if (row->start_event == MODEL_NONE) return;
    model_track track = model_track_of(model, MODEL_TRACK_FUTURE, future);
    uint32_t state = track.count > 0 ? track.spans[0].step : 0;
    uint16_t at = node_of(build, state);
    add_move(build, row->start_event, future, 0, at);
    for (uint32_t i = 1; i < track.count; i++) {
        const model_span *span = &track.spans[i];
        uint16_t to = node_of(build, span->step);
        bool is_move =
            model->kind[span->from] == ANT_EV_future_state || to != at;
        if (is_move) add_move(build, span->from, future, at, to);
        at = to;
    }
    if (row->end_event == MODEL_NONE) return;
    add_move(build, row->end_event, future, at,
             row->drop == ANT_DROP_DONE ? build->ready : build->dropped);
}

// Which child begins while a future of this type is in which state: the one
// that is awaited there.
static void find_awaits(machine_build *build)
{
    const ant_model *model = build->model;
    for (uint32_t i = 1; i < model->future_count; i++) {
        const model_future *child = &model->futures[i];
        const model_future *parent = &model->futures[child->parent];
        if (child->parent == 0 || parent->type != build->machine->type) {
            continue;
        }
        uint32_t state =
            model_future_state_at(model, child->parent, child->start_event);
        machine_node *node = &build->machine->node[node_of(build, state)];
        if (node->awaits[0] != '\0') continue;
        node->awaits = child->name;
        node->awaited = model->types[child->type].name;
    }
}

// Puts the moves of one array into another, in the order of one digit of their
// events; those with the same digit stay as they are.
static void order_by_digit(const machine_move *from, machine_move *to,
                           size_t count, unsigned digit)
{
    size_t first[DIGITS + 1] = { 0 };
    const unsigned shift = digit * DIGIT_BITS;
    for (size_t i = 0; i < count; i++)
        first[(from[i].event >> shift) % DIGITS + 1]++;
    for (unsigned i = 1; i < DIGITS; i++)
        first[i] += first[i - 1];
    for (size_t i = 0; i < count; i++)
        to[first[(from[i].event >> shift) % DIGITS]++] = from[i];
}

// Digit by digit, the last one first: of ten thousand tasks there are so many
// moves that to compare them would take longer than a frame.
static void order_moves(machine_build *build)
{
    const size_t count = build->moves.len;
    if (count == 0) return;
    machine_move *moves = build->moves.data;
    machine_move *other = ant_mem_resize(NULL, count * sizeof *other);
    if (other == NULL) {
        build->has_memory = false;
        return;
    }
    for (unsigned i = 0; i < 32 / DIGIT_BITS; i += 2) {
        order_by_digit(moves, other, count, i);
        order_by_digit(other, moves, count, i + 1);
    }
    ant_mem_free(other);
}
