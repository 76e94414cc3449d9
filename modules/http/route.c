// SPDX-License-Identifier: MIT

#include "http/route.h"

#include <errno.h>
#include <string.h>

#include "http/text.h"

// A part of a path: up to the next slash.
typedef struct part {
    const char *text;
    size_t len;
} part;

static bool next_part(const char **rest, part *ret_part);
static bool matches(const char *pattern, ant_http *http);
static bool is_same_text(part pattern, part path);
static bool is_method_of(const ant_http_route *route, const char *method);

int ant__http_route_find(const ant_http_route *routes, ant_http *http,
                         const ant_http_route **ret_route)
{
    static const char known[] =
        " GET HEAD POST PUT DELETE PATCH OPTIONS TRACE CONNECT ";
    const char *method = http->request.method;
    const char *path = http->request.path;
    bool is_allowed = false;
    const char *found = strstr(known, method);
    if (found == NULL || found[-1] != ' ' || found[strlen(method)] != ' ')
        return 501;
    if (*path == '*') return 204;
    if (!ant__http_text_is_encoded(path, strlen(path))) return 400;
    for (const ant_http_route *route = routes; route->path != NULL; route++) {
        if (!matches(route->path, http)) continue;
        if (is_method_of(route, method)) {
            *ret_route = route;
            return 0;
        }
        // Several headers of one name are a list.
        if (ant_http_set_header(http, "Allow", route->method) < 0) return 500;
        is_allowed = true;
    }
    return is_allowed ? 405 : 404;
}

static bool is_method_of(const ant_http_route *route, const char *method)
{
    if (strcmp(route->method, method) == 0) return true;
    return strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0;
}

// ---- Paths ----

static bool matches(const char *pattern, ant_http *http)
{
    const char *path = http->request.path;
    part wanted, here;
    http->param_count = 0;
    for (;;) { // ends: each turn uses up a part
        const bool is_more = next_part(&pattern, &wanted);
        if (is_more && wanted.len == 1 && *wanted.text == '*') return true;
        const bool is_here = next_part(&path, &here);
        if (!is_more || !is_here) return is_more == is_here;
        if (*wanted.text != '{') {
            if (!is_same_text(wanted, here)) return false;
            continue;
        }
        ANT_ASSERT(http->param_count < ANT_HTTP_PARAMS_MAX); // of the table
        if (here.len == 0) return false;
        http->param[http->param_count++] =
            (ant_http_part){ wanted.text + 1, here.text, here.len };
    }
}

// "/a/b" has the parts "a" and "b", "/a/" also an empty one.
static bool next_part(const char **rest, part *ret_part)
{
    if (**rest != '/') return false;
    ret_part->text = *rest + 1;
    ret_part->len = strcspn(ret_part->text, "/");
    *rest = ret_part->text + ret_part->len;
    return true;
}

static bool is_same_text(part pattern, part path)
{
    size_t at = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        if (at >= path.len) return false;
        const int c = ant__http_text_next(path.text, path.len, &at);
        if (c != (unsigned char)pattern.text[i]) return false;
    }
    return at == path.len;
}

int ant_http_param(const ant_http *http, const char *name, char *ret_text,
                   size_t size)
{
    const size_t len = strlen(name);
    for (unsigned i = 0; i < http->param_count; i++) {
        const ant_http_part *param = &http->param[i];
        if (strncmp(param->name, name, len) != 0 || param->name[len] != '}')
            continue;
        return ant__http_text_decode(param->text, param->len, ret_text, size);
    }
    return -ENOENT;
}
