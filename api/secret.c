/* SPDX-License-Identifier: MIT */
/* secret.c - wiping, comparing and hiding. explicit_bzero() is not optimised away. */
#include "api/secret.h"

#include <string.h>

enum { HIDDEN_LENGTH_MIN = 6, HIDDEN_PART_MIN = 8 };

typedef struct {
    guint8 *data;
    gsize length;
} Wiped;

void secret_free(char *secret)
{
    if (secret == NULL)
        return;
    explicit_bzero(secret, strlen(secret));
    g_free(secret);
}

void secret_string_free(GString *string)
{
    if (string == NULL)
        return;
    explicit_bzero(string->str, string->allocated_len);
    g_string_free(string, TRUE);
}

static void wipe(gpointer data)
{
    Wiped *wiped = data;

    if (wiped->data != NULL)
        explicit_bzero(wiped->data, wiped->length);
    g_free(wiped->data);
    g_free(wiped);
}

GBytes *secret_bytes_new(GByteArray *array)
{
    Wiped *wiped = g_new0(Wiped, 1);

    wiped->data = g_byte_array_steal(array, &wiped->length);
    g_byte_array_unref(array);
    return g_bytes_new_with_free_func(wiped->data, wiped->length, wipe, wiped);
}

gboolean secret_equal(const char *a, const char *b)
{
    gsize n = strlen(a), m = strlen(b);
    volatile guint difference = n != m;

    for (gsize i = 0; i < n; i++)
        difference |= (guint)((guchar)a[i] ^ (guchar)b[m > 0 ? i % m : 0]);
    return difference == 0;
}

/* Parts too: a message that is cut may end in the middle of one. */
static void blot_out(char *text, const char *secret)
{
    gsize whole = strlen(secret), same = 0;

    for (char *at = text; *at != '\0'; at += MAX(same, 1)) {
        for (same = 0; same < whole && at[same] == secret[same];)
            same++;
        same = same == whole || same >= HIDDEN_PART_MIN ? same : 0;
        memset(at, '*', same);
    }
}

/* Shorter ones would blot out words; no token, secret or code is that short. */
void secret_hide(GError *error, const char *secret)
{
    char *in_url;

    if (error == NULL || secret == NULL || strlen(secret) < HIDDEN_LENGTH_MIN)
        return;
    in_url = g_uri_escape_string(secret, NULL, FALSE);
    blot_out(error->message, secret);
    blot_out(error->message, in_url);
    secret_free(in_url);
}
