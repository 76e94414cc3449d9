// SPDX-License-Identifier: MIT
//
// Which blocks there are, and which keys each one has, is one table: it checks
// what authors wrote, and it is what its messages are made of.

#include "lesson/lesson.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define KEY_MAX 8u

typedef struct key_rule {
    const char *name;
    lesson_field_use use;
    bool is_needed;
} key_rule;

typedef struct block_rule {
    const char *word; // after the ```
    key_rule key[KEY_MAX];
    bool is_text; // no keys, but words
} block_rule;

// clang-format off
static const block_rule rules[LESSON_KIND_COUNT] = {
    [LESSON_RUN] = { "run", {
        { "program", LESSON_FIELD_PLAIN, true },
        { "as", LESSON_FIELD_PLAIN, false },
        { "seed", LESSON_FIELD_PLAIN, false },
        { "workers", LESSON_FIELD_PLAIN, false },
        { "ends", LESSON_FIELD_PLAIN, false },
        { "shows", LESSON_FIELD_PLAIN, false },
        { "lints", LESSON_FIELD_PLAIN, false },
        { "show", LESSON_FIELD_PLAIN, false } }, false },
    [LESSON_STEP] = { "step", {
        { "at", LESSON_FIELD_PATTERN, true },
        { "say", LESSON_FIELD_WORDS, true },
        { "show", LESSON_FIELD_PLAIN, false },
        { "view", LESSON_FIELD_PLAIN, false },
        { "rows", LESSON_FIELD_PLAIN, false } }, false },
    [LESSON_PREDICT] = { "predict", {
        { "kind", LESSON_FIELD_PLAIN, true },
        { "ask", LESSON_FIELD_WORDS, true },
        { "answer", LESSON_FIELD_WORDS, true },
        { "wrong", LESSON_FIELD_WORDS, false },
        { "why", LESSON_FIELD_WORDS, true },
        { "at", LESSON_FIELD_PATTERN, false },
        { "rows", LESSON_FIELD_PLAIN, false } }, false },
    [LESSON_SCHEDULE] = { "schedule", {
        { "task", LESSON_FIELD_WORDS, true },
        { "goal", LESSON_FIELD_QUERY, true },
        { "choices", LESSON_FIELD_PLAIN, false },
        { "fair", LESSON_FIELD_PLAIN, false },
        { "win", LESSON_FIELD_PLAIN, true },
        { "done", LESSON_FIELD_WORDS, true } }, false },
    [LESSON_BREAK_IT] = { "break-it", {
        { "do", LESSON_FIELD_WORDS, true },
        { "see", LESSON_FIELD_WORDS, true } }, false },
    [LESSON_EXERCISE] = { "exercise", {
        { "task", LESSON_FIELD_WORDS, true },
        { "must", LESSON_FIELD_QUERY, true },
        { "workers", LESSON_FIELD_PLAIN, false },
        { "lints", LESSON_FIELD_PLAIN, false },
        { "done", LESSON_FIELD_WORDS, false } }, false },
    [LESSON_HINT] = { "hint", { { 0 } }, true },
    [LESSON_TEACHER] = { "teacher", { { 0 } }, true },
};

static const char *const languages[] = { "c", "rust", "sh", "text", "" };

static const key_rule head_keys[] = {
    { "title", LESSON_FIELD_PLAIN, true },
    { "part", LESSON_FIELD_PLAIN, true },
    { "minutes", LESSON_FIELD_PLAIN, true },
    { "level", LESSON_FIELD_PLAIN, true },
    { "needs", LESSON_FIELD_PLAIN, false },
    { "objectives", LESSON_FIELD_PLAIN, true },
    { "breaks", LESSON_FIELD_PLAIN, true },
};
// clang-format on

typedef struct lesson_reader {
    ant_lesson *lesson;
    lesson_problems *problems;
    model_buf items;
    uint32_t run; // the one that the text is about
} lesson_reader;

static int read_lesson(lesson_reader *r, const char *folder);
static void read_name(lesson_reader *r);
static void read_head(lesson_reader *r);
static int read_piece(lesson_reader *r, const lesson_piece *piece);
static int read_block(lesson_reader *r, const lesson_piece *piece,
                      lesson_item *item);
static bool find_kind(const char *info, lesson_kind *ret_kind);
static void check_keys(lesson_reader *r, const lesson_fields *fields,
                       const key_rule *key, uint32_t key_count, uint32_t line,
                       const char *what);
static void read_run(lesson_reader *r, const lesson_item *item);
static uint32_t read_number(lesson_reader *r, const lesson_fields *fields,
                            const char *key, uint32_t otherwise);
static void keep_items(lesson_reader *r);

int lesson_open(const char *folder, ant_lesson **ret_lesson,
                lesson_problems *problems)
{
    ant_lesson *lesson = ant_mem_alloc(sizeof *lesson);
    if (lesson == NULL) return -ENOMEM;
    lesson_reader r = { .lesson = lesson,
                        .problems = problems,
                        .run = LESSON_RUN_MAX };
    int err = read_lesson(&r, folder);
    model__buf_free(&r.items);
    if (err < 0) {
        lesson_close(lesson);
        return err;
    }
    *ret_lesson = lesson;
    return 0;
}

