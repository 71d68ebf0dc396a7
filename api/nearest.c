/* SPDX-License-Identifier: MIT */
/* nearest.c - the edit distance of Levenshtein, with one row of the matrix kept. */
#include "api/nearest.h"

#include <string.h>

enum { LONGEST = 128 }; /* longer words are compared by their beginnings */

guint nearest_distance(const char *a, const char *b)
{
    guint row[LONGEST + 1];
    gsize n = MIN(strlen(b), LONGEST);

    for (guint j = 0; j <= n; j++)
        row[j] = j;
    for (guint i = 0; a[i] != '\0' && i < LONGEST; i++) {
        guint diagonal = row[0];

        row[0] = i + 1;
        for (guint j = 0; j < n; j++) {
            guint replaced = diagonal + (a[i] != b[j]);

            diagonal = row[j + 1];
            row[j + 1] = MIN(replaced, MIN(row[j], row[j + 1]) + 1);
        }
    }
    return row[n];
}

const char *nearest_word(const char *word, const char *const *words)
{
    const char *best = NULL;
    guint least = G_MAXUINT;

    for (guint i = 0; words[i] != NULL; i++) {
        guint distance = nearest_distance(word, words[i]);

        if (distance < least) {
            least = distance;
            best = words[i];
        }
    }
    return best != NULL && 2 * least <= MAX(strlen(word), strlen(best)) ? best : NULL;
}
