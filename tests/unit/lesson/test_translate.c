// SPDX-License-Identifier: MIT
//
// A lesson in another language: what is translated, what stays computed, and
// which translations are refused.

#include "lesson/translate.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lesson/session.h"
#include "lesson/show.h"
#include "support/lesson_rig.h"

// clang-format off
static const char head[] =
    "# A comment.\n"
    "#, fuzzy\n"
    "msgid \"\"\n"
    "msgstr \"\"\n"
    "\"Language: de\\n\"\n"
    "\n"
    "#, no-wrap\n"
    "msgid \"When is it over?\"\n"
    "msgstr \"Wann ist es \"\n"
    "\"vorbei?\"\n"
    "\n"
    "msgid \"After {end()} ms\"\n"
    "msgstr \"Nach {end()} ms\"\n"
    "\n"
    "msgid \"It has to sleep twice.\"\n"
    "msgstr \"Es \\\"muss\\\" zweimal.\"\n"
    "\n"
    "#~ msgid \"Put aside.\"\n"
    "#~ msgstr \"Abgelegt.\"\n";
// clang-format on

static lesson_rig rig;
static char words[4000];

static int setup(void **state)
{
    (void)state;
    rig_init(&rig);
    char path[400];
    snprintf(path, sizeof path, "%s/po", rig.lesson_folder);
    assert_int_equal(mkdir(path, 0777), 0);
    return 0;
}

// A whole PO file: the entries of `head`, and all other words untranslated.
static void write_all(void)
{
    char po[8000];
    size_t len = (size_t)snprintf(po, sizeof po, "%s", head);
    char *text = NULL;
    size_t text_len = 0;
    FILE *out = open_memstream(&text, &text_len);
    assert_non_null(out);
    lesson_words_write(rig.lesson, out);
    assert_int_equal(fclose(out), 0);
    snprintf(words, sizeof words, "%s", text);
    for (const char *at = text; *at != 0; at += strspn(at, "\n")) {
        const int word_len = (int)strcspn(at, "\n");
        const char *word = at;
        char entry[600];
        at += word_len;
        snprintf(entry, sizeof entry, "msgid \"%.*s\"", word_len, word);
        if (strstr(head, entry) != NULL) continue;
        len += (size_t)snprintf(po + len, sizeof po - len,
                                "\n%s\nmsgstr \"\"\n", entry);
    }
    free(text);
    rig_write(&rig, "po/de.po", po);
}

static void every_text_is_there_to_translate(void **state)
{
    (void)state;
    rig_open(&rig);
    write_all();
    static const char *const some[] = {
        "One nap\n",
        "A nap of {nap: end()} ms, and `{code}`.\n",
        "After {end() + 1} ms -> MC01, Why it is not.\n",
        "It sleeps.\n",
        "It is {t(timer_fire)} ms.\n",
        "It has to sleep twice.\n",
        "Two naps.\n",
        "Look.\n",
        "Ask.\n",
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(some); i++)
        assert_non_null(strstr(words, some[i]));
    assert_null(strstr(words, "end() == 200")); // a query is no words
}

static void a_translation_keeps_what_is_computed(void **state)
{
    (void)state;
    rig_open(&rig);
    write_all();
    assert_int_equal(lesson_translate(rig.lesson, "de"), 0);
    ant_arena arena = { 0 };
    session_question question;
    assert_true(lesson_session_question_of(
        &rig.stage, lesson_item_of(rig.lesson, LESSON_PREDICT, 0), &arena,
        &question, &rig.problems));
    assert_string_equal(question.ask, "Wann ist es vorbei?");
    assert_string_equal(question.answer, "Nach 100 ms");
    assert_string_equal(question.why, "It sleeps."); // English, where it lacks
    const char *must = lesson_field_of(&rig.lesson->exercise->fields, "must");
    assert_string_equal(must, "end() == 200 # Es \"muss\" zweimal.");
    ant_arena_deinit(&arena);
}

static void a_language_that_is_not_there_says_so(void **state)
{
    (void)state;
    rig_open(&rig);
    assert_int_equal(lesson_translate(rig.lesson, "fr"), -ENOENT);
    assert_int_equal(lesson_translate(rig.lesson, "../de"), -ENOENT);
}

static void check_after(const char *from, const char *to, const char *says)
{
    rig_open(&rig);
    write_all();
    lesson_check_translations(rig.lesson, &rig.problems);
    rig_expect_none(&rig);
    rig_plant(&rig, "po/de.po", from, to);
    lesson_check_translations(rig.lesson, &rig.problems);
    rig_expect(&rig, says);
}

static void a_text_that_has_changed_is_refused(void **state)
{
    (void)state;
    check_after("msgid \"When is it over?\"", "msgid \"When is it gone?\"",
                "it is stale: the lesson says \"When is it over?");
    rig_expect(&rig, "does not say \"When is it gone?");
}

static void a_fuzzy_translation_is_refused(void **state)
{
    (void)state;
    check_after("#, no-wrap", "#, fuzzy, no-wrap", "has changed: look at");
}

static void a_translation_that_loses_a_query_is_refused(void **state)
{
    (void)state;
    check_after("Nach {end()} ms", "Nach 100 ms", "has other queries");
}

static void a_fuzzy_translation_is_not_shown(void **state)
{
    (void)state;
    rig_open(&rig);
    write_all();
    rig_plant(&rig, "po/de.po", "#, no-wrap", "#, fuzzy");
    assert_int_equal(lesson_translate(rig.lesson, "de"), 0);
    const lesson_item *item = lesson_item_of(rig.lesson, LESSON_PREDICT, 0);
    assert_string_equal(lesson_field_of(&item->fields, "ask"),
                        "When is it over?");
}

int main(void)
{
#define TEST(test)                                                             \
    cmocka_unit_test_prestate_setup_teardown(test, setup, rig_teardown, &rig)
    const struct CMUnitTest tests[] = {
        TEST(every_text_is_there_to_translate),
        TEST(a_translation_keeps_what_is_computed),
        TEST(a_language_that_is_not_there_says_so),
        TEST(a_text_that_has_changed_is_refused),
        TEST(a_fuzzy_translation_is_refused),
        TEST(a_translation_that_loses_a_query_is_refused),
        TEST(a_fuzzy_translation_is_not_shown),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
