// SPDX-License-Identifier: MIT

#include "io/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "io/sockaddr.h"

static int parse_port(const char *text, uint16_t *ret_port);

int ant_addr_parse(const char *text, ant_addr *ret_addr)
{
    char host[INET6_ADDRSTRLEN];
    uint16_t port;
    if (ant__addr_split(text, host, sizeof host, &port) < 0) return -EINVAL;
    const char *number = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;

    ant_addr addr = { .len = sizeof(struct sockaddr_in) };
    ant__sockaddr *at = ant__sockaddr_of(&addr);
    at->ip4.sin_family = AF_INET;
    if (inet_pton(AF_INET, number, &at->ip4.sin_addr) != 1) {
        addr = (ant_addr){ .len = sizeof(struct sockaddr_in6) };
        at->ip6.sin6_family = AF_INET6;
        if (inet_pton(AF_INET6, number, &at->ip6.sin6_addr) != 1)
            return -EINVAL;
    }
    ant_addr_set_port(&addr, port);
    *ret_addr = addr;
    return 0;
}

int ant__addr_split(const char *text, char *ret_host, size_t size,
                    uint16_t *ret_port)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL) return -EINVAL;
    const char *begin = text;
    const char *end = colon;
    const bool is_bracketed = *text == '[' && colon > text && colon[-1] == ']';
    if (is_bracketed) begin++, end--;
    const size_t len = (size_t)(end - begin);
    if (len == 0 || len >= size) return -EINVAL;
    // A colon in a host that stands without brackets: half an IPv6 address.
    if (!is_bracketed && memchr(begin, ':', len) != NULL) return -EINVAL;
    if (parse_port(colon + 1, ret_port) < 0) return -EINVAL;
    memcpy(ret_host, begin, len);
    ret_host[len] = '\0';
    return 0;
}

static int parse_port(const char *text, uint16_t *ret_port)
{
    uint32_t port = 0;
    if (*text == '\0' || strlen(text) > 5) return -EINVAL;
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9') return -EINVAL;
        port = port * 10 + (uint32_t)(*text - '0');
    }
    if (port > UINT16_MAX) return -EINVAL;
    *ret_port = (uint16_t)port;
    return 0;
}

int ant_addr_unix(const char *path, ant_addr *ret_addr)
{
    ant_addr addr = { .len = 0 };
    struct sockaddr_un *local = &ant__sockaddr_of(&addr)->local;
    const size_t len = strlen(path);
    if (len == 0 || len >= sizeof local->sun_path) return -ENAMETOOLONG;
    local->sun_family = AF_UNIX;
    memcpy(local->sun_path, path, len + 1);
    addr.len = (uint32_t)(offsetof(struct sockaddr_un, sun_path) + len + 1);
    *ret_addr = addr;
    return 0;
}

void ant_addr_format(const ant_addr *addr, char *ret_text, size_t size)
{
    const ant__sockaddr *at = ant__sockaddr_in(addr);
    char host[INET6_ADDRSTRLEN] = "";
    const char *path;
    switch (at->any.sa_family) {
    case AF_INET:
        inet_ntop(AF_INET, &at->ip4.sin_addr, host, sizeof host);
        (void)snprintf(ret_text, size, "%s:%u", host, ant_addr_port(addr));
        return;
    case AF_INET6:
        inet_ntop(AF_INET6, &at->ip6.sin6_addr, host, sizeof host);
        (void)snprintf(ret_text, size, "[%s]:%u", host, ant_addr_port(addr));
        return;
    case AF_UNIX:
        path = at->local.sun_path;
        if (addr->len <= offsetof(struct sockaddr_un, sun_path)) path = "";
        (void)snprintf(ret_text, size, "%s", *path ? path : "(unnamed)");
        return;
    default:
        (void)snprintf(ret_text, size, "?");
    }
}

uint16_t ant_addr_port(const ant_addr *addr)
{
    const ant__sockaddr *at = ant__sockaddr_in(addr);
    if (at->any.sa_family == AF_INET) return ntohs(at->ip4.sin_port);
    if (at->any.sa_family == AF_INET6) return ntohs(at->ip6.sin6_port);
    return 0;
}

void ant_addr_set_port(ant_addr *addr, uint16_t port)
{
    ant__sockaddr *at = ant__sockaddr_of(addr);
    if (at->any.sa_family == AF_INET) at->ip4.sin_port = htons(port);
    if (at->any.sa_family == AF_INET6) at->ip6.sin6_port = htons(port);
}

bool ant_addr_equal(const ant_addr *a, const ant_addr *b)
{
    char text[2][ANT_ADDR_TEXT_MAX];
    if (ant__sockaddr_in(a)->any.sa_family !=
        ant__sockaddr_in(b)->any.sa_family)
        return false;
    ant_addr_format(a, text[0], sizeof text[0]);
    ant_addr_format(b, text[1], sizeof text[1]);
    return strcmp(text[0], text[1]) == 0;
}
