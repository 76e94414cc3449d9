// SPDX-License-Identifier: MIT
//
// Why each task was where it was, for every step of a page. A sentence is
// written when it changes; one whose numbers alone go on ("ready for 8.2 ms")
// is marked as ageing. Where tasks times steps are too many to ask all of them
// each time, a task is asked when something happens to it, and all are asked
// every so many steps.

#ifndef VIZ_EXPORT_REASONS_H
#define VIZ_EXPORT_REASONS_H

#include "export/export.h"
#include "export/texts.h"

// Writes [task, step, text, ages, …] for the first `step_count` steps. 0 or
// -errno.
ANT_MUST_USE int export__reasons(const export_job *job, uint32_t step_count,
                                 export_texts *texts);

// How many steps there are from one question to the next: 1 for a page that
// asks at each.
uint32_t export__reasons_stride(const ant_model *model, uint32_t step_count);

#endif
