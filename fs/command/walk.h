/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * walk.h - where a path leads, link by link, without a stat of what it names: that may not exist,
 * and inside a mount a stat may wait for the service.
 */
#include <glib.h>

/* Absolute, links followed up to where a mount of adsfs is entered; what comes after that point is
   as it was typed. May wait for ever on other file systems. New string. */
char *walk_to_mount(const char *path, GError **error);

/* The same, with the links of the mount followed too. */
char *walk_inside(const char *path, GError **error);
