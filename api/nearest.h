/* SPDX-License-Identifier: MIT */
#pragma once

/* nearest.h - what somebody may have meant who wrote a word that there is not. Pure. */
#include <glib.h>

/* How many letters to insert, to leave out or to replace, to make one of the other. */
guint nearest_distance(const char *a, const char *b);

/* The first of the words (the list ends with NULL) with the least distance; NULL when not even that
   one has half of its letters right. Borrowed from the list. */
const char *nearest_word(const char *word, const char *const *words);
