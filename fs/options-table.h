/* SPDX-License-Identifier: MIT */
#pragma once

/* options-table.h - the rows of options.h: what an option is called, takes, and is without. Pure.
 */
#include "fs/options.h"

#define OPTIONS_USAGE "usage: adsfs PROFILE MOUNTPOINT [-o option,...] [-f] [-d], or adsfs --help"

typedef enum {
    OPTION_FLAG,
    OPTION_SECONDS,
    OPTION_COUNT,
    OPTION_PERCENT,
    OPTION_TEXT,
    OPTION_PATH,
    OPTION_MODE,
    OPTION_UID,
    OPTION_GID,
    OPTION_WORD,
    OPTION_AMOUNTS,
    N_OPTION_KINDS,
} OptionKind;

typedef struct {
    const char *name;
    OptionKind kind;
    gsize field;          /* offset in Options; `tier` sets qps, qpm and qpd too */
    const char *fallback; /* the default, as it would be typed; NULL: the field is left alone */
    const char *sandbox; /* the default of the profile sandbox where it is another one; "" = NULL */
    guint64 min, max;    /* of a number */
    const char *const *words;  /* of OPTION_WORD, NULL-terminated */
    gboolean for_sandbox_only; /* means nothing with a real account, so it is refused there */
    const char *help;
} OptionRow;

extern const OptionRow option_rows[];
extern const gsize n_option_rows;

const OptionRow *option_find(const char *name); /* NULL when there is none */
const char *option_default(const OptionRow *row, gboolean sandbox);

/* base: the directory that relative paths begin at, NULL the current one. On failure the error says
   what would be right, and options is as it was. */
gboolean option_set(const OptionRow *row, const char *text, const char *base, Options *options,
                    GError **error);

/* "USD:1000 JPY:100000" -> amounts, ended by one of 0; "none" -> NULL. What ret was is not freed. */
gboolean option_amounts(const char *text, GuardAmount **ret, GError **error);
char *option_amounts_text(const GuardAmount *amounts); /* as it is written; a new string */

/* Words of fstab that are accepted and mean nothing here. option: may have a `=value`. */
gboolean option_is_ignored(const char *option);

/* `~/x`, relative or absolute -> absolute; new string. */
char *option_path(const char *text, const char *base);

/* Fewest edits between two words, by bytes. b: shorter than 64. */
guint option_distance(const char *a, const char *b);

/* "; did you mean ttl?", or where to look. extra: further names, or NULL. */
char *option_suggestion(const char *name, const char *const *extra);

/* Sets an API_ERROR_INVALID and returns FALSE. */
gboolean option_refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
