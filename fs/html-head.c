/* SPDX-License-Identifier: MIT */
/* html-head.c - the words at the top of a page. */
#include "fs/html-head.h"

/* Names may be missing: of what was deleted, or was never listed. */
static const char *name_of(ObjectKind kind, const Object *object, const char *id)
{
    const char *name = NULL;

    if (object != NULL)
        name = object_text(object, kind == KIND_ADVERTISER ? "name" : kind_names(kind)->name);
    return name != NULL && *name != '\0' ? name : id;
}

static char *what_of(const Place *place, const Row *account)
{
    static const char *const words[N_KINDS] = {[KIND_ADVERTISER] = "Account",
                                               [KIND_CAMPAIGN] = "Campaign",
                                               [KIND_ADGROUP] = "Ad group",
                                               [KIND_AD] = "Ad"};
    const char *word = words[place->kind] != NULL ? words[place->kind] : "Object";

    if (place->kind == KIND_ADVERTISER || account == NULL)
        return g_strdup_printf("%s %s", word, place->id);
    return g_strdup_printf("%s %s of %s", word, place->id,
                           name_of(KIND_ADVERTISER, account->object, account->id));
}

static char *time_text(gint64 wall_us)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(wall_us / G_USEC_PER_SEC);

    return at != NULL ? g_date_time_format(at, "%Y-%m-%d %H:%M UTC") : NULL;
}

HtmlHead html_head_of(Mount *mount, const Place *place, const Version *version, gint64 as_of_us,
                      const char *frozen_until)
{
    const Row *account = cache_row(mount->cache, place->advertiser);
    const Object *of = account != NULL ? account->object : NULL;

    return (HtmlHead){
        .title = g_strdup(name_of(place->kind, place->object, place->id)),
        .what = what_of(place, account),
        .range = g_strdup(place->range),
        .start = version->query.shape.lifetime ? NULL : g_strdup(version->start),
        .end = version->query.shape.lifetime ? NULL : g_strdup(version->end),
        .currency = of != NULL ? g_strdup(object_text(of, "currency")) : NULL,
        .timezone = of != NULL ? g_strdup(object_text(of, "timezone")) : NULL,
        .as_of = as_of_us > 0 ? time_text(as_of_us) : NULL,
        .frozen = *frozen_until != '\0' ? g_strdup(frozen_until) : NULL,
    };
}
