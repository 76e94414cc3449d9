// SPDX-License-Identifier: MIT

#include "http/head.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

// What is left of the text.
typedef struct cursor {
    char *at;
    char *end;
} cursor;

static char *next_line(cursor *text, size_t *ret_len);
static int parse_request_line(ant_http_head *head, char *line, size_t len);
static int parse_target(ant_http_head *head, char *target);
static int parse_version(const char *text, unsigned *ret_minor);
static int parse_fields(ant_http_head *head, cursor *text);
static int parse_field(ant_http_field *field, char *line, size_t len);
static int look_at_framing(ant_http_head *head);
static int look_at_host(const ant_http_head *head);
static int parse_length(const char *text, uint64_t *ret_length);
static unsigned count_fields(const ant_http_head *head, const char *name);
static bool list_has(const char *list, const char *word);

// ---- What may stand where ----

static bool is_token_char(unsigned char c)
{
    // The rest of ASCII's visible characters are delimiters.
    if (c == 0) return false;
    if (strchr("!#$%&'*+-.^_`|~", c) != NULL) return true;
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

bool ant__http_is_token(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (!is_token_char((unsigned char)text[i])) return false;
    }
    return len > 0;
}

bool ant__http_is_value(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)text[i];
        if ((c < ' ' && c != '\t') || c == 127) return false;
    }
    return true;
}

// ---- Where it ends ----

int64_t ant__http_head_scan(const char *text, size_t len, size_t *seen)
{
    // Who speaks another language is told so at its first byte.
    if (len > 0 && !is_token_char((unsigned char)text[0])) return -EBADMSG;
    while (*seen < len) {
        const char *from = text + *seen;
        const char *feed = memchr(from, '\n', len - *seen);
        if (feed == NULL) {
            *seen = len;
            return 0;
        }
        const size_t at = (size_t)(feed - text);
        if (at == 0 || text[at - 1] != '\r') return -EBADMSG;
        *seen = at + 1;
        if (at >= 3 && text[at - 2] == '\n') return (int64_t)at + 1;
    }
    return 0;
}

// ---- Taking it apart ----

int ant__http_head_parse(ant_http_head *head, char *text, size_t len)
{
    cursor rest = { text, text + len };
    size_t line_len;
    char *line = next_line(&rest, &line_len);
    *head = (ant_http_head){ 0 };
    if (line == NULL) return 400;
    int status = parse_request_line(head, line, line_len);
    if (status == 0) status = parse_fields(head, &rest);
    if (status == 0) status = look_at_host(head);
    if (status == 0) status = look_at_framing(head);
    return status;
}

int ant__http_answer_parse(ant_http_head *head, char *text, size_t len)
{
    cursor rest = { text, text + len };
    size_t line_len;
    char *line = next_line(&rest, &line_len);
    *head = (ant_http_head){ 0 };
    // "HTTP/1.1 200", and a reason that nobody needs
    if (line == NULL || line_len < 12 || line[8] != ' ') return -EBADMSG;
    if (line_len > 12 && line[12] != ' ') return -EBADMSG;
    line[8] = '\0';
    if (parse_version(line, &head->minor) != 0) return -EBADMSG;
    for (int i = 9; i < 12; i++) {
        if (line[i] < '0' || line[i] > '9') return -EBADMSG;
        head->status = head->status * 10 + (line[i] - '0');
    }
    if (!ant__http_is_value(line + 12, line_len - 12)) return -EBADMSG;
    if (parse_fields(head, &rest) != 0) return -EBADMSG;
    return look_at_framing(head) == 0 ? 0 : -EBADMSG;
}

// The next line without its end, and with a 0 in its place; NULL for none.
static char *next_line(cursor *text, size_t *ret_len)
{
    char *line = text->at;
    const size_t left = (size_t)(text->end - line);
    char *feed = memchr(line, '\n', left);
    if (feed == NULL || feed == line || feed[-1] != '\r') return NULL;
    feed[-1] = '\0';
    *ret_len = (size_t)(feed - 1 - line);
    text->at = feed + 1;
    return line;
}

// "GET /path?query HTTP/1.1": two spaces, each one character wide.
static int parse_request_line(ant_http_head *head, char *line, size_t len)
{
    if (memchr(line, '\0', len) != NULL) return 400;
    char *target = strchr(line, ' ');
    char *version = target == NULL ? NULL : strchr(target + 1, ' ');
    if (version == NULL) return 400;
    *target++ = '\0';
    *version++ = '\0';
    if (!ant__http_is_token(line, strlen(line))) return 400;
    head->method = line;
    const int status = parse_version(version, &head->minor);
    return status != 0 ? status : parse_target(head, target);
}

static int parse_version(const char *text, unsigned *ret_minor)
{
    if (strncmp(text, "HTTP/", 5) != 0 || strlen(text) != 8) return 400;
    if (text[6] != '.') return 400;
    for (int i = 5; i < 8; i += 2) {
        if (text[i] < '0' || text[i] > '9') return 400;
    }
    if (text[5] != '1') return 505;
    *ret_minor = (unsigned)(text[7] - '0');
    return 0;
}

