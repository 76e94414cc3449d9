// SPDX-License-Identifier: MIT
//
// A small seeded generator (xorshift64*, seeded through splitmix64). Every
// random choice of the runtime goes through one of these, so that a seed says
// everything. Not for secrets. Each generator belongs to one thread.

#ifndef ANT_BASE_RNG_H
#define ANT_BASE_RNG_H

#include <stdint.h>

typedef struct ant_rng {
    uint64_t state;
} ant_rng;

// A generator for the seed; any seed will do, also 0.
static inline ant_rng ant_rng_init(uint64_t seed)
{
    uint64_t z = seed + 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    z ^= z >> 31;
    return (ant_rng){ .state = z != 0 ? z : 1 };
}

static inline uint64_t ant_rng_next(ant_rng *rng)
{
    uint64_t x = rng->state;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    rng->state = x;
    return x * 0x2545F4914F6CDD1Du;
}

// A number in 0 .. below-1. The bias is below 2^-32 for `below` < 2^32.
static inline uint32_t ant_rng_below(ant_rng *rng, uint32_t below)
{
    uint64_t high = ant_rng_next(rng) >> 32;
    return (uint32_t)((high * below) >> 32);
}

#endif
