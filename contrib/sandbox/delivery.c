/* SPDX-License-Identifier: MIT */
/* delivery.c - the model: 15 to 60 % of an ad's share is spent on most days, from its start on. */
#include "delivery.h"

#include "clock.h"
#include "mix.h"

Moment delivery_moment(const Account *account, gint64 now)
{
    return (Moment){
        .today = clock_day(account->zone, now),
        .hours = clock_second_of_day(account->zone, now) / 3600,
    };
}

/* What was made disabled has delivered until then. */
static gint64 end_of(const Item *ad)
{
    gint64 end = ad->adgroup.end;

    if (ad->campaign.disabled)
        end = MIN(end, ad->campaign.modified);
    if (ad->adgroup.disabled)
        end = MIN(end, ad->adgroup.modified);
    if (ad->ad.disabled)
        end = MIN(end, ad->ad.modified);
    return end;
}

void delivery_days(const Item *ad, const Moment *moment, gint64 *first, gint64 *last)
{
    GTimeZone *zone = ad->account->zone;

    *first = clock_day(zone, MAX(ad->ad.created, ad->adgroup.start));
    *last = MIN(moment->today, clock_day(zone, end_of(ad)));
}

static gint64 spend_of(const Item *ad, gint64 day, const Moment *moment, guint64 hash)
{
    gint64 minor = currency_minor(ad->account->currency);
    gint64 spend = ad->adgroup.share / 1000 * (gint64)(150 + (hash >> 8) % 450);

    if (day == moment->today)
        spend = spend / 24 * moment->hours;
    return spend - spend % minor;
}

gboolean delivery_add(const Item *ad, gint64 day, const Moment *moment, Counters *sum)
{
    guint64 hash = mix_hash(ad->world->seed, ad->id[AD], (guint64)day);
    gint64 *n = sum->n;

    if (hash % 16 < 2) /* a day off */
        return FALSE;

    gint64 spend = spend_of(ad, day, moment, hash);
    if (spend <= 0)
        return FALSE;

    gint64 cpm = (gint64)(150 + (hash >> 20) % 650) * ad->account->currency->ratio * (MICRO / 100);
    gint64 impressions = spend * 1000 / cpm + 1;
    gint64 clicks = impressions * (gint64)(5 + (hash >> 32) % 30) / 1000;
    gint64 plays = impressions * 92 / 100;

    n[SPEND] += spend;
    n[IMPRESSIONS] += impressions;
    n[CLICKS] += clicks;
    n[CONVERSIONS] += clicks * (gint64)(10 + (hash >> 40) % 70) / 1000;
    n[PLAYS] += plays;
    n[WATCHED_2S] += plays * 55 / 100;
    n[WATCHED_6S] += plays * 21 / 100;
    n[VIEWS_P25] += plays * 40 / 100;
    n[VIEWS_P50] += plays * 24 / 100;
    n[VIEWS_P75] += plays * 14 / 100;
    n[VIEWS_P100] += plays * 9 / 100;
    n[LIKES] += impressions * (gint64)(1 + (hash >> 48) % 9) / 1000;
    n[COMMENTS] += impressions / 4000;
    n[SHARES] += impressions / 2500;
    n[FOLLOWS] += clicks / 60;
    n[VISITS] += clicks / 25;
    n[AD_DAYS] += 1;
    return TRUE;
}

static void add_spend(const Item *item, gint64 first, gint64 last, const Moment *moment,
                      Counters *sum)
{
    if (item->kind == AD) {
        gint64 from, to;

        delivery_days(item, moment, &from, &to);
        for (gint64 day = MAX(from, first); day <= MIN(to, last); day++)
            delivery_add(item, day, moment, sum);
        return;
    }

    guint64 begin = world_first_child(item->world, item->kind, item->index[item->kind]);
    guint64 end = world_first_child(item->world, item->kind, item->index[item->kind] + 1);
    for (guint64 index = begin; index < end; index++) {
        Item child = item_child(item, index);

        add_spend(&child, first, last, moment, sum);
    }
}

gint64 delivery_spend(const Item *item, gint64 first, gint64 last)
{
    Moment moment = delivery_moment(item->account, item->now);
    Counters sum = {0};

    add_spend(item, first, last, &moment, &sum);
    return sum.n[SPEND];
}
