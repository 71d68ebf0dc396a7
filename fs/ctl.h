/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * ctl.h - .adsfs/ctl: commands, a line each, carried out inside write(2), whose error is theirs.
 * All of a write is checked before the first of its lines is carried out. Reading the file says
 * which commands there are.
 */
#include "fs/request.h"

/* Of a write to the file; begins again from its first line like any other. */
Outcome ctl_write(Request *request);

/* Which commands there are; appended. */
void ctl_help(GString *out);
