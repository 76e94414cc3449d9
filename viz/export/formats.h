// SPDX-License-Identifier: MIT
//
// Private to the layer: the writers in the table of formats.

#ifndef VIZ_EXPORT_FORMATS_H
#define VIZ_EXPORT_FORMATS_H

#include "export/export.h"

// Each writes the whole trace into job->out. 0 or -errno.
int export__chrome(export_job *job);
int export__csv(export_job *job);
int export__ndjson(export_job *job);
int export__dot(export_job *job);
int export__ctf(export_job *job);
int export__eventlog(export_job *job);
int export__paje(export_job *job);
int export__perfetto(export_job *job);
int export__html(export_job *job);

#endif
