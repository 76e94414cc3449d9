// SPDX-License-Identifier: MIT

#include "fetch/exchange.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"

static int prepare(ant_fetch_exchange *self, const ant_fetch_request *request);
static int prepare_body(ant_fetch_exchange *self,
                        const ant_fetch_request *request);
static int add_header(ant_fetch_exchange *self, const char *text);
static int write_json(ant_http_buffer *text, const json_t *json);
static size_t on_header(char *text, size_t size, size_t count, void *arg);
static size_t on_body(char *bytes, size_t size, size_t count, void *arg);
static int err_of(const ant_fetch_exchange *self, CURLcode code);

int ant__fetch_exchange_new(const ant_fetch_request *request,
                            ant_fetch_exchange **ret_exchange)
{
    ant_fetch_exchange *self = ant_mem_alloc(sizeof *self);
    if (self == NULL) return -ENOMEM;
    ant_atomic_store(&self->refs, 1, ANT_RELAXED);
    (void)snprintf(self->name, sizeof self->name, "%s", request->url);
    self->resource = (ant_resource)ANT_RESOURCE(ANT_RES_SOCKET, self->name, 0);
    ant_waitlist_init(&self->waiters);
    self->body_bytes_max = request->body_bytes_max != 0
                               ? request->body_bytes_max
                               : UINT64_C(16) << 20;
    *ret_exchange = self;
    self->easy = curl_easy_init();
    return self->easy == NULL ? -ENOMEM : prepare(self, request);
}

void ant__fetch_exchange_unref(ant_fetch_exchange *self)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&self->refs, 1, ANT_ACQ_REL) != 1) return;
    if (self->easy != NULL) curl_easy_cleanup(self->easy);
    curl_slist_free_all(self->headers);
    ant__http_buffer_deinit(&self->sent);
    ant__http_buffer_deinit(&self->head);
    ant__http_buffer_deinit(&self->body);
    ant_waitlist_deinit(&self->waiters);
    ant_resource_end(&self->resource);
    if (self->core != NULL) ant__fetch_core_unref(self->core);
    ant_mem_free(self);
}

// ---- What is asked ----

static long ms_or(uint32_t ms, long otherwise)
{
    return ms != 0 ? (long)ms : otherwise;
}

static int prepare(ant_fetch_exchange *self, const ant_fetch_request *request)
{
    CURL *easy = self->easy;
    const bool has_body = request->body != NULL || request->json != NULL;
    const uint32_t redirects = request->redirects_max;
    const bool follows = redirects != ANT_FETCH_NO_REDIRECTS;
    // A CURLcode is 0 when all is well; what is wrong with the address is said
    // when it is used.
    unsigned bad = 0;
    bad |= curl_easy_setopt(easy, CURLOPT_URL, request->url);
    bad |= curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    bad |= curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    // A name that is still being looked up holds up nobody at the end.
    bad |= curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    bad |= curl_easy_setopt(easy, CURLOPT_PRIVATE, self);
    bad |= curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, self->error);
    bad |= curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                            ms_or(request->timeout_ms, 30000));
    bad |= curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                            ms_or(request->connect_ms, 10000));
    bad |= curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, follows ? 1L : 0L);
    bad |= curl_easy_setopt(easy, CURLOPT_MAXREDIRS, ms_or(redirects, 10));
    bad |= curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    bad |= curl_easy_setopt(easy, CURLOPT_HEADERDATA, self);
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    bad |= curl_easy_setopt(easy, CURLOPT_WRITEDATA, self);
    if (bad != 0) return -ENOMEM;
    int err = has_body ? prepare_body(self, request) : 0;
    for (const char *const *h = request->headers; h != NULL && *h != NULL; h++)
        err = err < 0 ? err : add_header(self, *h);
    if (err < 0) return err;
    bad |= curl_easy_setopt(easy, CURLOPT_HTTPHEADER, self->headers);
    if (request->method != NULL && strcmp(request->method, "HEAD") == 0)
        bad |= curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    else if (request->method != NULL)
        bad |= curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    return bad != 0 ? -ENOMEM : 0;
}

static int prepare_body(ant_fetch_exchange *self,
                        const ant_fetch_request *request)
{
    int err = request->json != NULL
                  ? write_json(&self->sent, request->json)
                  : ant__http_buffer_add(&self->sent, request->body,
                                         request->body_len);
    if (err == 0 && request->json != NULL)
        err = add_header(self, "Content-Type: application/json");
    if (err < 0) return err;
    unsigned bad = 0;
    bad |= curl_easy_setopt(self->easy, CURLOPT_POST, 1L);
    bad |= curl_easy_setopt(self->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                            (curl_off_t)self->sent.end);
    bad |= curl_easy_setopt(self->easy, CURLOPT_POSTFIELDS,
                            self->sent.bytes != NULL ? self->sent.bytes : "");
    return bad != 0 ? -ENOMEM : 0;
}

