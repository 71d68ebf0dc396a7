/* SPDX-License-Identifier: MIT */
/* fault.c - the named faults and the draw. */
#include "fault.h"

#include <string.h>

#include "mix.h"

static const struct {
    const char *name;
    Fault fault;
} names[] = {
    {"html502", FAULT_HTML502},   {"html504", FAULT_HTML504}, {"garbage", FAULT_GARBAGE},
    {"truncate", FAULT_TRUNCATE}, {"empty", FAULT_EMPTY},     {"drop", FAULT_DROP},
    {"40100", FAULT_40100},       {"40105", FAULT_40105},     {"50000", FAULT_50000},
    {"delay", FAULT_DELAY},       {"no-data", FAULT_NO_DATA}, {"null-list", FAULT_NULL_LIST},
};

typedef struct {
    Fault fault;
    double rate;
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

static Fault fault_named(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strcmp(names[i].name, name) == 0)
            return names[i].fault;
    }
    return 0;
}

gboolean faults_add(Faults *faults, const char *text, GError **error)
{
    g_auto(GStrv) parts = g_strsplit(text, "=", 2);
    g_auto(GStrv) values = g_strsplit(parts[0] != NULL && parts[1] != NULL ? parts[1] : "", ":", 2);
    char *end = NULL;
    double rate = values[0] != NULL ? g_ascii_strtod(values[0], &end) : -1;
    Fault fault = parts[0] != NULL ? fault_named(parts[0]) : 0;

    if (fault == 0 || end == NULL || end == values[0] || *end != '\0' ||
        !(rate >= 0 && rate <= 1)) {
        g_autofree char *known = faults_names();

        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--fault %s: must be NAME=RATE with a rate from 0 to 1, NAME one of %s", text,
                    known);
        return FALSE;
    }

    Rule *rule = g_new0(Rule, 1);
    rule->fault = fault;
    rule->rate = rate;
    rule->path = g_strdup(values[1]);
    g_ptr_array_add(faults->rules, rule);
    return TRUE;
}

guint faults_draw(Faults *faults, const char *path)
{
    guint64 call = faults->calls++;
    guint drawn = 0;

    for (guint i = 0; i < faults->rules->len; i++) {
        const Rule *rule = g_ptr_array_index(faults->rules, i);
        /* 53 bits of the hash: a number in [0, 1) */
        double die = (double)(mix_hash(faults->seed, 0xfa + i, call) >> 11) / 9007199254740992.0;

        if (die < rule->rate && (rule->path == NULL || strcmp(rule->path, path) == 0))
            drawn |= rule->fault;
    }
    return drawn;
}