void lesson_close(ant_lesson *lesson)
{
    if (lesson == NULL) return;
    ant_arena_deinit(&lesson->arena);
    ant_mem_free(lesson);
}

uint32_t lesson_run_of(const ant_lesson *lesson, const char *name, size_t len)
{
    for (uint32_t i = 0; i < lesson->run_count; i++) {
        const char *its = lesson->run[i].name;
        if (strlen(its) == len && memcmp(its, name, len) == 0) return i;
    }
    return LESSON_RUN_MAX;
}

const lesson_item *lesson_item_of(const ant_lesson *lesson, lesson_kind kind,
                                  uint32_t i)
{
    for (uint32_t k = 0; k < lesson->item_count; k++) {
        const lesson_item *item = &lesson->item[k];
        if (item->kind == kind && i-- == 0) return item;
    }
    return NULL;
}

lesson_field_use lesson_use_of(lesson_kind kind, const char *key)
{
    for (uint32_t i = 0; i < KEY_MAX && rules[kind].key[i].name; i++) {
        const key_rule *rule = &rules[kind].key[i];
        if (strcmp(rule->name, key) == 0) return rule->use;
    }
    return LESSON_FIELD_PLAIN;
}

static int read_lesson(lesson_reader *r, const char *folder)
{
    ant_lesson *lesson = r->lesson;
    ant_arena *arena = &lesson->arena;
    lesson->folder = ant_arena_text(arena, folder, strlen(folder));
    lesson->path = ant_arena_print(arena, "%s/lesson.md", folder);
    if (lesson->folder == NULL || lesson->path == NULL) return -ENOMEM;
    lesson_page page;
    int err = lesson_page_read(lesson->path, arena, &page, r->problems);
    if (err < 0) return err;
    lesson->head = page.head;
    lesson->word_count = page.word_count;
    read_name(r);
    read_head(r);
    for (uint32_t i = 0; i < page.piece_count && err == 0; i++) {
        err = read_piece(r, &page.piece[i]);
    }
    if (err == 0) keep_items(r);
    return err == 0 && lesson->item == NULL ? -ENOMEM : err;
}

// "lessons/24-select" is number 24, select.
static void read_name(lesson_reader *r)
{
    ant_lesson *lesson = r->lesson;
    const char *slash = strrchr(lesson->folder, '/');
    const char *name = slash != NULL ? slash + 1 : lesson->folder;
    char *end;
    unsigned long number = strtoul(name, &end, 10);
    lesson->slug = *end == '-' ? end + 1 : name;
    lesson->number = (uint32_t)number;
    if (*end != '-' || number == 0) {
        lesson_complain(r->problems, lesson->path, 0,
                        "its folder is called %s: write NUMBER-SLUG, as in "
                        "24-select",
                        name);
    }
}

static void read_head(lesson_reader *r)
{
    ant_lesson *lesson = r->lesson;
    check_keys(r, &lesson->head, head_keys, ANT_ARRAY_LEN(head_keys), 1,
               "the head");
    const char *title = lesson_field_of(&lesson->head, "title");
    const char *part = lesson_field_of(&lesson->head, "part");
    lesson->title = title != NULL ? title : lesson->slug;
    lesson->part = part != NULL ? part : "";
    lesson->minutes = read_number(r, &lesson->head, "minutes", 0);
}

static int read_piece(lesson_reader *r, const lesson_piece *piece)
{
    lesson_item item = { .kind = LESSON_PROSE,
                         .line = piece->line,
                         .name = "",
                         .text = piece->text,
                         .run = r->run };
    if (piece->info != NULL) {
        int err = read_block(r, piece, &item);
        if (err < 0) return err;
        if (item.kind == LESSON_RUN) {
            read_run(r, &item);
            item.run = r->run;
        }
    }
    lesson_item *added = model__buf_push(&r->items, sizeof *added);
    if (added == NULL) return -ENOMEM;
    *added = item;
    return 0;
}

static int read_block(lesson_reader *r, const lesson_piece *piece,
                      lesson_item *item)
{
    size_t word = strcspn(piece->info, " ");
    const char *path = r->lesson->path;
    item->name = piece->info + word + strspn(piece->info + word, " ");
    if (!find_kind(piece->info, &item->kind)) {
        item->kind = LESSON_CODE;
        item->name = piece->info;
        for (unsigned i = 0; i < ANT_ARRAY_LEN(languages); i++) {
            if (strcmp(piece->info, languages[i]) == 0) return 0;
        }
        lesson_complain(
            r->problems, path, piece->line - 1,
            "there is no block \"%s\"; write run, step, predict, "
            "schedule, break-it, exercise, hint, teacher, or the language "
            "of a listing: c, rust, sh, text",
            piece->info);
        return 0;
    }
    if (rules[item->kind].is_text) return 0;
    int err = lesson_fields_read(piece->text, piece->line, path,
                                 &r->lesson->arena, &item->fields, r->problems);
    if (err < 0) return err;
    uint32_t key_count = 0;
    while (key_count < KEY_MAX && rules[item->kind].key[key_count].name)
        key_count++;
    check_keys(r, &item->fields, rules[item->kind].key, key_count,
               piece->line - 1, rules[item->kind].word);
    return 0;
}

