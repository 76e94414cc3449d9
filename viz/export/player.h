// SPDX-License-Identifier: MIT
//
// The files of assets/player as bytes, each ended by a 0. The build makes
// them.

#ifndef VIZ_EXPORT_PLAYER_H
#define VIZ_EXPORT_PLAYER_H

extern const unsigned char export__player_page[];
extern const unsigned char export__player_style[];
extern const unsigned char export__player_script[];

#endif