static int add_header(ant_fetch_exchange *self, const char *text)
{
    struct curl_slist *list = curl_slist_append(self->headers, text);
    if (list == NULL) return -ENOMEM;
    self->headers = list;
    return 0;
}

static int write_json(ant_http_buffer *text, const json_t *json)
{
    const size_t flags = JSON_COMPACT | JSON_ENCODE_ANY;
    const size_t len = json_dumpb(json, NULL, 0, flags);
    if (len == 0) return -EINVAL;
    const int err = ant__http_buffer_reserve(text, len);
    if (err < 0) return err;
    text->end = json_dumpb(json, text->bytes, len, flags);
    return 0;
}

// ---- What comes ----

// One line of a head. There may be several heads: of a redirect, of a 100.
static size_t on_header(char *text, size_t size, size_t count, void *arg)
{
    ant_fetch_exchange *self = arg;
    const size_t len = size * count;
    long status = 0;
    if (len > 5 && memcmp(text, "HTTP/", 5) == 0) {
        self->head.begin = self->head.end = 0;
        return len;
    }
    const char *colon = memchr(text, ':', len);
    if (colon != NULL) {
        size_t end = len;
        size_t begin = (size_t)(colon - text) + 1;
        while (end > begin && strchr("\r\n \t", text[end - 1]) != NULL)
            end--;
        while (begin < end && strchr(" \t", text[begin]) != NULL)
            begin++;
        const int err = ant__http_buffer_print(
            &self->head, "%.*s%c%.*s%c", (int)(colon - text), text, 0,
            (int)(end - begin), text + begin, 0);
        return err < 0 ? 0 : len;
    }
    (void)curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &status);
    self->status = (int)status;
    return len;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
    ant_fetch_exchange *self = arg;
    const size_t len = size * count;
    ant__fetch_exchange_advance(self, FETCH_HEAD);
    if (self->body.end + len > self->body_bytes_max) {
        self->result = -EMSGSIZE;
        return 0;
    }
    const int err = ant__http_buffer_add(&self->body, bytes, len);
    if (err < 0) self->result = err;
    return err < 0 ? 0 : len;
}

// ---- How far it is ----

void ant__fetch_exchange_advance(ant_fetch_exchange *self,
                                 ant_fetch_phase phase)
{
    ant_leavers leavers;
    ant_os_mutex_lock(&self->waiters.lock);
    const bool is_news = phase > self->phase;
    if (is_news) {
        self->phase = phase;
        ant_waitlist_take_all(&self->waiters, &leavers);
    }
    ant_os_mutex_unlock(&self->waiters.lock);
    if (is_news)
        ant_waitlist_wake(&self->waiters, &leavers, &self->resource,
                          ANT_VIA_IO);
}

void ant__fetch_exchange_finish(ant_fetch_exchange *self, CURLcode code)
{
    long status = 0;
    (void)curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &status);
    self->status = (int)status;
    if (self->result == 0) self->result = err_of(self, code);
    // There is a 0 behind the text.
    if (self->result == 0 && ant__http_buffer_add(&self->body, "", 1) < 0)
        self->result = -ENOMEM;
    // It is said in our words when the end was ours.
    if (self->result == -EMSGSIZE)
        (void)snprintf(self->error, sizeof self->error,
                       "the answer is longer than %llu bytes",
                       (unsigned long long)self->body_bytes_max);
    else if (self->result < 0 && self->error[0] == '\0')
        (void)snprintf(self->error, sizeof self->error, "%s",
                       code != CURLE_OK ? curl_easy_strerror(code)
                                        : ant_err_text(self->result));
    ant__fetch_exchange_advance(self, FETCH_OVER);
}

void ant__fetch_exchange_fail(ant_fetch_exchange *self, int err,
                              const char *words)
{
    self->result = err;
    if (self->error[0] == '\0')
        (void)snprintf(self->error, sizeof self->error, "%s", words);
    ant__fetch_exchange_advance(self, FETCH_OVER);
}

static int err_of(const ant_fetch_exchange *self, CURLcode code)
{
    long os_error = 0;
    switch ((int)code) {
    case CURLE_OK:
        return 0;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        return -EINVAL;
    case CURLE_COULDNT_RESOLVE_HOST:
        return -ENOENT;
    case CURLE_COULDNT_CONNECT:
        (void)curl_easy_getinfo(self->easy, CURLINFO_OS_ERRNO, &os_error);
        return os_error != 0 ? -(int)os_error : -ECONNREFUSED;
    case CURLE_OPERATION_TIMEDOUT:
        return -ETIMEDOUT;
    case CURLE_TOO_MANY_REDIRECTS:
        return -ELOOP;
    case CURLE_OUT_OF_MEMORY:
        return -ENOMEM;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
        return -ECONNRESET;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_WEIRD_SERVER_REPLY:
        return -EPROTO;
    default:
        return -EIO;
    }
}
