// SPDX-License-Identifier: MIT

#include "lesson/translate.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>

#include "lesson/catalog.h"

// What to do with one text of the lesson: the text that takes its place, or the
// same again; NULL when out of memory.
typedef const char *(*words_fn)(void *arg, const char *text, uint32_t line);

typedef struct words_visitor {
    ant_lesson *lesson;
    words_fn on_words;
    void *arg;
    bool is_short;
} words_visitor;

typedef struct po_checker {
    lesson_problems *problems;
    lesson_catalog catalog;
    const char *path;
    const char *slug;
} po_checker;

static int each_words(ant_lesson *lesson, words_fn on_words, void *arg);
static void visit_head(words_visitor *v);
static void visit_item(words_visitor *v, lesson_item *item);
static lesson_fields visit_fields(words_visitor *v, const lesson_item *item);
static const char *visit(words_visitor *v, const char *text, uint32_t line);
static const char *visit_must(words_visitor *v, const lesson_field *field);
static char *one_line(ant_arena *arena, const char *text);
static const char *translated(void *arg, const char *text, uint32_t line);
static const char *write_words(void *arg, const char *text, uint32_t line);
static const char *check_words(void *arg, const char *text, uint32_t line);
static void check_file(ant_lesson *lesson, const char *path,
                       lesson_problems *problems);
static bool has_queries_of(const char *a, const char *b);
static bool has_same_tag(const char *a, const char *b);

int lesson_translate(ant_lesson *lesson, const char *lang)
{
    ant_arena *arena = &lesson->arena;
    lesson_catalog catalog;
    if (strchr(lang, '/') != NULL) return -ENOENT;
    char *path = ant_arena_print(arena, "%s/po/%s.po", lesson->folder, lang);
    int err =
        path != NULL ? lesson_catalog_read(path, arena, &catalog) : -ENOMEM;
    if (err < 0) return err;
    err = each_words(lesson, translated, &catalog);
    lesson_catalog_deinit(&catalog);
    return err;
}

void lesson_words_write(ant_lesson *lesson, FILE *out)
{
    (void)each_words(lesson, write_words, out);
}

void lesson_check_translations(ant_lesson *lesson, lesson_problems *problems)
{
    ant_arena arena = { 0 };
    char *folder = ant_arena_print(&arena, "%s/po", lesson->folder);
    DIR *files = folder != NULL ? opendir(folder) : NULL;
    for (struct dirent *entry; files != NULL && (entry = readdir(files));) {
        const size_t len = strlen(entry->d_name);
        const bool is_po =
            len > 3 && strcmp(entry->d_name + len - 3, ".po") == 0;
        char *path = ant_arena_print(&arena, "%s/%s", folder, entry->d_name);
        if (is_po && path != NULL) check_file(lesson, path, problems);
    }
    if (files != NULL) closedir(files);
    ant_arena_deinit(&arena);
}

// ---- All words of a lesson ----

static int each_words(ant_lesson *lesson, words_fn on_words, void *arg)
{
    words_visitor v = { .lesson = lesson, .on_words = on_words, .arg = arg };
    const size_t bytes = lesson->item_count * sizeof *lesson->item;
    lesson_item *items = ant_arena_alloc(&lesson->arena, bytes + 1);
    if (items == NULL) return -ENOMEM;
    visit_head(&v);
    if (bytes > 0) memcpy(items, lesson->item, bytes);
    for (uint32_t i = 0; i < lesson->item_count; i++)
        visit_item(&v, &items[i]);
    if (v.is_short) return -ENOMEM;
    lesson->item = items;
    lesson->exercise = lesson_item_of(lesson, LESSON_EXERCISE, 0);
    return 0;
}

static void visit_head(words_visitor *v)
{
    ant_lesson *lesson = v->lesson;
    const lesson_fields *head = &lesson->head;
    lesson_field *fields =
        ant_arena_alloc(&lesson->arena, head->count * sizeof *fields + 1);
    v->is_short = fields == NULL;
    for (uint32_t i = 0; i < head->count && fields != NULL; i++) {
        fields[i] = head->field[i];
        const bool is_title = strcmp(fields[i].key, "title") == 0;
        const bool is_words =
            is_title || strcmp(fields[i].key, "objectives") == 0;
        if (is_words)
            fields[i].value = visit(v, fields[i].value, fields[i].line);
        if (is_title) lesson->title = fields[i].value;
    }
    if (fields != NULL) lesson->head.field = fields;
}

static void visit_item(words_visitor *v, lesson_item *item)
{
    // A list or a table is more than one line; it stays English.
    const bool is_prose = item->kind == LESSON_PROSE &&
                          strchr("-*|#>0123456789", item->text[0]) == NULL;
    if (is_prose || item->kind == LESSON_HINT || item->kind == LESSON_TEACHER)
        item->text = visit(v, item->text, item->line);
    if (item->fields.count > 0) item->fields = visit_fields(v, item);
}

