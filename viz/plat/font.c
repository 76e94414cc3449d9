// SPDX-License-Identifier: MIT

#include "plat/font.h"

#include <errno.h>
#include <fontconfig/fontconfig.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

// The first one installed is taken. The same names first on every machine, so
// that pictures agree; whatever the system calls its own comes last.
typedef struct font_wish {
    const char *family[5];
    int weight;
    int spacing; // FC_MONO, or -1 for any
} font_wish;

static const font_wish wish[DRAW_FONT_COUNT] = {
    [DRAW_FONT_UI] = { { "DejaVu Sans", "Noto Sans", "Liberation Sans",
                         "sans-serif" },
                       FC_WEIGHT_REGULAR,
                       -1 },
    [DRAW_FONT_BOLD] = { { "DejaVu Sans", "Noto Sans", "Liberation Sans",
                           "sans-serif" },
                         FC_WEIGHT_BOLD,
                         -1 },
    [DRAW_FONT_MONO] = { { "DejaVu Sans Mono", "Noto Sans Mono",
                           "Liberation Mono", "monospace" },
                         FC_WEIGHT_REGULAR,
                         FC_MONO },
};

static int find_font(FcConfig *config, const font_wish *wanted, char *path,
                     size_t path_size);
static plat_face *open_face(plat_fonts *fonts, draw_font font, int size);

int plat_fonts_open(plat_fonts *fonts, char *error, size_t error_size)
{
    memset(fonts, 0, sizeof(*fonts));
    FcConfig *config = FcInitLoadConfigAndFonts();
    int err = config == NULL ? -ENOENT : 0;
    for (unsigned i = 0; i < DRAW_FONT_COUNT && err == 0; i++) {
        err =
            find_font(config, &wish[i], fonts->path[i], sizeof(fonts->path[i]));
    }
    if (config != NULL) FcConfigDestroy(config);
    if (err == 0 && TTF_Init() != 0) err = -EIO;
    if (err < 0) {
        snprintf(error, error_size,
                 "no font found; install one, for example the package "
                 "fonts-dejavu-core");
    }
    return err;
}

void plat_fonts_close(plat_fonts *fonts)
{
    for (unsigned i = 0; i < fonts->face_count; i++) {
        TTF_CloseFont(fonts->face[i]->ttf);
        ant_mem_free(fonts->face[i]);
    }
    memset(fonts, 0, sizeof(*fonts));
    TTF_Quit();
}

plat_face *plat_fonts_face(plat_fonts *fonts, draw_font font, int size)
{
    plat_face *last = fonts->last[font];
    if (last != NULL && last->size == size) return last;
    for (unsigned i = 0; i < fonts->face_count; i++) {
        plat_face *face = fonts->face[i];
        if (face->font != font || face->size != size) continue;
        fonts->last[font] = face;
        return face;
    }
    fonts->last[font] = open_face(fonts, font, size);
    return fonts->last[font];
}

int plat_fonts_text_width(void *arg, draw_font font, int size, const char *text,
                          size_t len)
{
    plat_face *face = plat_fonts_face(arg, font, size);
    if (face == NULL) return 0;
    int width = 0;
    uint32_t before = 0;
    for (const char *at = text, *end = text + len; at < end;) {
        uint32_t letter = plat_letter_next(&at, end);
        const plat_glyph *glyph = plat_face_glyph(face, letter);
        if (glyph == NULL) continue;
        width += glyph->advance + plat_face_kerning(face, before, letter);
        before = letter;
    }
    return width;
}

plat_glyph *plat_face_glyph(plat_face *face, uint32_t letter)
{
    uint32_t slot = letter * 2654435761u;
    for (unsigned i = 0; i < PLAT_GLYPH_COUNT_MAX; i++) {
        plat_glyph *glyph =
            &face->glyph[(slot + i) & (PLAT_GLYPH_COUNT_MAX - 1)];
        if (glyph->letter == letter) return glyph;
        if (glyph->letter != 0) continue;
        int left = 0;
        int advance = 0;
        TTF_GlyphMetrics32(face->ttf, letter, &left, NULL, NULL, NULL,
                           &advance);
        glyph->letter = letter;
        glyph->advance = (int16_t)advance;
        glyph->left = (int16_t)(left < 0 ? left : 0);
        return glyph;
    }
    return NULL;
}

