// SPDX-License-Identifier: MIT
//
// Tests of trace/reader with files that are not what they should be. A file in
// memory is damaged in every way; the reader never crashes, never loops, and
// never passes damage over in silence.

#include "trace/reader.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/mem.h"
#include "base/os.h"
#include "trace/format.h"
#include "trace/trace.h"

#define FILE_BYTES_MAX (1u << 20)

static uint8_t file[FILE_BYTES_MAX];
static size_t file_bytes;

// What reading a file came to.
typedef struct outcome {
    int err;
    uint64_t events;
    uint64_t digest; // of all that was read
    uint32_t bad;
} outcome;

static uint64_t clock_ns;

static uint64_t now(void *arg)
{
    (void)arg;
    return clock_ns += 10;
}

static void record_notes(unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        ANT_TRACE(poll_begin, .task = 1, .seq = 2 * i % 128);
        ANT_TRACE(task_end, .task = i, .seq = 1, .err = (uint64_t)-i,
                  .message = ant_trace_string(i % 2 ? "odd" : "even"));
        ANT_TRACE(poll_end, .task = 1, .seq = (2 * i + 1) % 128);
    }
}

static void record_on_thread(void *arg)
{
    record_notes(*(const unsigned *)arg);
    ant_trace_thread_end();
}

static void slurp(const char *path)
{
    FILE *in = fopen(path, "rb");
    assert_non_null(in);
    file_bytes = fread(file, 1, sizeof file, in);
    fclose(in);
}

// Records `n` rounds on each of two threads into `file`. Without `stop` the
// file is taken as a killed program leaves it.
static void make_file(unsigned n, bool stop)
{
    char path[] = "/tmp/antfarm-reader-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    clock_ns = 0;
    ant_trace_ids_reset();
    const ant_trace_desc desc = {
        .path = path,
        .now_ns = now,
        .is_virtual = true,
    };
    assert_int_equal(ant_trace_start(&desc), 0);
    ANT_TRACE(type, .type = 1, .name = ant_trace_string("fetch"));
    ANT_TRACE(state, .type = 1, .state = 1, .name = ant_trace_string("S"));
    record_notes(n);
    ant_os_thread thread;
    assert_int_equal(
        ant_os_thread_start(&thread, "second", record_on_thread, &n), 0);
    ant_os_thread_join(&thread);
    if (!stop) slurp(path);
    ant_trace_stop();
    if (stop) slurp(path);
    unlink(path);
}

static uint64_t mix(uint64_t digest, uint64_t value)
{
    return (digest ^ value) * 0x100000001B3u;
}

static uint64_t mix_text(uint64_t digest, const char *text)
{
    return mix(digest, crc32_z(0, (const Bytef *)text, strlen(text)));
}

static outcome read_all(const void *bytes, size_t len)
{
    outcome o = { 0 };
    ant_reader *reader = NULL;
    ant_reader_error error = { 0 };
    o.err = ant_reader_open_bytes(bytes, len, &reader, &error);
    if (o.err < 0) {
        assert_true(strlen(error.text) > 0);
        assert_null(strchr(error.text, '\n'));
        assert_true(error.offset <= len);
        return o;
    }
    ant_event event;
    for (; ant_reader_next(reader, &event); o.events++) {
        for (unsigned i = 0; i < ANT_EVENT_FIELD_MAX; i++) {
            o.digest = mix(o.digest, event.field[i]);
        }
        o.digest = mix(o.digest, event.kind);
        o.digest = mix(o.digest, event.lane);
        o.digest = mix(o.digest, event.task);
    }
    for (uint64_t id = 0; id < 20; id++) {
        o.digest = mix_text(o.digest, ant_reader_string(reader, id));
        o.digest = mix_text(o.digest, ant_reader_type(reader, id)->name);
        o.digest = mix_text(o.digest, ant_reader_state(reader, id, 1));
        const ant_trace_lane_info *lane = ant_reader_lane(reader, id);
        if (lane != NULL) o.digest = mix_text(o.digest, lane->name);
    }
    o.bad = ant_reader_info(reader)->chunk_bad_count;
    assert_true((o.bad > 0) == (ant_reader_damage(reader, 0) != NULL));
    ant_reader_close(reader);
    return o;
}

static void sees_a_file_cut_at_any_byte(void **state)
{
    (void)state;
    make_file(40, true);
    outcome whole = read_all(file, file_bytes);
    assert_int_equal(whole.err, 0);
    assert_int_equal(whole.bad, 0);
    for (size_t len = 0; len < file_bytes; len++) {
        // A copy of its own lets the sanitizers see any step too far.
        void *copy = malloc(len != 0 ? len : 1);
        assert_non_null(copy);
        memcpy(copy, file, len);
        outcome cut = read_all(copy, len);
        free(copy);
        bool is_same = cut.err == 0 && cut.bad == 0 &&
                       cut.events == whole.events && cut.digest == whole.digest;
        bool is_seen = cut.err < 0 || cut.bad > 0;
        if (!is_same && !is_seen) fail_msg("cut at %zu", len);
    }
}

static void sees_any_byte_that_is_flipped(void **state)
{
    (void)state;
    make_file(40, true);
    outcome whole = read_all(file, file_bytes);
    for (size_t i = 0; i < file_bytes; i++) {
        file[i] ^= (uint8_t)(1u << i % 8);
        outcome flipped = read_all(file, file_bytes);
        file[i] ^= (uint8_t)(1u << i % 8);
        bool is_same = flipped.err == 0 && flipped.bad == 0 &&
                       flipped.events == whole.events &&
                       flipped.digest == whole.digest;
        bool is_seen = flipped.err < 0 || flipped.bad > 0;
        if (!is_same && !is_seen) fail_msg("byte %zu", i);
    }
}

