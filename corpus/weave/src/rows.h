/* Rows of a pattern: one bit a thread. Plain C, no state. */
#ifndef WEAVE_ROWS_H
#define WEAVE_ROWS_H

#include <stdint.h>

#define ROW_WIDTH 64

static inline uint64_t row_of(const char *text, long length)
{
    uint64_t row = 0;
    for (long i = 0; i < length && i < ROW_WIDTH; i++)
        if (text[i] == '/') row |= UINT64_C(1) << i;
    return row;
}

static inline void text_of(uint64_t row, char *text, long length)
{
    for (long i = 0; i < length; i++) text[i] = row >> i & 1 ? '/' : '-';
}

static inline int raised(uint64_t row)
{
    int count = 0;
    for (; row; row &= row - 1) count++;
    return count;
}

#endif
