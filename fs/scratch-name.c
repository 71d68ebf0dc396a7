/* SPDX-License-Identifier: MIT */
/* scratch-name.c - names of scratch files as rows of a table. */
#include "fs/scratch-name.h"

#include <string.h>

#define DIGITS "0123456789"
#define SMALL  "abcdefghijklmnopqrstuvwxyz"
#define ALNUM  DIGITS SMALL "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* before FILE middle LETTERS after */
typedef struct {
    const char *before;
    gboolean file; /* the name of the file is a part of it */
    const char *middle;
    const char *letters; /* made up, so many of them */
    guint8 least, most;
    const char *after;
    gboolean exclusive;
} Shape;

/* clang-format off */
static const Shape shapes[] = {
    {".",              TRUE,  ".sw",  SMALL,      1, 2,  "",     FALSE}, /* vim, nano: .swp .swo .swpx */
    {"",               TRUE,  "~",    "",         0, 0,  "",     FALSE}, /* backups of vim, emacs, nano */
    {"4913",           FALSE, "",     "",         0, 0,  "",     FALSE}, /* vim tries what it may make */
    {".#",             TRUE,  "",     "",         0, 0,  "",     FALSE}, /* emacs: a lock */
    {".#-emacs",       FALSE, "",     ALNUM,      6, 6,  "",     TRUE},  /* emacs: a lock to be */
    {"#",              TRUE,  "#",    "",         0, 0,  "",     FALSE}, /* emacs saves by itself */
    {"sed",            FALSE, "",     ALNUM,      6, 6,  "",     TRUE},  /* sed -i */
    {"XX",             FALSE, "",     ALNUM "_",  6, 6,  "",     TRUE},  /* perl -i */
    {"",               TRUE,  "",     ALNUM,      6, 6,  "",     TRUE},  /* busybox sed -i */
    {".",              TRUE,  ".",    ALNUM,      6, 6,  "",     TRUE},  /* rsync */
    {"",               TRUE,  ".",    ALNUM,      6, 6,  "",     TRUE},  /* GLib, Qt, mktemp FILE.XXXXXX */
    {".goutputstream-", FALSE, "",    ALNUM,      6, 6,  "",     TRUE},  /* GNOME */
    {"tmp",            FALSE, "",     DIGITS SMALL "_", 8, 8, "", TRUE}, /* python's tempfile */
    {"mlr-in-place-",  FALSE, "",     DIGITS,     1, 10, "",     TRUE},  /* mlr -I */
    {".~lock.",        TRUE,  "#",    "",         0, 0,  "",     FALSE}, /* LibreOffice */
    {"lu",             FALSE, "",     ALNUM "_",  4, 24, ".tmp", FALSE}, /* LibreOffice */
    {"",               TRUE,  ".tmp", "",         0, 0,  "",     FALSE}, /* by hand, and in scripts */
    {"",               TRUE,  ".new", "",         0, 0,  "",     FALSE},
};
/* clang-format on */

/* What is left of text behind the prefix; NULL: it does not begin with it. */
static const char *behind(const char *text, const char *prefix)
{
    return text != NULL && g_str_has_prefix(text, prefix) ? text + strlen(prefix) : NULL;
}

static gboolean is_like(const Shape *shape, const char *name, const char *file)
{
    const char *rest = behind(behind(behind(name, shape->before), file), shape->middle);
    gsize end = strlen(shape->after), letters;

    if (rest == NULL || strlen(rest) < end)
        return FALSE;
    letters = strlen(rest) - end;
    return letters >= shape->least && letters <= shape->most &&
           strspn(rest, shape->letters) >= letters && strcmp(rest + letters, shape->after) == 0;
}

const char *scratch_name_of(const char *name, gboolean exclusive, const char *const *files)
{
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        const Shape *shape = &shapes[i];

        if (shape->exclusive && !exclusive)
            continue;
        if (!shape->file && files[0] != NULL && is_like(shape, name, ""))
            return "";
        for (gsize j = 0; shape->file && files[j] != NULL; j++)
            if (is_like(shape, name, files[j]))
                return files[j];
    }
    return NULL;
}
