// SPDX-License-Identifier: MIT
//
// Numbers as LEB128: seven bits a byte, the low ones first, the top bit says
// that more follow. Signed numbers are folded first (zigzag), so that small
// ones stay short on both sides of zero.

#ifndef ANT_TRACE_VARINT_H
#define ANT_TRACE_VARINT_H

#include <stddef.h>
#include <stdint.h>

#define ANT_VARINT_BYTES_MAX 10

// Writes `value` at `at`, where there is room; returns the place after it.
static inline uint8_t *ant_varint_put(uint8_t *at, uint64_t value)
{
    while (value >= 0x80) {
        *at++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

// Reads a number from at..end; returns the place after it, or NULL when the
// bytes end too early or say more than 64 bits.
static inline const uint8_t *
ant_varint_get(const uint8_t *at, const uint8_t *end, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
        uint64_t bits = *at & 0x7F;
        if (shift == 63 && bits > 1) return NULL;
        value |= bits << shift;
        if (*at++ < 0x80) {
            *ret_value = value;
            return at;
        }
    }
    return NULL;
}

static inline uint64_t ant_zigzag(int64_t value)
{
    return ((uint64_t)value << 1) ^ (value < 0 ? UINT64_MAX : 0);
}

static inline int64_t ant_unzigzag(uint64_t folded)
{
    return (int64_t)((folded >> 1) ^ (0 - (folded & 1)));
}

#endif
