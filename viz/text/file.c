// SPDX-License-Identifier: MIT

#include "text/file.h"

#include <inttypes.h>
#include <string.h>

static unsigned columns(const char *text);

ant_reader *text_open(const char *path, FILE *err)
{
    ant_reader *reader = NULL;
    ant_reader_error error = { 0 };
    if (ant_reader_open(path, &reader, &error) == 0) return reader;
    text_problem(path, &error, err);
    return NULL;
}

int text_damage(const char *path, const ant_reader *reader, FILE *err)
{
    const ant_trace_info *info = ant_reader_info(reader);
    const ant_reader_error *first = ant_reader_damage(reader, 0);
    if (first == NULL) return TEXT_FINE;

    ant_reader_error error = { .offset = first->offset };
    char more[40] = "";
    if (info->chunk_bad_count > 1) {
        snprintf(more, sizeof more, " (and %u more such place%s)",
                 info->chunk_bad_count - 1,
                 info->chunk_bad_count == 2 ? "" : "s");
    }
    snprintf(error.text, sizeof error.text,
             "%.60s%s; its events are missing, copy or record the file again",
             first->text, more);
    text_problem(path, &error, err);
    return TEXT_BAD_INPUT;
}

void text_problem(const char *path, const ant_reader_error *error, FILE *err)
{
    if (error->offset > 0) {
        fprintf(err, "antfarm: %s: at byte %" PRIu64 ": %s\n", path,
                error->offset, error->text);
    } else {
        fprintf(err, "antfarm: %s: %s\n", path, error->text);
    }
}

void text_column(FILE *out, const char *text, unsigned width)
{
    unsigned have = columns(text);
    bool is_cut = have > width;
    unsigned left = is_cut ? width - 1 : have;
    const char *at = text;
    for (; left > 0; left--) {
        do {
            fputc(*at++, out);
        } while (((unsigned char)*at & 0xC0) == 0x80);
    }
    if (is_cut) fputs("\xe2\x80\xa6", out);
    for (; have < width; have++)
        fputc(' ', out);
}

void text_count(char *buf, size_t size, uint64_t count)
{
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%" PRIu64, count);
    size_t len = 0;
    for (int i = 0; i < n && len + 2 < size; i++) {
        if (i > 0 && (n - i) % 3 == 0) buf[len++] = ',';
        buf[len++] = digits[i];
    }
    buf[len] = 0;
}

// The characters of a text: its bytes but those that continue one.
static unsigned columns(const char *text)
{
    unsigned n = 0;
    for (; *text != 0; text++)
        n += ((unsigned char)*text & 0xC0) != 0x80;
    return n;
}
