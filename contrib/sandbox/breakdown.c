/* SPDX-License-Identifier: MIT */
/*
 * breakdown.c - the table of values, and the shares that are made of it at the first use. The names
 * of values are of the service where it names them; its numbers (interests, brands, tags) stand for
 * any of a kind.
 */
#include "breakdown.h"

#include <string.h>

enum { ANY = -1, MAX_BREAKDOWNS = 32 };

typedef struct {
    const char *dimension;
    int place; /* ANY: in all of them */
    const char *text;
    guint weight;
} Value;

/* clang-format off */
/* Equal dimensions stand together. */
static const Value values[] = {
    {"ac",                      ANY, "WIFI",             56},
    {"ac",                      ANY, "4G",               26},
    {"ac",                      ANY, "5G",               16},
    {"ac",                      ANY, "3G",               2},
    {"ad_type",                 ANY, "Non-Spark Ads",    1},
    {"additional_interests",    ANY, "7001",             40},
    {"additional_interests",    ANY, "7002",             25},
    {"additional_interests",    ANY, "7003",             20},
    {"additional_interests",    ANY, "NONE",             15},
    {"age",                     ANY, "AGE_13_17",        6},
    {"age",                     ANY, "AGE_18_24",        31},
    {"age",                     ANY, "AGE_25_34",        29},
    {"age",                     ANY, "AGE_35_44",        16},
    {"age",                     ANY, "AGE_45_54",        9},
    {"age",                     ANY, "AGE_55_100",       6},
    {"age",                     ANY, "NONE",             3},
    {"audience_tags",           ANY, "1001",             60},
    {"audience_tags",           ANY, "1002",             25},
    {"audience_tags",           ANY, "NONE",             15},
    {"behavior_id",             ANY, "105012",           35},
    {"behavior_id",             ANY, "105021",           25},
    {"behavior_id",             ANY, "105033",           20},
    {"behavior_id",             ANY, "NONE",             20},
    {"contextual_tag",          ANY, "3001",             30},
    {"contextual_tag",          ANY, "3002",             30},
    {"contextual_tag",          ANY, "NONE",             40},
    {"country_code",            US,  "US",               1},
    {"country_code",            DE,  "DE",               1},
    {"country_code",            JP,  "JP",               1},
    {"country_code",            CH,  "CH",               1},
    {"device_brand_id",         ANY, "200001",           45},
    {"device_brand_id",         ANY, "200002",           25},
    {"device_brand_id",         ANY, "200003",           12},
    {"device_brand_id",         ANY, "200004",           8},
    {"device_brand_id",         ANY, "NONE",             10},
    {"dma_id",                  US,  "501",              30},
    {"dma_id",                  US,  "803",              24},
    {"dma_id",                  US,  "602",              15},
    {"dma_id",                  US,  "504",              11},
    {"dma_id",                  US,  "618",              10},
    {"dma_id",                  US,  "807",              10},
    {"dma_id",                  DE,  "NONE",             1},
    {"dma_id",                  JP,  "NONE",             1},
    {"dma_id",                  CH,  "NONE",             1},
    {"gender",                  ANY, "FEMALE",           52},
    {"gender",                  ANY, "MALE",             44},
    {"gender",                  ANY, "NONE",             4},
    {"hashtag",                 ANY, "#cycling",         35},
    {"hashtag",                 ANY, "#outdoor",         25},
    {"hashtag",                 ANY, "#citylife",        15},
    {"hashtag",                 ANY, "NONE",             25},
    {"interest_category",       ANY, "10",               14},
    {"interest_category",       ANY, "11",               11},
    {"interest_category",       ANY, "13",               9},
    {"interest_category",       ANY, "14",               16},
    {"interest_category",       ANY, "15",               18},
    {"interest_category",       ANY, "17",               8},
    {"interest_category",       ANY, "18",               7},
    {"interest_category",       ANY, "22",               12},
    {"interest_category",       ANY, "NONE",             5},
    {"interest_category_tier2", ANY, "10101",            13},
    {"interest_category_tier2", ANY, "11102",            11},
    {"interest_category_tier2", ANY, "13109",            9},
    {"interest_category_tier2", ANY, "14101",            15},
    {"interest_category_tier2", ANY, "15109",            21},
    {"interest_category_tier2", ANY, "18104",            10},
    {"interest_category_tier2", ANY, "22109",            14},
    {"interest_category_tier2", ANY, "NONE",             7},
    {"interest_category_tier3", ANY, "14101101",         27},
    {"interest_category_tier3", ANY, "15109101",         38},
    {"interest_category_tier3", ANY, "22109102",         20},
    {"interest_category_tier3", ANY, "NONE",             15},
    {"interest_category_tier4", ANY, "151091011",        52},
    {"interest_category_tier4", ANY, "221091021",        23},
    {"interest_category_tier4", ANY, "NONE",             25},
    {"interest_category_v2",    ANY, "10",               14},
    {"interest_category_v2",    ANY, "11",               11},
    {"interest_category_v2",    ANY, "13",               9},
    {"interest_category_v2",    ANY, "14",               16},
    {"interest_category_v2",    ANY, "15",               18},
    {"interest_category_v2",    ANY, "17",               8},
    {"interest_category_v2",    ANY, "18",               7},
    {"interest_category_v2",    ANY, "22",               12},
    {"interest_category_v2",    ANY, "NONE",             5},
    {"language",                US,  "en",               84},
    {"language",                US,  "es",               16},
    {"language",                DE,  "de",               83},
    {"language",                DE,  "en",               9},
    {"language",                DE,  "tr",               8},
    {"language",                JP,  "ja",               97},
    {"language",                JP,  "en",               3},
    {"language",                CH,  "de",               60},
    {"language",                CH,  "fr",               26},
    {"language",                CH,  "it",               9},
    {"language",                CH,  "en",               5},
    {"placement",               ANY, "PLACEMENT_TIKTOK", 1},
    {"platform",                ANY, "ANDROID",          58},
    {"platform",                ANY, "IOS",              42},
    {"province_id",             US,  "5332921",          30},
    {"province_id",             US,  "5128638",          22},
    {"province_id",             US,  "4736286",          22},
    {"province_id",             US,  "4155751",          14},
    {"province_id",             US,  "4896861",          12},
    {"province_id",             DE,  "2861876",          30},
    {"province_id",             DE,  "2951839",          24},
    {"province_id",             DE,  "2953481",          18},
    {"province_id",             DE,  "2950157",          16},
    {"province_id",             DE,  "2911297",          12},
    {"province_id",             JP,  "1850144",          44},
    {"province_id",             JP,  "1853904",          26},
    {"province_id",             JP,  "1865694",          18},
    {"province_id",             JP,  "2130037",          12},
    {"province_id",             CH,  "2657895",          52},
    {"province_id",             CH,  "2661551",          28},
    {"province_id",             CH,  "2660645",          20},
    {"purchase_intention",      ANY, "4001",             30},
    {"purchase_intention",      ANY, "4002",             20},
    {"purchase_intention",      ANY, "NONE",             50},
};

