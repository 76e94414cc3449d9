// SPDX-License-Identifier: MIT
//
// A body whose length nobody knew at its beginning comes in chunks: a length in
// hexadecimal digits on a line, so many bytes, the end of the line; a chunk of
// length 0 is the last, and fields may follow. This says which of the bytes
// that have come are data. It keeps no bytes, only where it is: they may come
// one by one. Strict, as http/head.h is; extensions and trailing fields are
// checked, counted and thrown away.

#ifndef ANT_HTTP_CHUNKS_H
#define ANT_HTTP_CHUNKS_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

// So many bytes may stand between two pieces of data.
#define ANT_HTTP_CHUNK_LINE_MAX 4096

typedef struct ant_http_chunks {
    // {0} stands before the first chunk.
    enum {
        CHUNKS_SIZE_FIRST,
        CHUNKS_SIZE,
        CHUNKS_SPACE,
        CHUNKS_EXTENSION,
        CHUNKS_SIZE_FEED,
        CHUNKS_DATA,
        CHUNKS_DATA_RETURN,
        CHUNKS_DATA_FEED,
        CHUNKS_TRAILER_FIRST,
        CHUNKS_TRAILER,
        CHUNKS_TRAILER_FEED,
        CHUNKS_LAST_FEED,
        CHUNKS_ENDED,
    } state;
    uint64_t left;    // of this chunk's data
    unsigned between; // bytes since the last data
} ant_http_chunks;

// Goes over what is no data at the beginning of `len` bytes. How many those
// are: data, if any, follows them, at most chunks->left, and the caller takes
// it off there. When state is CHUNKS_ENDED the body is over.
// -EBADMSG: this is no chunked body; -EMSGSIZE: too much between the data.
ANT_MUST_USE int64_t ant__http_chunks_skip(ant_http_chunks *chunks,
                                           const char *bytes, size_t len);

#endif