static void reads_the_rest_of_a_damaged_file(void **state)
{
    (void)state;
    make_file(2000, true);
    outcome whole = read_all(file, file_bytes);
    // In the second chunk, whoever's it is.
    file[4 * ANT_CHUNK_ALIGN + 100] ^= 1;
    outcome damaged = read_all(file, file_bytes);
    assert_int_equal(damaged.err, 0);
    assert_int_equal(damaged.bad, 1);
    assert_true(damaged.events > whole.events / 2);
    assert_true(damaged.events < whole.events);
}

static void reads_the_file_of_a_killed_program(void **state)
{
    (void)state;
    make_file(500, true);
    outcome closed = read_all(file, file_bytes);
    make_file(500, false);
    outcome killed = read_all(file, file_bytes);
    assert_int_equal(killed.err, 0);
    assert_int_equal(killed.bad, 0);
    assert_int_equal(killed.events, closed.events);
    assert_int_equal(killed.digest, closed.digest);
}

static void never_crashes_on_an_open_chunk(void **state)
{
    (void)state;
    make_file(20, false);
    for (size_t i = 0; i < file_bytes; i++) {
        file[i] ^= 0x81;
        (void)read_all(file, file_bytes);
        file[i] ^= 0x81;
    }
}

static void refuses_what_is_no_trace(void **state)
{
    (void)state;
    memset(file, 'x', 10000);
    assert_int_equal(read_all(file, 0).err, -EINVAL);
    assert_int_equal(read_all(file, 10000).err, -EINVAL);
    assert_int_equal(read_all("ANTFARM\x1a", 8).err, -EINVAL);
}

static void refuses_a_newer_version(void **state)
{
    (void)state;
    make_file(1, true);
    file[offsetof(ant_trace_header, version)]++;
    assert_int_equal(read_all(file, file_bytes).err, -ENOTSUP);
}

// Replaces a word of the schema by one of the same length, and makes all
// checksums right again.
static void replace_in_schema(const char *from, const char *to)
{
    ant_trace_header header;
    memcpy(&header, file, sizeof header);
    char *schema = (char *)file + sizeof header;
    char *at = memmem(schema, header.schema_bytes, from, strlen(from));
    assert_non_null(at);
    memcpy(at, to, strlen(to));
    header.schema_crc =
        (uint32_t)crc32_z(0, (const Bytef *)schema, header.schema_bytes);
    header.header_crc = (uint32_t)crc32_z(
        0, (const Bytef *)&header, offsetof(ant_trace_header, header_crc));
    memcpy(file, &header, sizeof header);
}

static void skips_kinds_that_it_does_not_know(void **state)
{
    (void)state;
    make_file(40, true);
    outcome before = read_all(file, file_bytes);
    replace_in_schema("\ntask_end ", "\ntask_odd ");
    outcome after = read_all(file, file_bytes);
    assert_int_equal(after.err, 0);
    assert_int_equal(after.bad, 0);
    assert_int_equal(after.events, before.events - 80);

    ant_reader *reader;
    ant_event event;
    assert_int_equal(ant_reader_open_bytes(file, file_bytes, &reader, NULL), 0);
    while (ant_reader_next(reader, &event))
        continue;
    assert_int_equal(ant_reader_info(reader)->unknown_count, 80);
    ant_reader_close(reader);
}

static void skips_kinds_whose_fields_have_another_form(void **state)
{
    (void)state;
    make_file(40, true);
    outcome before = read_all(file, file_bytes);
    replace_in_schema("err:int", "err:num");
    assert_int_equal(read_all(file, file_bytes).events, before.events - 80);
}

static void finds_kinds_by_their_names(void **state)
{
    (void)state;
    make_file(40, true);
    // In this file the places of two kinds are swapped.
    replace_in_schema("\npark ", "\nxxxx ");
    replace_in_schema("\nnote ", "\npark ");
    ant_reader *reader;
    ant_event event;
    assert_int_equal(ant_reader_open_bytes(file, file_bytes, &reader, NULL), 0);
    while (ant_reader_next(reader, &event)) {
        assert_int_not_equal(event.kind, ANT_EV_park);
    }
    ant_reader_close(reader);
}

static void stays_whole_when_memory_runs_out(void **state)
{
    (void)state;
    make_file(500, true);
    uint64_t before = ant_mem_live_count();
    for (uint64_t nth = 1; nth < 60; nth++) {
        ant_mem_fail_nth(nth, 1);
        outcome o = read_all(file, file_bytes);
        ant_mem_fail_nth(0, 0);
        assert_true(o.err == -ENOMEM || o.err == 0);
        assert_int_equal(ant_mem_live_count(), before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sees_a_file_cut_at_any_byte),
        cmocka_unit_test(sees_any_byte_that_is_flipped),
        cmocka_unit_test(reads_the_rest_of_a_damaged_file),
        cmocka_unit_test(reads_the_file_of_a_killed_program),
        cmocka_unit_test(never_crashes_on_an_open_chunk),
        cmocka_unit_test(refuses_what_is_no_trace),
        cmocka_unit_test(refuses_a_newer_version),
        cmocka_unit_test(skips_kinds_that_it_does_not_know),
        cmocka_unit_test(skips_kinds_whose_fields_have_another_form),
        cmocka_unit_test(finds_kinds_by_their_names),
        cmocka_unit_test(stays_whole_when_memory_runs_out),
    };
    return cmocka_run_group_tests_name("trace/reader", tests, NULL, NULL);
}
