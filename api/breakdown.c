/* SPDX-License-Identifier: MIT */
/* breakdown.c - the words of our grammar, and all the dimensions the API knows (API 4.4). */
#include "api/breakdown.h"

#define BASIC    (1u << REPORT_BASIC)
#define AUDIENCE (1u << REPORT_AUDIENCE)
#define CENTER   (1u << REPORT_CENTER)

#define DIMENSIONS(...)                                                                            \
    (const char *const[])                                                                          \
    {                                                                                              \
        __VA_ARGS__, NULL                                                                          \
    }

/* clang-format off */
static const Breakdown breakdowns[] = {
    {"age",        DIMENSIONS("age"),               REPORT_AUDIENCE},
    {"age-gender", DIMENSIONS("age", "gender"),     REPORT_AUDIENCE},
    {"country",    DIMENSIONS("country_code"),      REPORT_BASIC},
    {"device",     DIMENSIONS("device_brand_id"),   REPORT_AUDIENCE},
    {"gender",     DIMENSIONS("gender"),            REPORT_AUDIENCE},
    {"interest",   DIMENSIONS("interest_category"), REPORT_AUDIENCE},
    {"language",   DIMENSIONS("language"),          REPORT_AUDIENCE},
    {"placement",  DIMENSIONS("placement"),         REPORT_AUDIENCE},
    {"platform",   DIMENSIONS("platform"),          REPORT_AUDIENCE},
    {"province",   DIMENSIONS("province_id"),       REPORT_AUDIENCE},
};

static const struct {
    const char *name;
    guint types;
} dimensions[] = {
    {"ac",                      AUDIENCE},
    {"ad_type",                 BASIC | AUDIENCE},
    {"additional_interests",    AUDIENCE},
    {"age",                     AUDIENCE},
    {"audience_tags",           AUDIENCE},
    {"behavior_id",             AUDIENCE},
    {"component_name",          BASIC},
    {"contextual_tag",          AUDIENCE},
    {"country_code",            BASIC | AUDIENCE | CENTER},
    {"custom_event_type",       BASIC},
    {"device_brand_id",         AUDIENCE},
    {"dma_id",                  AUDIENCE},
    {"event_source_id",         BASIC},
    {"gender",                  AUDIENCE},
    {"hashtag",                 AUDIENCE},
    {"image_id",                BASIC},
    {"interest_category",       AUDIENCE},
    {"interest_category_tier2", AUDIENCE},
    {"interest_category_tier3", AUDIENCE},
    {"interest_category_tier4", AUDIENCE},
    {"interest_category_v2",    AUDIENCE},
    {"language",                AUDIENCE},
    {"match_type",              BASIC},
    {"minis_id",                BASIC},
    {"page_id",                 BASIC},
    {"placement",               AUDIENCE},
    {"platform",                AUDIENCE},
    {"post_id",                 BASIC},
    {"province_id",             AUDIENCE},
    {"purchase_intention",      AUDIENCE},
    {"room_id",                 BASIC},
    {"search_keyword",          BASIC},
    {"search_terms",            BASIC},
    {"skan_postback_sequence",  BASIC},
    {"video_material_id",       BASIC},
};
/* clang-format on */

const Breakdown *breakdown_find(const char *word)
{
    for (guint i = 0; i < G_N_ELEMENTS(breakdowns); i++)
        if (g_str_equal(breakdowns[i].word, word))
            return &breakdowns[i];
    return NULL;
}

const char *const *breakdown_words(void)
{
    static const char *words[G_N_ELEMENTS(breakdowns) + 1];

    for (guint i = 0; i < G_N_ELEMENTS(breakdowns); i++)
        words[i] = breakdowns[i].word;
    return words;
}

const char *breakdown_word(const ReportShape *shape)
{
    for (guint i = 0; shape->breakdown != NULL && i < G_N_ELEMENTS(breakdowns); i++)
        if (g_strv_equal(breakdowns[i].dimensions, shape->breakdown))
            return breakdowns[i].word;
    return NULL;
}

guint dimension_types(const char *dimension)
{
    for (guint i = 0; i < G_N_ELEMENTS(dimensions); i++)
        if (g_str_equal(dimensions[i].name, dimension))
            return dimensions[i].types;
    return 0;
}
