// SPDX-License-Identifier: MIT
//
// Pixels to a PNG file: the only user of libpng.

#ifndef ANT_PLAT_PNG_H
#define ANT_PLAT_PNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"

typedef struct plat_image {
    const uint32_t *pixels; // 0xAARRGGBB; alpha is ignored
    int width;
    int height;
    size_t stride; // bytes from one line to the next
} plat_image;

// 0 or -errno. Without dates or texts: the same pixels give the same file.
ANT_MUST_USE int plat_png_write(const char *path, const plat_image *image);

#endif