/* Which ages and genders an ad group was made for: adgroup.c says so in words. */
static const char *const ages[4] = {
    "AGE_25_34 AGE_35_44", "AGE_18_24", "", "AGE_35_44 AGE_45_54 AGE_55_100"};
static const char *const genders[4] = {"", "", "FEMALE", "MALE"};
/* clang-format on */

static const char *const late_a_day[] = {"behavior_id", "purchase_intention", NULL};
static const char *const tags[] = {"ad_type", "audience_tags", "hashtag", "purchase_intention",
                                   NULL};

guint breakdown_places(guint targeting, Place places[2], Part *end)
{
    static const Place first[4] = {US, DE, JP, DE};
    guint location = targeting >> 4 & 3;

    places[0] = first[location];
    places[1] = CH;
    *end = location == 3 ? ALL / 100 * 72 : ALL;
    return location == 3 ? 2 : 1;
}

gboolean breakdown_is_dimension(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        if (strcmp(values[i].dimension, name) == 0)
            return TRUE;
    }
    return FALSE;
}

/* Whoever was not asked for is not shown the ad; a few of whom nothing is known are. */
static guint weight_of(const Value *value, guint targeting)
{
    const char *wanted = "";

    if (strcmp(value->dimension, "age") == 0)
        wanted = ages[targeting & 3];
    else if (strcmp(value->dimension, "gender") == 0)
        wanted = genders[targeting >> 2 & 3];
    if (*wanted == '\0' || strcmp(value->text, "NONE") == 0)
        return value->weight;

    g_auto(GStrv) words = g_strsplit(wanted, " ", -1);
    return g_strv_contains((const char *const *)words, value->text) ? value->weight : 0;
}

