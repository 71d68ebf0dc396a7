/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * meta.h - what is known of a file F: how old it is, whether reading it would ask the service, what
 * went wrong with it last. It is a file beside F that is not listed, F.meta, and with -o xattr
 * attributes of F. Saying it asks the service for nothing and waits for nothing.
 *
 *     {"age": 12, "fetched": "2026-11-18T11:06:28Z", "source": "cache", "stale": false,
 *      "error": null}
 *
 * age       seconds since what is shown was fetched; null: it was not
 * source    what whoever opens F now is given. "cache": what is here, without a call; "api": what
 *           the service answers, which is asked first; "local": what adsfs makes itself
 * stale     it has expired, and is shown all the same since the service can not be reached
 * error     the newest line of .adsfs/errors about F
 *
 * and of a report, as it was made last:
 *
 * complete  it was made, which it is only when no row is missing
 * rows, calls, mode    how many it has, and what it took; null: not made since the mount began
 * frozen_until         the last day of it that never changes again; null: there is none yet
 */
#include <cjson/cJSON.h>

#include "fs/tree.h"

/* A name of the form F.meta where nothing else can have that name: not among the names of objects.
 */
gboolean meta_is_name(const Place *dir, const char *name);
/* "F" of "F.meta", new. NULL: it is no such name. */
char *meta_base(const char *name);
/* Inode of F.meta, 0: F is not known. Reports are not found here. */
guint64 meta_find(Mount *mount, const Place *dir, const char *name);

/* An object with these members; about: F. To be deleted. */
cJSON *meta_facts(Mount *mount, const Place *about);
/* place: F.meta */
void meta_text(Mount *mount, const Place *place, GString *out);
