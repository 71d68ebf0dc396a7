/* SPDX-License-Identifier: MIT */
/* fault.c - the named faults and the draw. */
#include "fault.h"

#include <string.h>

#include "mix.h"

/* clang-format off */
static const struct {
    const char *name;
    guint64 fault;
    int code;         /* of the envelope that comes instead; 0: none does */
    const char *text;
    const char *path; /* where, unless the rule says where; NULL: anywhere */
} names[] = {
    {"html502",      FAULT_HTML502,      0,     NULL},
    {"429",          FAULT_429,          0,     NULL},
    {"redirect",     FAULT_REDIRECT,     0,     NULL},
    {"refused",      FAULT_REFUSED,      0,     NULL},
    {"reset-before", FAULT_RESET_BEFORE, 0,     NULL},
    {"40016",        FAULT_40016,        40016, "Requests made too frequently."},
    {"40100",        FAULT_40100,        40100, "Too many requests. Please retry in some time."},
    {"40100-page",   FAULT_40100_PAGE,   40100, "Too many requests. Please retry in some time."},
    {"40102",        FAULT_40102,        40102, "Access token has expired."},
    {"40105",        FAULT_40105,        40105, "Access token is incorrect or has been revoked."},
    {"40133",        FAULT_40133,        40133, "Advertiser (872746382648)'s QPS (21) reaches QPS limit 20 for current path, request is temporarily restricted."},
    {"50000",        FAULT_50000,        50000, "System error."},
    {"50002",        FAULT_50002,        50002, "Error processing request on TikTok side."},
    {"51010",        FAULT_51010,        51010, "Internal service timed out. Please retry in sometime."},
    {"html504",      FAULT_HTML504,      0,     NULL},
    {"garbage",      FAULT_GARBAGE,      0,     NULL},
    {"truncate",     FAULT_TRUNCATE,     0,     NULL},
    {"empty",        FAULT_EMPTY,        0,     NULL},
    {"drop",         FAULT_DROP,         0,     NULL},
    {"reset-after",  FAULT_RESET_AFTER,  0,     NULL},
    {"stall",        FAULT_STALL,        0,     NULL},
    {"20001",        FAULT_20001,        0,     NULL},
    {"no-data",      FAULT_NO_DATA,      0,     NULL},
    {"null-list",    FAULT_NULL_LIST,    0,     NULL},
    {"shuffle",      FAULT_SHUFFLE,      0,     NULL},
    {"unknown",      FAULT_UNKNOWN,      0,     NULL},
    {"strings",      FAULT_STRINGS,      0,     NULL},
    {"total-high",   FAULT_TOTAL_HIGH,   0,     NULL},
    {"moving",       FAULT_MOVING,       0,     NULL},
    {"delay",        FAULT_DELAY,        0,     NULL},
    {"link-dead",    FAULT_LINK_DEAD,    0,     NULL, "/report/task/download/"},
    {"lie",          FAULT_LIE,          0,     NULL},
    {"lie-other",    FAULT_LIE_OTHER,    0,     NULL},
    {"lag",          FAULT_LAG,          0,     NULL},
    {"gone",         FAULT_GONE,         0,     NULL},
    {"repeat-refused", FAULT_REPEAT,   0,     NULL},
    {"bare",         FAULT_BARE,         0,     NULL},
    {"task-cut",     FAULT_TASK_CUT,     0,     NULL, "/report/task/download/"},
    {"task-failed",  FAULT_TASK_FAILED,  0,     NULL, "/report/task/create/"},
    {"task-gone",    FAULT_TASK_GONE,    0,     NULL, "/report/task/check/"},
    {"task-odd-state", FAULT_TASK_ODD,   0,     NULL, "/report/task/create/"},
    {"task-short",   FAULT_TASK_SHORT,   0,     NULL, "/report/task/download/"},
    {"task-slow",    FAULT_TASK_SLOW,    0,     NULL, "/report/task/create/"},
    {"task-stuck",   FAULT_TASK_STUCK,   0,     NULL, "/report/task/create/"},
    {"task-torn",    FAULT_TASK_TORN,    0,     NULL, "/report/task/download/"},
};
/* clang-format on */

typedef struct {
    guint64 fault;
    double rate;
    guint left; /* instead of the rate: so many calls more */
    char *path; /* NULL: all */
} Rule;

struct Faults {
    guint64 seed;
    guint64 calls;
    GPtrArray *rules;
};

static void rule_free(void *data)
{
    Rule *rule = data;

    g_free(rule->path);
    g_free(rule);
}