static lesson_fields visit_fields(words_visitor *v, const lesson_item *item)
{
    const lesson_fields *all = &item->fields;
    lesson_field *fields =
        ant_arena_alloc(&v->lesson->arena, all->count * sizeof *fields);
    if (fields == NULL) {
        v->is_short = true;
        return *all;
    }
    for (uint32_t i = 0; i < all->count; i++) {
        fields[i] = all->field[i];
        const lesson_field_use use = lesson_use_of(item->kind, fields[i].key);
        if (use == LESSON_FIELD_WORDS)
            fields[i].value = visit(v, fields[i].value, fields[i].line);
        if (use == LESSON_FIELD_QUERY)
            fields[i].value = visit_must(v, &fields[i]);
    }
    return (lesson_fields){ fields, all->count };
}

static const char *visit(words_visitor *v, const char *text, uint32_t line)
{
    const char *flat = one_line(&v->lesson->arena, text);
    const char *other = flat != NULL ? v->on_words(v->arg, flat, line) : NULL;
    if (other == NULL) v->is_short = true;
    // What is not translated keeps its lines.
    return other == NULL || other == flat ? text : other;
}

// Only what is said when it is not so is words.
static const char *visit_must(words_visitor *v, const lesson_field *field)
{
    ant_arena *arena = &v->lesson->arena;
    const lesson_must must = lesson_must_of(field->value, arena);
    if (*must.message == 0) return field->value;
    const char *message = visit(v, must.message, field->line);
    const char *value = ant_arena_print(arena, "%s # %s", must.query, message);
    return value != NULL ? value : field->value;
}

// As po4a sees a paragraph: one blank between two words.
static char *one_line(ant_arena *arena, const char *text)
{
    char *flat = ant_arena_text(arena, text, strlen(text));
    size_t n = 0;
    for (const char *at = text; flat != NULL && *at != 0; at++) {
        const bool is_blank = *at == ' ' || *at == '\n' || *at == '\t';
        if (!is_blank)
            flat[n++] = *at;
        else if (n > 0 && flat[n - 1] != ' ')
            flat[n++] = ' ';
    }
    while (flat != NULL && n > 0 && flat[n - 1] == ' ')
        n--;
    if (flat != NULL) flat[n] = 0;
    return flat;
}

// ---- What is done with them ----

static const char *translated(void *arg, const char *text, uint32_t line)
{
    (void)line;
    const lesson_catalog *catalog = arg;
    const catalog_entry *entry = lesson_catalog_of(catalog, text);
    const bool is_good =
        entry != NULL && !entry->is_fuzzy && *entry->translation != 0;
    return is_good ? entry->translation : text;
}

static const char *write_words(void *arg, const char *text, uint32_t line)
{
    (void)line;
    fprintf(arg, "%s\n\n", text);
    return text;
}

// ---- Stale translations ----

static void check_file(ant_lesson *lesson, const char *path,
                       lesson_problems *problems)
{
    ant_arena arena = { 0 };
    po_checker checker = { .problems = problems,
                           .path = path,
                           .slug = lesson->slug };
    if (lesson_catalog_read(path, &arena, &checker.catalog) == 0) {
        (void)each_words(lesson, check_words, &checker);
        const catalog_entry *entry = checker.catalog.entries.data;
        for (size_t i = 0; i < checker.catalog.entries.len; i++) {
            if (entry[i].is_used) continue;
            lesson_complain(problems, path, entry[i].line,
                            "the lesson does not say \"%.40s…\" any more: "
                            "make po, and look at it again",
                            entry[i].text);
        }
        lesson_catalog_deinit(&checker.catalog);
    }
    ant_arena_deinit(&arena);
}

static const char *check_words(void *arg, const char *text, uint32_t line)
{
    (void)line;
    po_checker *checker = arg;
    catalog_entry *entry = lesson_catalog_of(&checker->catalog, text);
    if (entry == NULL) {
        lesson_complain(checker->problems, checker->path, 0,
                        "it is stale: the lesson says \"%.40s…\", which is "
                        "not in it: make po, then translate",
                        text);
        return text;
    }
    const bool is_first = !entry->is_used;
    entry->is_used = true;
    if (entry->is_fuzzy && is_first)
        lesson_complain(checker->problems, checker->path, entry->line,
                        "it is stale: \"%.40s…\" has changed: look at the "
                        "translation, and take the word fuzzy away",
                        text);
    if (!entry->is_fuzzy && *entry->translation != 0 && is_first &&
        !(has_same_tag(text, entry->translation) &&
          has_queries_of(text, entry->translation) &&
          has_queries_of(entry->translation, text)))
        lesson_complain(checker->problems, checker->path, entry->line,
                        "the translation of \"%.40s…\" has other queries in "
                        "braces, or another belief: copy them as they are",
                        text);
    return text;
}

// Does each {query} of `a` stand in `b`, too?
static bool has_queries_of(const char *a, const char *b)
{
    while ((a = strchr(a, '{')) != NULL) {
        const char *end = strchr(a, '}');
        if (end == NULL) return true;
        const size_t len = (size_t)(end - a) + 1;
        if (memmem(b, strlen(b), a, len) == NULL) return false;
        a = end;
    }
    return true;
}

// "-> MC06": whose belief a wrong option is.
static bool has_same_tag(const char *a, const char *b)
{
    a = strstr(a, "-> ");
    b = strstr(b, "-> ");
    if (a == NULL || b == NULL) return a == b;
    const size_t len = strcspn(a, ",");
    return strcspn(b, ",") == len && memcmp(a, b, len) == 0;
}