static bool find_kind(const char *info, lesson_kind *ret_kind)
{
    size_t len = strcspn(info, " ");
    for (unsigned i = 0; i < LESSON_KIND_COUNT; i++) {
        const char *word = rules[i].word;
        if (word == NULL || strlen(word) != len) continue;
        if (memcmp(word, info, len) != 0) continue;
        *ret_kind = (lesson_kind)i;
        return true;
    }
    return false;
}

static void check_keys(lesson_reader *r, const lesson_fields *fields,
                       const key_rule *key, uint32_t key_count, uint32_t line,
                       const char *what)
{
    const char *path = r->lesson->path;
    char known[120] = "";
    size_t len = 0;
    for (uint32_t i = 0; i < key_count; i++) {
        bool is_missing = lesson_field_of(fields, key[i].name) == NULL;
        if (key[i].is_needed && is_missing) {
            lesson_complain(r->problems, path, line,
                            "%s has no %s: write a line %s: …", what,
                            key[i].name, key[i].name);
        }
        int more =
            snprintf(known + len, sizeof known - len, " %s", key[i].name);
        if (more > 0 && (size_t)more < sizeof known - len) len += (size_t)more;
    }
    for (uint32_t i = 0; i < fields->count; i++) {
        bool is_known = false;
        for (uint32_t k = 0; k < key_count; k++) {
            if (strcmp(fields->field[i].key, key[k].name) == 0) is_known = true;
        }
        if (is_known) continue;
        lesson_complain(r->problems, path, fields->field[i].line,
                        "%s has no key %s; its keys are:%s", what,
                        fields->field[i].key, known);
    }
}

static void read_run(lesson_reader *r, const lesson_item *item)
{
    ant_lesson *lesson = r->lesson;
    const char *file = lesson_field_of(&item->fields, "program");
    const char *ends = lesson_field_of(&item->fields, "ends");
    const char *shows = lesson_field_of(&item->fields, "shows");
    size_t len = file != NULL ? strlen(file) : 0;
    if (len < 3 || strcmp(file + len - 2, ".c") != 0) {
        lesson_complain(r->problems, lesson->path, item->line,
                        "program: is a file of the lesson that ends in .c");
        return;
    }
    const char *as = lesson_field_of(&item->fields, "as");
    const char *name = as != NULL ? as : file;
    size_t name_len = as != NULL ? strlen(as) : len - 2;
    r->run = lesson_run_of(lesson, name, name_len);
    if (r->run != LESSON_RUN_MAX) return; // back to one from before
    if (lesson->run_count == LESSON_RUN_MAX) {
        lesson_complain(r->problems, lesson->path, item->line,
                        "more than %u programs", LESSON_RUN_MAX);
        return;
    }
    r->run = lesson->run_count++;
    lesson->run[r->run] = (lesson_run){
        .name = ant_arena_text(&lesson->arena, name, name_len),
        .file = file,
        .line = item->line,
        .seed = read_number(r, &item->fields, "seed", LESSON_SEED),
        .workers = read_number(r, &item->fields, "workers", 1),
        .lints = lesson_field_of(&item->fields, "lints"),
        .is_bad = shows != NULL && strcmp(shows, "a mistake") == 0,
        .has_stalled = ends != NULL && strcmp(ends, "stalled") == 0,
    };
    if (lesson->run[r->run].name == NULL) lesson->run_count--;
}

static uint32_t read_number(lesson_reader *r, const lesson_fields *fields,
                            const char *key, uint32_t otherwise)
{
    const char *text = lesson_field_of(fields, key);
    if (text == NULL) return otherwise;
    char *end;
    unsigned long number = strtoul(text, &end, 10);
    bool is_good = end != text && *end == 0 && number < 1000000;
    if (is_good) return (uint32_t)number;
    for (uint32_t i = 0; i < fields->count; i++) {
        if (fields->field[i].value != text) continue;
        lesson_complain(r->problems, r->lesson->path, fields->field[i].line,
                        "%s: is a number", key);
    }
    return otherwise;
}

// The items move to where they stay, and the exercise is found.
static void keep_items(lesson_reader *r)
{
    ant_lesson *lesson = r->lesson;
    size_t bytes = r->items.len * sizeof *lesson->item;
    lesson_item *copy = ant_arena_alloc(&lesson->arena, bytes + 1);
    if (copy == NULL) return;
    if (bytes > 0) memcpy(copy, r->items.data, bytes);
    lesson->item = copy;
    lesson->item_count = (uint32_t)r->items.len;
    lesson->exercise = lesson_item_of(lesson, LESSON_EXERCISE, 0);
}
