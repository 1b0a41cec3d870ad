/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * mersenne: the random numbers of CPython's `random.Random(seed)`, bit for bit, so that an instance
 * here is the instance on which other tools were measured.
 *
 * Sources: M. Matsumoto and T. Nishimura, MT19937 with init_by_array (2002); gamma: R. C. H. Cheng
 * (1977) above 1, Kennedy and Gentle's algorithm GS below; normal: Kinderman and Monahan (1977).
 * The doubles are those of a machine that rounds every operation (no fused multiply-add).
 */
#ifndef HERKOMST_TESTS_MERSENNE_H
#define HERKOMST_TESTS_MERSENNE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

enum { MERSENNE_WORDS = 624, MERSENNE_SHIFT = 397 };

struct mersenne {
    uint32_t state[MERSENNE_WORDS];
    unsigned at;
};

static inline uint32_t mersenne_mix(const struct mersenne *m, unsigned i)
{
    uint32_t last = m->state[i - 1];
    return last ^ (last >> 30);
}

/* Random(seed) for a whole number: its 32-bit words, the lowest first, are the key. */
static inline void mersenne_seed(struct mersenne *m, uint64_t seed)
{
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    unsigned length = key[1] ? 2 : 1, i = 1, j = 0;
    m->state[0] = 19650218U;
    for (; i < MERSENNE_WORDS; i++)
        m->state[i] = 1812433253U * mersenne_mix(m, i) + i;
    i = 1;
    for (unsigned round = 0; round < 2 * MERSENNE_WORDS - 1; round++) {
        if (round < MERSENNE_WORDS) {
            m->state[i] = (m->state[i] ^ (mersenne_mix(m, i) * 1664525U)) + key[j] + j;
            j = (j + 1) % length;
        } else {
            m->state[i] = (m->state[i] ^ (mersenne_mix(m, i) * 1566083941U)) - i;
        }
        if (++i == MERSENNE_WORDS) {
            m->state[0] = m->state[MERSENNE_WORDS - 1];
            i = 1;
        }
    }
    m->state[0] = 0x80000000U;
    m->at = MERSENNE_WORDS;
}

static inline void mersenne_refill(struct mersenne *m)
{
    for (unsigned i = 0; i < MERSENNE_WORDS; i++) {
        uint32_t next = m->state[(i + 1) % MERSENNE_WORDS];
        uint32_t y = (m->state[i] & 0x80000000U) | (next & 0x7fffffffU);
        uint32_t other = m->state[(i + MERSENNE_SHIFT) % MERSENNE_WORDS];
        m->state[i] = other ^ (y >> 1) ^ (y & 1 ? 0x9908b0dfU : 0U);
    }
    m->at = 0;
}

static inline uint32_t mersenne_word(struct mersenne *m)
{
    if (m->at == MERSENNE_WORDS)
        mersenne_refill(m);
    uint32_t y = m->state[m->at++];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680U;
    y ^= (y << 15) & 0xefc60000U;
    return y ^ (y >> 18);
}

/* random(): 53 bits in [0, 1). */
static inline double mersenne_random(struct mersenne *m)
{
    uint32_t high = mersenne_word(m) >> 5, low = mersenne_word(m) >> 6;
    return (high * 67108864.0 + low) / 9007199254740992.0;
}

/* A whole number in [0, below), 0 < below < 2^32: as many bits as `below` has, until one fits. */
static inline uint32_t mersenne_below(struct mersenne *m, uint32_t below)
{
    unsigned bits = 0;
    while (bits < 32 && below >> bits)
        bits++;
    uint32_t pick = mersenne_word(m) >> (32 - bits);
    while (pick >= below)
        pick = mersenne_word(m) >> (32 - bits);
    return pick;
}

static inline void mersenne_shuffle(struct mersenne *m, int *items, size_t count)
{
    for (size_t i = count; i-- > 1;) {
        uint32_t j = mersenne_below(m, (uint32_t)i + 1);
        int item = items[i];
        items[i] = items[j];
        items[j] = item;
    }
}

/* One of choices(): the index of a weight; `cumulative` are the running sums. */
static inline int mersenne_choice(struct mersenne *m, const double *cumulative, int count)
{
    double pick = mersenne_random(m) * cumulative[count - 1];
    int i = 0;
    while (i < count - 1 && !(pick < cumulative[i]))
        i++;
    return i;
}

static inline double mersenne_gamma_large(struct mersenne *m, double alpha)
{
    const double ainv = sqrt(2.0 * alpha - 1.0), bbb = alpha - log(4.0), ccc = alpha + ainv;
    const double magic = 1.0 + log(4.5);
    for (;;) {
        double u1 = mersenne_random(m);
        if (!(1e-7 < u1 && u1 < 0.9999999))
            continue;
        double u2 = 1.0 - mersenne_random(m);
        double v = log(u1 / (1.0 - u1)) / ainv;
        double x = alpha * exp(v), z = u1 * u1 * u2;
        double r = bbb + ccc * v - x;
        if (r + magic - 4.5 * z >= 0.0 || r >= log(z))
            return x;
    }
}

static inline double mersenne_gamma_small(struct mersenne *m, double alpha)
{
    const double b = (exp(1.0) + alpha) / exp(1.0);
    for (;;) {
        double p = b * mersenne_random(m);
        double x = p <= 1.0 ? pow(p, 1.0 / alpha) : -log((b - p) / alpha);
        double u = mersenne_random(m);
        if (p > 1.0 ? u <= pow(x, alpha - 1.0) : u <= exp(-x))
            return x;
    }
}

/* gammavariate(alpha, 1.0) */
static inline double mersenne_gamma(struct mersenne *m, double alpha)
{
    if (alpha > 1.0)
        return mersenne_gamma_large(m, alpha);
    return alpha < 1.0 ? mersenne_gamma_small(m, alpha) : -log(1.0 - mersenne_random(m));
}

/* lognormvariate(mu, sigma) */
static inline double mersenne_lognormal(struct mersenne *m, double mu, double sigma)
{
    const double magic = 4.0 * exp(-0.5) / sqrt(2.0);
    for (;;) {
        double u1 = mersenne_random(m), u2 = 1.0 - mersenne_random(m);
        double z = magic * (u1 - 0.5) / u2;
        if (z * z / 4.0 <= -log(u2))
            return exp(mu + z * sigma);
    }
}

#endif