int plat_face_kerning(plat_face *face, uint32_t left, uint32_t right)
{
    uint32_t l = left - PLAT_ASCII_FIRST;
    uint32_t r = right - PLAT_ASCII_FIRST;
    if (l >= PLAT_ASCII_COUNT || r >= PLAT_ASCII_COUNT) return 0;
    if (face->font == DRAW_FONT_MONO) return 0;
    int8_t *known = &face->kerning[l][r];
    if (*known == 0) {
        int px = TTF_GetFontKerningSizeGlyphs32(face->ttf, left, right);
        *known = (int8_t)(px + 100);
    }
    return *known - 100;
}

uint32_t plat_letter_next(const char **at, const char *end)
{
    const unsigned char *p = (const unsigned char *)*at;
    unsigned more = p[0] < 0x80             ? 0
                    : (p[0] & 0xE0) == 0xC0 ? 1
                    : (p[0] & 0xF0) == 0xE0 ? 2
                    : (p[0] & 0xF8) == 0xF0 ? 3
                                            : 4;
    *at += 1;
    if (more == 0) return p[0];
    if (more == 4 || (size_t)(end - *at) < more) return 0xFFFD;
    uint32_t letter = p[0] & (0x3Fu >> more);
    for (unsigned i = 1; i <= more; i++) {
        if ((p[i] & 0xC0) != 0x80) return 0xFFFD;
        letter = (letter << 6) | (p[i] & 0x3Fu);
    }
    *at += more;
    return letter;
}

// --- Helpers ---------------------------------------------------------------

// The file of `family`, when it is installed.
static bool match_family(FcConfig *config, const font_wish *wanted,
                         const char *family, bool takes_any, char *path,
                         size_t path_size)
{
    FcPattern *pattern = FcPatternCreate();
    FcPatternAddString(pattern, FC_FAMILY, (const FcChar8 *)family);
    FcPatternAddInteger(pattern, FC_WEIGHT, wanted->weight);
    FcPatternAddInteger(pattern, FC_SLANT, FC_SLANT_ROMAN);
    FcPatternAddBool(pattern, FC_SCALABLE, FcTrue);
    if (wanted->spacing >= 0) {
        FcPatternAddInteger(pattern, FC_SPACING, wanted->spacing);
    }
    FcConfigSubstitute(config, pattern, FcMatchPattern);
    FcDefaultSubstitute(pattern);
    FcResult result = FcResultNoMatch;
    FcPattern *found = FcFontMatch(config, pattern, &result);
    FcPatternDestroy(pattern);
    if (found == NULL) return false;
    FcChar8 *file = NULL;
    FcChar8 *name = NULL;
    FcPatternGetString(found, FC_FAMILY, 0, &name);
    bool is_it =
        FcPatternGetString(found, FC_FILE, 0, &file) == FcResultMatch &&
        (takes_any ||
         (name != NULL && strcmp((const char *)name, family) == 0));
    if (is_it) snprintf(path, path_size, "%s", (const char *)file);
    FcPatternDestroy(found);
    return is_it;
}

static int find_font(FcConfig *config, const font_wish *wanted, char *path,
                     size_t path_size)
{
    for (unsigned i = 0; wanted->family[i] != NULL; i++) {
        bool is_last = wanted->family[i + 1] == NULL;
        if (match_family(config, wanted, wanted->family[i], is_last, path,
                         path_size)) {
            return 0;
        }
    }
    return -ENOENT;
}

static plat_face *open_face(plat_fonts *fonts, draw_font font, int size)
{
    if (fonts->face_count == PLAT_FACE_COUNT_MAX) return NULL;
    TTF_Font *ttf = TTF_OpenFont(fonts->path[font], size);
    if (ttf == NULL) return NULL;
    plat_face *face = ant_mem_alloc(sizeof(*face));
    if (face == NULL) {
        TTF_CloseFont(ttf);
        return NULL;
    }
    face->font = font;
    face->size = size;
    face->ttf = ttf;
    TTF_SetFontHinting(ttf, TTF_HINTING_LIGHT);
    TTF_SetFontKerning(ttf, 1);
    fonts->face[fonts->face_count++] = face;
    return face;
}
