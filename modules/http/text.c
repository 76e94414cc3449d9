// SPDX-License-Identifier: MIT

#include "http/text.h"

#include <errno.h>
#include <string.h>

#include "http/http.h"

static int decode(const char *text, size_t len, char *ret_text, size_t size,
                  char plus);

static int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = (char)(c | 32);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool ant__http_text_is_encoded(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '%') continue;
        if (len - i < 3) return false;
        const int high = hex(text[i + 1]), low = hex(text[i + 2]);
        if (high < 0 || low < 0 || high + low == 0) return false;
    }
    return true;
}

int ant__http_text_next(const char *text, size_t len, size_t *at)
{
    const char *c = text + *at;
    if (*c != '%' || len - *at < 3) {
        (*at)++;
        return (unsigned char)*c;
    }
    *at += 3;
    return hex(c[1]) << 4 | hex(c[2]);
}

int ant__http_text_decode(const char *text, size_t len, char *ret_text,
                          size_t size)
{
    return decode(text, len, ret_text, size, '+');
}

// `plus` is what a plus stands for.
static int decode(const char *text, size_t len, char *ret_text, size_t size,
                  char plus)
{
    size_t at = 0, done = 0;
    if (!ant__http_text_is_encoded(text, len)) return -EBADMSG;
    while (at < len) {
        if (done + 1 >= size) return -EMSGSIZE;
        const char raw = text[at];
        const int c = ant__http_text_next(text, len, &at);
        ret_text[done++] = raw == '+' ? plus : (char)c;
    }
    if (size == 0) return -EMSGSIZE;
    ret_text[done] = '\0';
    return (int)done;
}

// "a=1&b=2": the text behind the first "name=".
int ant_http_query(const ant_http *http, const char *name, char *ret_text,
                   size_t size)
{
    const char *pair = http->request.query;
    const size_t name_len = strlen(name);
    while (pair != NULL && *pair != '\0') { // ends: each turn uses up a pair
        const size_t len = strcspn(pair, "&");
        const size_t equals = strcspn(pair, "=&");
        if (equals == name_len && strncmp(pair, name, name_len) == 0) {
            const size_t begin = equals < len ? equals + 1 : len;
            return decode(pair + begin, len - begin, ret_text, size, ' ');
        }
        pair += len + (pair[len] == '&');
    }
    return -ENOENT;
}
