// SPDX-License-Identifier: MIT

#include "draw/dump.h"

static const char *const op_name[DRAW_OP_COUNT] = {
    "rect", "frame", "pattern", "line", "triangle", "text", "clip", "unclip",
};

static const char *const pattern_name[DRAW_PATTERN_COUNT] = {
    "solid", "outline",  "dots", "stripes", "vertical", "horizontal",
    "cross", "diagonal", "grid", "hatch",   "zigzag",
};

static const char *const font_name[DRAW_FONT_COUNT] = { "ui", "bold", "mono" };

static const char *const direction_name[] = { "up", "down", "left", "right" };

static void dump_cmd(const draw_list *list, const draw_cmd *cmd, FILE *out);

void draw_dump(const draw_list *list, FILE *out)
{
    for (uint32_t i = 0; i < list->count; i++) {
        dump_cmd(list, &list->cmd[i], out);
    }
}

static void dump_cmd(const draw_list *list, const draw_cmd *cmd, FILE *out)
{
    draw_rect r = cmd->rect;
    fprintf(out, "%-8s", op_name[cmd->op]);
    if (cmd->op != DRAW_OP_UNCLIP) {
        fprintf(out, " %d,%d %dx%d", r.x, r.y, r.w, r.h);
    }
    switch ((draw_op)cmd->op) {
    case DRAW_OP_RECT:
        fprintf(out, " #%08X", cmd->color);
        break;
    case DRAW_OP_FRAME:
    case DRAW_OP_LINE:
        fprintf(out, " #%08X %u px", cmd->color, cmd->size);
        if (cmd->dash > 0) fprintf(out, " dash %u", cmd->dash);
        break;
    case DRAW_OP_PATTERN:
        fprintf(out, " #%08X %s #%08X", cmd->color, pattern_name[cmd->style],
                cmd->ink);
        break;
    case DRAW_OP_TRIANGLE:
        fprintf(out, " #%08X %s", cmd->color, direction_name[cmd->style]);
        break;
    case DRAW_OP_TEXT:
        fprintf(out, " #%08X %s %u \"%.*s\"", cmd->color, font_name[cmd->style],
                cmd->size, (int)cmd->text_len, list->text + cmd->text);
        break;
    case DRAW_OP_CLIP:
    case DRAW_OP_UNCLIP:
    case DRAW_OP_COUNT:
        break;
    }
    fputc('\n', out);
}

static int fixed_width(void *arg, draw_font font, int size, const char *text,
                       size_t len)
{
    (void)arg;
    (void)font;
    int letters = 0;
    for (size_t i = 0; i < len; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80) letters++;
    }
    return letters * size / 2;
}

draw_metrics draw_dump_metrics(void)
{
    return (draw_metrics){ fixed_width, NULL };
}
