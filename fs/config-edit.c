/* SPDX-License-Identifier: MIT */
/*
 * config-edit.c - adding to the key file what a login asked for. It is somebody's own text, with
 * comments and an order: nothing of it is parsed and written back, bytes are put between bytes.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "fs/config.h"
#include "fs/options-table.h"
#include "fs/private.h"

gboolean config_lacks_profile(const char *path, const char *profile)
{
    g_autoptr(GKeyFile) file = g_key_file_new();
    g_autofree char *group = g_strconcat("profile ", profile, NULL);

    return private_is_missing(path) ||
           (g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL) &&
            !g_key_file_has_group(file, group));
}

/* What is there, empty where there is no file yet. */
static gboolean load(const char *path, char **ret_text, guint *ret_mode, GError **error)
{
    g_autoptr(GError) failure = NULL;
    struct stat st;

    *ret_mode = stat(path, &st) == 0 ? st.st_mode & 07777 : 0600;
    if (g_file_get_contents(path, ret_text, NULL, &failure))
        return TRUE;
    *ret_text = g_strdup("");
    return g_error_matches(failure, G_FILE_ERROR, G_FILE_ERROR_NOENT) ||
           option_refuse(error, "%s: can not be read: %s", path, failure->message);
}

gboolean config_add_profile(const char *path, const char *profile, GError **error)
{
    g_autofree char *text = NULL;
    guint mode;

    if (!load(path, &text, &mode, error))
        return FALSE;

    const char *gap = *text == '\0' ? "" : g_str_has_suffix(text, "\n") ? "\n" : "\n\n";
    g_autofree char *longer = g_strdup_printf("%s%s[profile %s]\n", text, gap, profile);
    return private_replace("configuration", path, longer, mode, error);
}

/* Just behind the header's line; NULL: it is not there. */
static const char *behind_header(const char *text, const char *profile)
{
    g_autofree char *header = g_strdup_printf("[profile %s]", profile);

    for (const char *line = text; *line != '\0';) {
        gsize length = strcspn(line, "\n");
        g_autofree char *copy = g_strndup(line, length);

        line += length + (line[length] == '\n');
        if (g_str_equal(g_strstrip(copy), header))
            return line;
    }
    return NULL;
}

gboolean config_add_key(const char *path, const char *profile, const char *key, const char *value,
                        GError **error)
{
    g_autofree char *text = NULL;
    const char *behind;
    guint mode;

    if (!load(path, &text, &mode, error))
        return FALSE;
    behind = behind_header(text, profile);
    if (behind == NULL)
        return option_refuse(error, "%s: has no line [profile %s]", path, profile);

    g_autofree char *before = g_strndup(text, behind - text);
    g_autofree char *longer = g_strdup_printf(
        "%s%s%s = %s\n%s", before, g_str_has_suffix(before, "\n") ? "" : "\n", key, value, behind);
    return private_replace("configuration", path, longer, mode, error);
}