static gint16 add_value(Breakdown *breakdown, const char *first, const char *second)
{
    for (guint i = 0; i < breakdown->n_values; i++) {
        if (g_str_equal(g_ptr_array_index(breakdown->values, 2 * i), first) &&
            g_str_equal(g_ptr_array_index(breakdown->values, 2 * i + 1), second))
            return (gint16)i;
    }
    g_ptr_array_add(breakdown->values, (void *)first);
    g_ptr_array_add(breakdown->values, (void *)second);
    return (gint16)breakdown->n_values++;
}

/* Weights first; close_shares() turns them into ends. */
static void add_share(Breakdown *breakdown, Place place, guint targeting, gint16 value,
                      guint64 weight)
{
    guint *n = &breakdown->n_shares[place][targeting];

    if (weight == 0)
        return;
    g_assert(*n < MAX_SHARES);
    breakdown->shares[place][targeting][(*n)++] = (Share){weight, value};
}

static void close_shares(Breakdown *breakdown, Place place, guint targeting)
{
    Share *shares = breakdown->shares[place][targeting];
    guint n = breakdown->n_shares[place][targeting];
    guint64 total = 0, sum = 0;

    for (guint i = 0; i < n; i++)
        total += shares[i].end;
    for (guint i = 0; i < n; i++) {
        sum += shares[i].end;
        shares[i].end = ALL * sum / total;
    }
}

/* Every pair, whether both are asked for or one, so that the sums are the same. */
static void share_people(Breakdown *breakdown, Place place, guint targeting)
{
    gboolean by_age = strcmp(breakdown->dimensions[0], "age") == 0;
    gboolean by_gender = !by_age || breakdown->dimensions[1] != NULL;

    for (gsize a = 0; a < G_N_ELEMENTS(values); a++) {
        for (gsize g = 0; g < G_N_ELEMENTS(values); g++) {
            const Value *age = &values[a], *gender = &values[g];

            if (strcmp(age->dimension, "age") != 0 || strcmp(gender->dimension, "gender") != 0)
                continue;

            gint16 value = by_age ? add_value(breakdown, age->text, by_gender ? gender->text : "")
                                  : add_value(breakdown, gender->text, "");
            add_share(breakdown, place, targeting, value,
                      (guint64)weight_of(age, targeting) * weight_of(gender, targeting));
        }
    }
}

static void share_plain(Breakdown *breakdown, Place place, guint targeting)
{
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        const Value *value = &values[i];

        if (strcmp(value->dimension, breakdown->dimensions[0]) == 0 &&
            (value->place == ANY || value->place == (int)place))
            add_share(breakdown, place, targeting, add_value(breakdown, value->text, ""),
                      value->weight);
    }
}

static Breakdown *breakdown_new(const char *first, const char *second)
{
    Breakdown *breakdown = g_new0(Breakdown, 1);
    gboolean people = strcmp(first, "age") == 0 || strcmp(first, "gender") == 0;

    breakdown->dimensions[0] = g_intern_string(first);
    breakdown->dimensions[1] = g_intern_string(second);
    breakdown->values = g_ptr_array_new();
    breakdown->late_s = (g_strv_contains(late_a_day, first) ? 24 : 16) * HOUR;
    breakdown->tags = g_strv_contains(tags, first);
    for (Place place = 0; place < N_PLACES; place++) {
        for (guint targeting = 0; targeting < N_TARGETINGS; targeting++) {
            if (people)
                share_people(breakdown, place, targeting);
            else
                share_plain(breakdown, place, targeting);
            close_shares(breakdown, place, targeting);
        }
    }
    return breakdown;
}

const Breakdown *breakdown_find(const char *first, const char *second)
{
    static Breakdown *made[MAX_BREAKDOWNS]; /* kept: they are few, and always the same */

    if (second != NULL && strcmp(first, "gender") == 0 && strcmp(second, "age") == 0)
        return breakdown_find(second, first);
    if (!breakdown_is_dimension(first) ||
        (second != NULL && (strcmp(first, "age") != 0 || strcmp(second, "gender") != 0)))
        return NULL;
    for (guint i = 0; i < MAX_BREAKDOWNS; i++) {
        if (made[i] == NULL)
            made[i] = breakdown_new(first, second);
        if (strcmp(made[i]->dimensions[0], first) == 0 &&
            g_strcmp0(made[i]->dimensions[1], second) == 0)
            return made[i];
    }
    g_assert_not_reached();
}

const char *breakdown_text(const Breakdown *breakdown, gint value, const char *dimension)
{
    guint second = g_strcmp0(breakdown->dimensions[1], dimension) == 0;

    return g_ptr_array_index(breakdown->values, 2 * (guint)value + second);
}
