// SPDX-License-Identifier: MIT
//
// Ends the use of the field macros of trace/events.h. Included many times.

#undef NUM
#undef INT
#undef TASK
#undef FUT
#undef LANE
#undef RES
#undef TIMER
#undef TYPE
#undef STR
#undef TEXT
#undef NS
#undef SEQ
#undef LINE
#undef ENUM
