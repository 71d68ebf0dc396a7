/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * careful.h - what a session was shown last, and what follows for a write of it: with the option
 * `careful` the write is for that value, and is refused when the service holds another by now.
 *
 * And what was printed a moment ago can be written back, which is no call. Nobody else is spared
 * one for writing what is there already: what is known may be as old as `ttl`, and a write that
 * ends well is to be true now.
 */
#include "fs/request.h"
#include "fs/tree.h"

Shown *careful_new(const Options *options);

/* The value of this file was read, or written, by whoever makes the request. */
void careful_showed(const Request *request, const Place *place);

/* What the service has to hold for the change to be made, for CommitRequest.expected; a new string.
   Where the session was shown nothing it is what would be shown now. NULL: anything. */
char *careful_expects(const Request *request, const Place *place, const AttrChange *change);

/* The value that is there was shown to this session so lately that writing it is no change. */
gboolean careful_just_showed(const Request *request, const Place *place);
