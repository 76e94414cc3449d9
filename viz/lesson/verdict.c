// SPDX-License-Identifier: MIT

#include "lesson/verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FACT_BYTES 400

// So many lines of what a compiler or a program said are shown.
#define LINES_SHOWN 12

static void tell_ending(lesson_verdict *verdict, lesson_studio *studio,
                        const char *folder, const char *file);
static void ask_all(const ant_lesson *lesson, lesson_studio *studio,
                    const ant_model *model, lesson_verdict *verdict,
                    lesson_problems *problems);
static void ask_must(const ant_lesson *lesson, ant_arena *arena,
                     const ant_model *model, const lesson_field *field,
                     verdict_must *must, lesson_problems *problems);
static const char *facts_of(const query_answer *answer, ant_arena *arena);
static const char *first_lines(const char *text, ant_arena *arena);
static const char *either(const char *text);

void lesson_judge(const ant_lesson *lesson, lesson_studio *studio,
                  const char *folder, const char *file, const char *trace,
                  lesson_verdict *ret_verdict, lesson_problems *problems)
{
    lesson_verdict verdict = { 0 };
    const char *workers = lesson_field_of(&lesson->exercise->fields, "workers");
    studio_run run = { .seed = LESSON_SEED,
                       .workers = workers != NULL
                                      ? (uint32_t)strtoul(workers, NULL, 10)
                                      : 1,
                       .trace = trace };
    lesson_studio_build(studio, folder, file, &verdict.take);
    lesson_studio_record(studio, &run, &verdict.take);
    tell_ending(&verdict, studio, folder, file);
    ant_model *model = NULL;
    ant_reader_error error;
    bool is_over =
        verdict.take.ending == TAKE_DONE || verdict.take.ending == TAKE_STALLED;
    if (is_over && verdict.take.trace != NULL &&
        model_open(verdict.take.trace, &model, &error) == 0) {
        ask_all(lesson, studio, model, &verdict, problems);
        model_close(model);
    }
    *ret_verdict = verdict;
}

static void tell_ending(lesson_verdict *verdict, lesson_studio *studio,
                        const char *folder, const char *file)
{
    ant_arena *arena = &studio->arena;
    const studio_take *take = &verdict->take;
    const char *said = first_lines(take->errors, arena);
    verdict->details = "";
    switch (take->ending) {
    case TAKE_DONE:
        verdict->headline = "It runs to its end, but not as it should.";
        return;
    case TAKE_NO_FILE:
        verdict->headline = either(ant_arena_print(
            arena,
            "There is no file %s/%s any more. Reset puts the beginning "
            "there again.",
            folder, file));
        return;
    case TAKE_NO_BUILD:
        verdict->headline = "It does not compile. The compiler says:";
        verdict->details = said;
        return;
    case TAKE_LATE:
        verdict->headline = either(ant_arena_print(
            arena,
            "It did not end within %u seconds, so it was stopped. Time in the "
            "simulator is free: only a loop takes that long. Which loop has no "
            "end, or which task is woken again and again?",
            studio->seconds_max));
        return;
    case TAKE_LOUD:
        verdict->headline = "It printed more than a megabyte, so it was "
                            "stopped. It begins with:";
        verdict->details = first_lines(take->output, arena);
        return;
    case TAKE_CRASHED:
        verdict->headline = either(
            ant_arena_print(arena, "It crashed: %s. Before that it printed:",
                            strsignal(take->signal)));
        verdict->details = *said != 0 ? said : first_lines(take->output, arena);
        return;
    case TAKE_STALLED:
        verdict->headline =
            "It stalled: nothing can ever wake its tasks again. "
            "The runtime says:";
        verdict->details = said;
        return;
    case TAKE_FAILED:
        verdict->headline = either(ant_arena_print(
            arena, "It ended with status %d. It said:", take->status));
        verdict->details = *said != 0 ? said : first_lines(take->output, arena);
        return;
    case TAKE_UNRECORDED:
        verdict->headline = "It ran, but no task did: nothing was recorded. "
                            "Is there an ANT_MAIN?";
        return;
    case TAKE_IMPOSSIBLE:
        verdict->headline = "It could not be tried here:";
        verdict->details = said;
        return;
    }
}

static void ask_all(const ant_lesson *lesson, lesson_studio *studio,
                    const ant_model *model, lesson_verdict *verdict,
                    lesson_problems *problems)
{
    const lesson_fields *fields = &lesson->exercise->fields;
    bool are_kept = true;
    for (uint32_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->field[i].key, "must") != 0) continue;
        if (verdict->must_count == VERDICT_MUST_MAX) break;
        verdict_must *must = &verdict->must[verdict->must_count++];
        ask_must(lesson, &studio->arena, model, &fields->field[i], must,
                 problems);
        if (!must->is_kept) are_kept = false;
    }
    bool is_done = verdict->take.ending == TAKE_DONE;
    verdict->is_passed = is_done && are_kept && verdict->must_count > 0;
    if (verdict->is_passed) verdict->headline = "Passed: every demand is kept.";
}

static void ask_must(const ant_lesson *lesson, ant_arena *arena,
                     const ant_model *model, const lesson_field *field,
                     verdict_must *must, lesson_problems *problems)
{
    lesson_must its = lesson_must_of(field->value, arena);
    *must = (verdict_must){ .query = its.query,
                            .message = its.message,
                            .facts = "",
                            .event = MODEL_NONE };
    query_answer answer;
    query_error error;
    int err = query_run(its.query, model, &answer, &error);
    bool is_syntax =
        err == -EINVAL && strstr(error.text, "no event matches,") == NULL;
    if (is_syntax) {
        lesson_complain(problems, lesson->path, field->line,
                        "in the query %s, at %u: %s", its.query, error.at + 1,
                        error.text);
    }
    if (err < 0) {
        if (err == -EINVAL)
            must->facts = either(ant_arena_print(arena, "%s\n", error.text));
        return;
    }
    must->is_kept = answer.value.type == QUERY_BOOL && answer.value.is_true;
    must->facts = facts_of(&answer, arena);
    for (uint32_t i = 0; i < answer.fact_count; i++) {
        const query_fact *fact = &answer.fact[i];
        if (must->event == MODEL_NONE && fact->event_count > 0)
            must->event = fact->event[0];
    }
    query_answer_free(&answer);
}

static const char *facts_of(const query_answer *answer, ant_arena *arena)
{
    const char *text = "";
    for (uint32_t i = 0; i < answer->fact_count; i++) {
        char line[FACT_BYTES];
        query_fact_write(&answer->fact[i], line, sizeof line);
        text = either(ant_arena_print(arena, "%s%s\n", text, line));
    }
    return text;
}

static const char *first_lines(const char *text, ant_arena *arena)
{
    const char *end = text;
    for (int i = 0; i < LINES_SHOWN && *end != 0; i++) {
        end += strcspn(end, "\n");
        if (*end != 0) end++;
    }
    return either(ant_arena_print(arena, "%.*s%s", (int)(end - text), text,
                                  *end != 0 ? "…\n" : ""));
}

static const char *either(const char *text)
{
    return text != NULL ? text : "";
}