Faults *faults_new(guint64 seed)
{
    Faults *faults = g_new0(Faults, 1);

    faults->seed = seed;
    faults->rules = g_ptr_array_new_with_free_func(rule_free);
    return faults;
}

void faults_free(Faults *faults)
{
    g_ptr_array_unref(faults->rules);
    g_free(faults);
}

char *faults_names(void)
{
    GString *out = g_string_new(NULL);

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_string_append_printf(out, "%s%s", i > 0 ? ", " : "", names[i].name);
    return g_string_free(out, FALSE);
}

void faults_put(GString *out, guint64 drawn)
{
    const char *comma = "";

    g_string_append_c(out, '[');
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if ((drawn & names[i].fault) == 0)
            continue;
        g_string_append_printf(out, "%s\"%s\"", comma, names[i].name);
        comma = ",";
    }
    g_string_append_c(out, ']');
}

int faults_code(guint64 drawn, const char **ret_text)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if ((drawn & names[i].fault) == 0 || names[i].code == 0)
            continue;
        *ret_text = names[i].text;
        return names[i].code;
    }
    return 0;
}

/* Sets fault and path; both stay when there is no such name. */
static void find_fault(const char *name, Rule *rule)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i].name, name) != 0)
            continue;
        rule->fault = names[i].fault;
        rule->path = g_strdup(names[i].path);
        return;
    }
}

/* "0.05" or "3x" */
static gboolean read_rate(const char *text, Rule *rule)
{
    g_autofree char *number = g_strndup(text, strlen(text) - (g_str_has_suffix(text, "x") ? 1 : 0));
    char *end = NULL;
    guint64 left;

    if (strlen(number) < strlen(text)) {
        if (!g_ascii_string_to_unsigned(number, 10, 0, G_MAXUINT32, &left, NULL))
            return FALSE;
        rule->left = (guint)left;
        return TRUE;
    }
    rule->rate = g_ascii_strtod(text, &end);
    return end != text && *end == '\0' && rule->rate >= 0 && rule->rate <= 1;
}

gboolean faults_add(Faults *faults, const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, "=", 2);
    g_auto(GStrv) values = g_strsplit(parts[0] != NULL && parts[1] != NULL ? parts[1] : "", ":", 2);
    Rule made = {0};

    if (parts[0] != NULL)
        find_fault(parts[0], &made);
    if (made.fault == 0 || values[0] == NULL || !read_rate(values[0], &made)) {
        g_autofree char *known = faults_names();

        g_free(made.path);
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--fault %s: must be NAME=RATE with a rate from 0 to 1 or a number of calls "
                    "such as 3x, NAME one of %s",
                    text, known);
        return FALSE;
    }

    if (values[1] != NULL) {
        g_free(made.path);
        made.path = g_strdup(values[1]);
    }
    g_ptr_array_add(faults->rules, g_memdup2(&made, sizeof made));
    return TRUE;
}

enum { REPLACES_ANSWER = FAULT_20001 - 1, LATER_PAGES = FAULT_40100_PAGE | FAULT_MOVING };

#define OF_UPDATES (FAULT_LIE | FAULT_LIE_OTHER | FAULT_LAG | FAULT_GONE)

static gboolean rule_hits(const Faults *faults, guint i, gboolean later_page, const char *path)
{
    Rule *rule = g_ptr_array_index(faults->rules, i);
    /* 53 bits of the hash: a number in [0, 1) */
    double die =
        (double)(mix_hash(faults->seed, 0xfa + i, faults->calls) >> 11) / 9007199254740992.0;

    if ((rule->path != NULL && strcmp(rule->path, path) != 0) ||
        ((rule->fault & LATER_PAGES) != 0 && !later_page) ||
        ((rule->fault & OF_UPDATES) != 0 && rule->path == NULL &&
         !g_str_has_suffix(path, "/update/")))
        return FALSE;
    if (rule->left == 0)
        return die < rule->rate;
    rule->left--;
    return TRUE;
}

guint64 faults_draw(Faults *faults, const char *path, gboolean later_page)
{
    guint64 drawn = 0;

    for (guint pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < faults->rules->len; i++) {
            guint64 fault = ((const Rule *)g_ptr_array_index(faults->rules, i))->fault;
            gboolean replaces = (fault & REPLACES_ANSWER) != 0;

            if (replaces != (pass == 0) || ((drawn & REPLACES_ANSWER) != 0 && fault != FAULT_DELAY))
                continue;
            if (rule_hits(faults, i, later_page, path))
                drawn |= fault;
        }
    }
    faults->calls++;
    return drawn;
}
