/* SPDX-License-Identifier: MIT */
/* html-head.c - the words at the top of a page. */
#include "fs/html-head.h"

/* What has the name: of a center a member of its object. New reference. */
static Object *named_part(ObjectKind kind, Object *object)
{
    const char *raw;

    if (kind != KIND_CENTER)
        return object_ref(object);
    raw = object_raw(object, "bc_info");
    return raw != NULL ? object_new(raw, -1, NULL) : NULL;
}

/* New. Names may be missing: of what was deleted, or was never listed. */
static char *name_of(ObjectKind kind, Object *object, const char *id)
{
    gboolean plain = kind == KIND_ADVERTISER || kind == KIND_CENTER;
    g_autoptr(Object) part = object != NULL ? named_part(kind, object) : NULL;
    const char *name =
        part != NULL ? object_text(part, plain ? "name" : kind_names(kind)->name) : NULL;

    return g_strdup(name != NULL && *name != '\0' ? name : id);
}

static char *what_of(const Place *place, const Row *account)
{
    static const char *const words[N_KINDS] = {[KIND_ADVERTISER] = "Account",
                                               [KIND_CAMPAIGN] = "Campaign",
                                               [KIND_ADGROUP] = "Ad group",
                                               [KIND_AD] = "Ad",
                                               [KIND_CENTER] = "Business Center"};
    g_autofree char *whose = NULL;

    if (place->kind == KIND_ADVERTISER || place->kind == KIND_CENTER || account == NULL)
        return g_strdup_printf("%s %s", words[place->kind], place->id);
    whose = name_of(KIND_ADVERTISER, account->object, account->id);
    return g_strdup_printf("%s %s of %s", words[place->kind], place->id, whose);
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
        .title = name_of(place->kind, place->object, place->id),
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