// A path, a whole address of which the host is in the way, or "*".
static int parse_target(ant_http_head *head, char *target)
{
    for (const char *c = target; *c != '\0'; c++) {
        const unsigned char byte = (unsigned char)*c;
        if (byte <= ' ' || byte >= 127 || byte == '#') return 400;
    }
    if (strncasecmp(target, "http://", 7) == 0) {
        char *host = target + 7;
        const size_t host_len = strcspn(host, "/?");
        if (host_len == 0) return 400;
        target = host + host_len;
        // No path is the root: there is room for it where the host was.
        if (*target != '/') *--target = '/';
    }
    const bool is_options = strcmp(head->method, "OPTIONS") == 0;
    const bool is_star = strcmp(target, "*") == 0;
    if (*target != '/' && !(is_options && is_star)) {
        // What proxies are asked for: this is none.
        return strcmp(head->method, "CONNECT") == 0 ? 501 : 400;
    }
    char *query = strchr(target, '?');
    if (query != NULL) *query++ = '\0';
    head->path = target;
    head->query = query;
    return 0;
}

static int parse_fields(ant_http_head *head, cursor *text)
{
    for (;;) { // ends: each turn uses up a line
        size_t len;
        char *line = next_line(text, &len);
        if (line == NULL) return 400;
        if (len == 0) return text->at == text->end ? 0 : 400;
        if (head->field_count == ANT_HTTP_FIELDS_MAX) return 431;
        const int status =
            parse_field(&head->field[head->field_count++], line, len);
        if (status != 0) return status;
    }
}

// "Name: value". No space before the colon, no line that goes on in the next.
static int parse_field(ant_http_field *field, char *line, size_t len)
{
    char *colon = memchr(line, ':', len);
    if (colon == NULL) return 400;
    if (!ant__http_is_token(line, (size_t)(colon - line))) return 400;
    char *value = colon + 1;
    char *end = line + len;
    if (!ant__http_is_value(value, (size_t)(end - value))) return 400;
    while (*value == ' ' || *value == '\t')
        value++;
    while (end > value && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    *colon = '\0';
    *end = '\0';
    *field = (ant_http_field){ line, value };
    return 0;
}

// ---- What the fields mean for the message itself ----

// A request says for whom it is, once.
static int look_at_host(const ant_http_head *head)
{
    const unsigned count = count_fields(head, "Host");
    if (count > 1 || (count == 0 && head->minor > 0)) return 400;
    if (count == 0) return 0;
    const char *host = ant__http_head_get(head, "Host");
    for (const char *c = host; *c != '\0'; c++) {
        if ((unsigned char)*c <= ' ' || strchr("/?#@\\,\"<>", *c) != NULL)
            return 400;
    }
    return 0;
}

// How long the body is, and what comes after it. Two answers to that are one
// too many, even if they are the same.
static int look_at_framing(ant_http_head *head)
{
    const unsigned lengths = count_fields(head, "Content-Length");
    const unsigned codings = count_fields(head, "Transfer-Encoding");
    const bool keeps = ant__http_head_has(head, "Connection", "keep-alive");
    if (lengths + codings > 1) return 400;
    head->closes = ant__http_head_has(head, "Connection", "close") ||
                   (head->minor == 0 && !keeps);
    head->has_length = lengths == 1;
    head->is_chunked = codings == 1;
    const char *length = ant__http_head_get(head, "Content-Length");
    if (length != NULL && parse_length(length, &head->length) != 0) return 400;
    const char *coding = ant__http_head_get(head, "Transfer-Encoding");
    if (coding != NULL && head->minor == 0) return 400;
    if (coding != NULL && strcasecmp(coding, "chunked") != 0) return 501;
    const char *expect = ant__http_head_get(head, "Expect");
    if (expect == NULL || head->minor == 0) return 0;
    head->expects = strcasecmp(expect, "100-continue") == 0;
    return head->expects ? 0 : 417;
}

static int parse_length(const char *text, uint64_t *ret_length)
{
    const size_t len = strlen(text);
    if (len == 0 || len > 18) return -EBADMSG; // more does not exist
    uint64_t length = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') return -EBADMSG;
        length = length * 10 + (uint64_t)(text[i] - '0');
    }
    *ret_length = length;
    return 0;
}

// ---- Looking fields up ----

static unsigned count_fields(const ant_http_head *head, const char *name)
{
    unsigned count = 0;
    for (unsigned i = 0; i < head->field_count; i++)
        count += strcasecmp(head->field[i].name, name) == 0;
    return count;
}

const char *ant__http_head_get(const ant_http_head *head, const char *name)
{
    for (unsigned i = 0; i < head->field_count; i++) {
        if (strcasecmp(head->field[i].name, name) == 0)
            return head->field[i].value;
    }
    return NULL;
}

bool ant__http_head_has(const ant_http_head *head, const char *name,
                        const char *word)
{
    for (unsigned i = 0; i < head->field_count; i++) {
        if (strcasecmp(head->field[i].name, name) == 0 &&
            list_has(head->field[i].value, word))
            return true;
    }
    return false;
}

// "keep-alive, Upgrade" has "upgrade".
static bool list_has(const char *list, const char *word)
{
    while (*list != '\0') { // ends: each turn uses up a word
        list += strspn(list, " \t,");
        const size_t len = strcspn(list, " \t,");
        if (len == strlen(word) && strncasecmp(list, word, len) == 0)
            return true;
        list += len;
    }
    return false;
}
