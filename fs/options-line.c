/* SPDX-License-Identifier: MIT */
/* options-line.c - taking the command line apart. What an option's value means is not known here.
 */
#include "fs/options-line.h"

#include <string.h>

#include "fs/options-table.h"

/* Splits at commas as libfuse does: `\,` is a comma, `\\` a backslash, `\040` a blank. */
static GPtrArray *split_options(const char *text)
{
    g_autoptr(GPtrArray) ret = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) word = g_string_new(NULL);

    for (const char *c = text;; c++) {
        if (*c == ',' || *c == '\0') {
            if (word->len > 0)
                g_ptr_array_add(ret, g_strdup(word->str));
            g_string_truncate(word, 0);
        } else if (*c == '\\' && c[1] >= '0' && c[1] <= '3' && c[2] >= '0' && c[2] <= '7' &&
                   c[3] >= '0' && c[3] <= '7') {
            g_string_append_c(word, (char)((c[1] - '0') * 64 + (c[2] - '0') * 8 + c[3] - '0'));
            c += 3;
        } else {
            c += *c == '\\' && c[1] != '\0';
            g_string_append_c(word, *c);
        }
        if (*c == '\0')
            return g_steal_pointer(&ret);
    }
}

static gboolean take_option(const char *option, GHashTable *line, GError **error)
{
    const char *equals = strchr(option, '=');
    g_autofree char *name = equals != NULL ? g_strndup(option, equals - option) : g_strdup(option);
    const OptionRow *row = option_find(name);

    if (option_is_ignored(option))
        return TRUE;
    /* mount(8) says rw whenever nobody said ro, so it must not overrule the profile. */
    if (g_str_equal(option, "rw")) {
        g_hash_table_remove(line, "ro");
        return TRUE;
    }
    if (row == NULL) {
        g_autofree char *hint = option_suggestion(name, NULL);

        return option_refuse(error, "-o %s: is no option%s", name, hint);
    }
    if (equals == NULL && row->kind != OPTION_FLAG)
        return option_refuse(error, "-o %s: needs a value; write %s=VALUE", name, name);
    g_hash_table_replace(line, g_steal_pointer(&name),
                         g_strdup(equals != NULL ? equals + 1 : "true"));
    return TRUE;
}

static gboolean take_options(char **texts, GHashTable *line, GError **error)
{
    for (; *texts != NULL; texts++) {
        g_autoptr(GPtrArray) options = split_options(*texts);

        for (guint i = 0; i < options->len; i++)
            if (!take_option(options->pdata[i], line, error))
                return FALSE;
    }
    return TRUE;
}

/* "-f", "-fd", "-o x", "-ox", "--help". next: the word after, NULL at the end; moved when used. */
static gboolean take_dashed(const char *word, char ***next, Line *line, GPtrArray *texts)
{
    const struct {
        char letter;
        const char *name;
        gboolean *field;
    } flags[] = {
        {'f', "--foreground", &line->foreground},
        {'d', "--debug", &line->debug},
        {'h', "--help", &line->help},
        {'V', "--version", &line->version},
    };
    gboolean is_long = word[1] == '-';

    for (const char *c = is_long ? word : word + 1; *c != '\0'; c++) {
        gboolean known = FALSE;

        for (gsize i = 0; i < G_N_ELEMENTS(flags); i++) {
            if (!(is_long ? g_str_equal(word, flags[i].name) : *c == flags[i].letter))
                continue;
            *flags[i].field = known = TRUE;
        }
        if (is_long)
            return known;
        if (*c == 'o' && (c[1] != '\0' || **next != NULL)) {
            g_ptr_array_add(texts, c[1] != '\0' ? (char *)c + 1 : *(*next)++);
            return TRUE;
        }
        if (!known)
            return FALSE;
    }
    return TRUE;
}

static gboolean judge(Line *line, const char *unknown, char **texts, GError **error)
{
    if (line->help || line->version) {
        line->foreground = line->debug = FALSE;
        line->version = !line->help;
        return TRUE;
    }
    if (unknown != NULL)
        return option_refuse(error, "%s: %s; " OPTIONS_USAGE, unknown,
                             g_str_equal(unknown, "-o") ? "needs an option" : "is no option");
    line->foreground |= line->debug;
    return take_options(texts, line->options, error);
}

gboolean line_read(char **argv, Line *ret, GError **error)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new();
    g_autoptr(GStrvBuilder) operands = g_strv_builder_new();
    const char *unknown = NULL;
    gboolean only_operands = FALSE;

    *ret = (Line){.options = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
    for (char **next = argv + (*argv != NULL); *next != NULL;) {
        const char *word = *next++;

        if (!only_operands && g_str_equal(word, "--"))
            only_operands = TRUE;
        else if (only_operands || word[0] != '-' || word[1] == '\0')
            g_strv_builder_add(operands, word);
        else if (!take_dashed(word, &next, ret, texts))
            unknown = word;
    }
    ret->operands = g_strv_builder_end(operands);
    g_ptr_array_add(texts, NULL);
    return judge(ret, unknown, (char **)texts->pdata, error);
}

void line_clear(Line *line)
{
    g_clear_pointer(&line->options, g_hash_table_unref);
    g_clear_pointer(&line->operands, g_strfreev);
}
