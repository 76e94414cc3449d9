// SPDX-License-Identifier: MIT
//
// A game of a lesson: the learner is the scheduler. The program runs up to the
// first moment with more than one ready task, they say which is next, and so on
// to its end, which has to be as the lesson asks. Nothing is kept running: each
// choice runs the program again from the start with one more choice in its
// schedule, so that undo is one choice less. It belongs to whoever embeds it;
// one thread.

#ifndef VIZ_LESSON_GAME_H
#define VIZ_LESSON_GAME_H

#include "lesson/position.h"
#include "lesson/stage.h"

// More than anybody types.
#define GAME_CHOICE_MAX 100u

typedef enum game_state {
    GAME_IMPOSSIBLE, // it cannot be run here: `verdict` says why
    GAME_OPEN,       // somebody has to be chosen
    GAME_WON,
    GAME_LOST, // it is over, and not as asked: `verdict` says what is missing
} game_state;

typedef struct lesson_game {
    lesson_stage *stage;
    const lesson_item *item; // the block
    lesson_problems *problems;
    game_state state;
    const char *verdict; // a sentence
    uint16_t place[GAME_CHOICE_MAX];
    uint32_t count;
    // Of the last run:
    ant_arena arena;
    studio_take take;
    ant_model *model; // NULL when it is impossible
    explore_trail trail;
    lesson_position position;
} lesson_game;

// Runs up to the first choice. Stage, item and problems outlive the game.
void lesson_game_begin(lesson_game *game, lesson_stage *stage,
                       const lesson_item *item, lesson_problems *problems);
void lesson_game_end(lesson_game *game);

// Chooses ready task number `place`, from 1. False when there is none such.
bool lesson_game_choose(lesson_game *game, uint32_t place);

// Takes the last choice back, or all. Nothing happens when there is none.
void lesson_game_undo(lesson_game *game);
void lesson_game_restart(lesson_game *game);

// Makes all choices of a schedule like "2.1.3". For authors' solutions: false
// when it is no schedule, or does not fit.
bool lesson_game_play(lesson_game *game, const char *schedule);

// At most so many choices, and a ready task passed over at most so often in a
// row; 0 when the block does not say.
uint32_t lesson_game_choices_max(const lesson_item *item);
uint32_t lesson_game_passed_max(const lesson_item *item);

#endif
