// SPDX-License-Identifier: MIT
//
// The example of sync/once_cell.h: two guests, and the menu is printed once.

#include "antfarm.h"

struct menu {
    int dishes;
};

static struct menu menu;
static ant_once_cell menu_cell = ANT_ONCE_CELL("menu", menu);
static unsigned print_count;

struct print_menu {
    ant_future base;
    enum { PRINT_MENU_START, PRINT_MENU_PRINTING } state;
    struct menu menu; // the output
    struct ant_sleep press;
};

ANT_ASYNC(print_menu)
{
    switch (self->state) {
    case PRINT_MENU_START:
        print_count++;
        self->press = ant_sleep(2);
        return ANT_NEXT(PRINT_MENU_PRINTING);
    case PRINT_MENU_PRINTING:
        ANT_AWAIT(self->press);
        self->menu.dishes = 3;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct print_menu print_menu(void)
{
    return (struct print_menu){ ANT_INIT(print_menu) };
}

struct guest {
    ant_future base;
    enum { GUEST_START, GUEST_READING } state;
    struct print_menu print;
    struct ant_once_cell_get_or_init ready;
};

ANT_ASYNC(guest)
{
    switch (self->state) {
    case GUEST_START:
        self->print = print_menu(); // a future; its output is print.menu
        self->ready = ant_once_cell_get_or_init(&menu_cell, &self->print.base,
                                                &self->print.menu);
        return ANT_NEXT(GUEST_READING);
    case GUEST_READING:
        ANT_AWAIT(self->ready);
        if (self->ready.base.result < 0)
            return ANT_FAIL(self->ready.base.result);
        const struct menu *read = ant_once_cell_get(&menu_cell);
        ANT_ASSERT(read->dishes == 3 && print_count == 1);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct guest guest(void)
{
    return (struct guest){ ANT_INIT(guest) };
}

struct app {
    ant_future base;
    enum { APP_START, APP_DINING } state;
    struct guest ann, bob;
    struct ant_join both;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->ann = guest();
        self->bob = guest();
        self->both = ant_join(&self->ann.base, &self->bob.base);
        return ANT_NEXT(APP_DINING);
    case APP_DINING:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
