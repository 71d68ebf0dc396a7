/* SPDX-License-Identifier: MIT */
#pragma once

/* diff.h - what two bodies of one object say differently, member by member. Pure. */
#include "api/json.h"
#include "api/object.h"

/* before, after: JSON text, "null" where there is none. member: as the API names it. */
typedef void (*DiffFunc)(void *user_data, JsonSpan member, JsonSpan before, JsonSpan after);

/*
 * Left out is what says nothing of its own: modify_time, names of what is above the object, amounts
 * that are only written otherwise (100 and 100.0), and null in the place of nothing. Bodies that
 * are no objects have no members.
 */
void diff_bodies(ObjectKind kind, JsonSpan before, JsonSpan after, DiffFunc each, void *user_data);
