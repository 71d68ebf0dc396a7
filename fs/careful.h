/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * careful.h - the option `careful`: a write is for the value that its session was shown last, and
 * is refused when the service holds another by now. Without the option all this does nothing.
 */
#include "fs/tree.h"

/* The value of this file was read, or written, by this process. */
void careful_showed(Mount *mount, pid_t pid, const Place *place);

/* What the service has to hold for the change to be made, for CommitRequest.expected; a new string.
   Where the session was shown nothing it is what would be shown now. NULL: anything. */
char *careful_expects(Mount *mount, pid_t pid, const Place *place, const AttrChange *change);
