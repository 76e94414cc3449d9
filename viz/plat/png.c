// SPDX-License-Identifier: MIT

#include "plat/png.h"

#include <errno.h>
#include <png.h>
#include <stdio.h>
#include <unistd.h>

#include "base/mem.h"

static int write_rows(png_structp png, png_infop info, FILE *file,
                      const plat_image *image, png_bytep row);
static void pack_row(const plat_image *image, int y, png_bytep row);

int plat_png_write(const char *path, const plat_image *image)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL) return -errno;
    png_structp png =
        png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    png_bytep row = ant_mem_alloc((size_t)image->width * 3);
    int err = info == NULL || row == NULL
                  ? -ENOMEM
                  : write_rows(png, info, file, image, row);
    ant_mem_free(row);
    if (png != NULL) png_destroy_write_struct(&png, &info);
    if (fclose(file) != 0 && err == 0) err = -errno;
    if (err < 0) unlink(path);
    return err;
}

// libpng reports errors by a long jump; nothing here has to be undone.
static int write_rows(png_structp png, png_infop info, FILE *file,
                      const plat_image *image, png_bytep row)
{
    if (setjmp(png_jmpbuf(png)) != 0) return -EIO;
    png_init_io(png, file);
    png_set_compression_level(png, 6);
    png_set_IHDR(png, info, (png_uint_32)image->width,
                 (png_uint_32)image->height, 8, PNG_COLOR_TYPE_RGB,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (int y = 0; y < image->height; y++) {
        pack_row(image, y, row);
        png_write_row(png, row);
    }
    png_write_end(png, NULL);
    return 0;
}

static void pack_row(const plat_image *image, int y, png_bytep row)
{
    const uint32_t *pixel =
        image->pixels + (size_t)y * (image->stride / sizeof(*pixel));
    for (int x = 0; x < image->width; x++) {
        *row++ = (png_byte)(pixel[x] >> 16);
        *row++ = (png_byte)(pixel[x] >> 8);
        *row++ = (png_byte)pixel[x];
    }
}
