// SPDX-License-Identifier: MIT
//
// Tests of films: every frame goes to ffmpeg, and a film is whole or not there.
// A script of two lines plays ffmpeg's part, so that none has to be installed;
// the real one is tried by tests/foreign.py.

#include "app/film.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/trace_script.h"
#include "text/file.h"

#define SIDE        320
#define FRAME_BYTES (SIDE * SIDE * 4)

// Keeps what it is given, under the name that comes last.
static const char keeps[] = "#!/bin/sh\n"
                            "for name; do :; done\n"
                            "exec cat >\"$name\"\n";

// Takes a little and gives up.
static const char fails[] = "#!/bin/sh\n"
                            "head -c 1000 >/dev/null\n"
                            "exit 1\n";

static char folder[] = "/tmp/antfarm-film-XXXXXX";
static char path[64];
static char *path_before;

static int set_up(void **state)
{
    (void)state;
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    path_before = strdup(getenv("PATH"));
    return mkdtemp(folder) != NULL && path_before != NULL ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    setenv("PATH", path_before, 1);
    free(path_before);
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command) == 0 && ant_mem_live_count() == 0 ? 0 : -1;
}

// Puts a program called ffmpeg before all others; with NULL there is none.
static void pretend(const char *script)
{
    char all[256];
    snprintf(all, sizeof all, "%s%s", folder,
             script != NULL ? ":/usr/bin:/bin" : "");
    setenv("PATH", all, 1);
    if (script == NULL) return;
    char name[64];
    snprintf(name, sizeof name, "%s/ffmpeg", folder);
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(script, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(name, 0755), 0);
}

static int make_film(const char *name, app_film film)
{
    ant_app app;
    app_options options = APP_OPTIONS_INIT;
    assert_int_equal(app_open(&app, script_story_join()), 0);
    assert_true(app_options_apply(&options, APP_BEGIN_FIRST, &app));
    snprintf(path, sizeof path, "%s/%s", folder, name);
    film.path = path;
    int status = app_film_make(&app, (args_size){ SIDE, SIDE }, &film);
    app_close(&app);
    script_remove();
    return status;
}

// How many bytes a file has, -1 when it is not there.
static long bytes_of(const char *name)
{
    struct stat status;
    return stat(name, &status) == 0 ? (long)status.st_size : -1;
}

static void assert_nothing_left(void)
{
    char part[96];
    assert_int_equal(bytes_of(path), -1);
    snprintf(part, sizeof part, "%s.part", path);
    assert_int_equal(bytes_of(part), -1);
    snprintf(part, sizeof part, "%s.part.png", path);
    assert_int_equal(bytes_of(part), -1);
}

static const app_film one_second = {
    .from_ms = -1, .to_ms = -1, .fps = 5, .seconds = 1
};

static void the_end_of_the_name_tells_a_film(void **state)
{
    (void)state;
    assert_true(app_film_is_one("a/b.mp4"));
    assert_true(app_film_is_one("b.gif"));
    assert_false(app_film_is_one("b.png"));
    assert_false(app_film_is_one(".mp4"));
}

static void every_frame_of_an_mp4_goes_to_ffmpeg(void **state)
{
    (void)state;
    pretend(keeps);
    assert_int_equal(make_film("f.mp4", one_second), TEXT_FINE);
    assert_int_equal(bytes_of(path), 5 * FRAME_BYTES);
}

static void a_gif_gets_its_colours_first_and_then_every_frame(void **state)
{
    (void)state;
    pretend(keeps);
    assert_int_equal(make_film("f.gif", one_second), TEXT_FINE);
    assert_int_equal(bytes_of(path), 5 * FRAME_BYTES);
    unlink(path);
    assert_nothing_left();
}

static void a_film_shows_the_run_go_by(void **state)
{
    (void)state;
    pretend(keeps);
    assert_int_equal(make_film("f.mp4", one_second), TEXT_FINE);
    static char first[FRAME_BYTES], last[FRAME_BYTES];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fread(first, 1, FRAME_BYTES, file), FRAME_BYTES);
    assert_int_equal(fseek(file, -FRAME_BYTES, SEEK_END), 0);
    assert_int_equal(fread(last, 1, FRAME_BYTES, file), FRAME_BYTES);
    fclose(file);
    assert_int_not_equal(memcmp(first, last, FRAME_BYTES), 0);
}

static void without_ffmpeg_nothing_is_left(void **state)
{
    (void)state;
    pretend(NULL);
    assert_int_equal(make_film("f.mp4", one_second), TEXT_BAD_INPUT);
    assert_nothing_left();
}

static void when_ffmpeg_fails_nothing_is_left(void **state)
{
    (void)state;
    pretend(fails);
    assert_int_equal(make_film("f.mp4", one_second), TEXT_BAD_INPUT);
    assert_nothing_left();
    assert_int_equal(make_film("f.gif", one_second), TEXT_BAD_INPUT);
    assert_nothing_left();
}

static void a_film_of_nothing_is_refused(void **state)
{
    (void)state;
    pretend(keeps);
    const app_film wrong[] = {
        { .from_ms = 20, .to_ms = 10, .fps = 5, .seconds = 1 },
        { .from_ms = -1, .to_ms = -1, .fps = 1000, .seconds = 1 },
        { .from_ms = -1, .to_ms = -1, .fps = 60, .seconds = 100000 },
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(wrong); i++) {
        assert_int_equal(make_film("f.mp4", wrong[i]), TEXT_BAD_INPUT);
        assert_nothing_left();
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_end_of_the_name_tells_a_film),
        TEST(every_frame_of_an_mp4_goes_to_ffmpeg),
        TEST(a_gif_gets_its_colours_first_and_then_every_frame),
        TEST(a_film_shows_the_run_go_by),
        TEST(without_ffmpeg_nothing_is_left),
        TEST(when_ffmpeg_fails_nothing_is_left),
        TEST(a_film_of_nothing_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
