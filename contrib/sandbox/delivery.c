/* SPDX-License-Identifier: MIT */
/*
 * delivery.c - the model: 15 to 60 % of an ad's share is spent on most days, from its start on; and
 * how a day is divided.
 */
#include "delivery.h"

#include <string.h>

#include "clock.h"
#include "mix.h"

/* What a campaign is for: what counts as its result, and what its conversions are. */
typedef struct {
    const char *type;
    Counter result, real_time_result;
    Counter conversions, deep, value; /* N_COUNTERS: none */
} Purpose;

/* clang-format off */
static const Purpose purposes[] = {
    {"TRAFFIC",         CLICKS,      CLICKS,      N_COUNTERS, N_COUNTERS, N_COUNTERS},
    {"WEB_CONVERSIONS", CONVERSIONS, REAL_TIME,   WEB,        N_COUNTERS, WEB_VALUE},
    {"REACH",           IMPRESSIONS, IMPRESSIONS, N_COUNTERS, N_COUNTERS, N_COUNTERS},
    {"VIDEO_VIEWS",     WATCHED_6S,  WATCHED_6S,  N_COUNTERS, N_COUNTERS, N_COUNTERS},
    {"LEAD_GENERATION", CONVERSIONS, REAL_TIME,   LEADS,      N_COUNTERS, N_COUNTERS},
    {"APP_PROMOTION",   CONVERSIONS, REAL_TIME,   APP,        APP_DEEP,   APP_VALUE},
};
/* clang-format on */

/* An ad on a day: all of it, whatever is known yet. Money is in the smallest coin. */
typedef struct {
    const Lens *lens;
    const Purpose *purpose;
    guint targeting; /* of 64 */
    gint64 day;
    guint64 hash;
    const DayHours *hours; /* NULL: nothing has to be divided by hours */
    guint known, billed;   /* hours of these */
    gint64 n[N_DIVIDED];
    guint n_conversions;
    gint64 price; /* of a conversion */
    gboolean moving;
    Counters *cells; /* of the day */
} AdDay;

/* How far along the impressions of a piece, and what comes before that. */
typedef struct {
    Part at;
    gint64 n[N_DIVIDED];
} Mark;

typedef struct {
    Part from, to;
} Range;

/* What is cut out of an ad's day, and where of it that is. */
typedef struct {
    gint64 n[N_DIVIDED];
    Range place, time, share;
    gint64 billed; /* of the spend */
} Piece;

static const Range whole = {0, ALL};

gboolean delivery_always;

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
    for (Kind kind = CAMPAIGN; kind < N_KINDS; kind++) {
        if (ad->change[kind] != NULL && item_deleted(ad, kind))
            end = MIN(end, item_time(ad, kind, "modify_time", end));
    }
    return end;
}

static void fill_in(AdDay *ad_day, const Item *ad)
{
    const Currency *currency = ad->account->currency;
    gint64 minor = currency_minor(currency);
    guint64 hash = ad_day->hash;
    gint64 *n = ad_day->n;
    gint64 spend = ad->adgroup.share / 1000 * (gint64)(150 + (hash >> 8) % 450) / minor;
    gint64 cpm = (gint64)(150 + (hash >> 20) % 650) * currency->ratio * (MICRO / 100) / minor;

    if (delivery_always)
        spend = MAX(spend, cpm); /* of a thousand impressions each hour has some */
    gint64 impressions = spend * 1000 / cpm + 1;
    gint64 clicks = impressions * (gint64)(5 + (hash >> 32) % 30) / 1000;
    gint64 plays = impressions * 92 / 100;

    n[SPEND] = spend;
    n[IMPRESSIONS] = impressions;
    n[GROSS_IMPRESSIONS] = impressions + impressions / 150;
    n[CLICKS] = clicks;
    n[PLAYS] = plays;
    n[PLAY_SECONDS] = plays * (gint64)(14 + (hash >> 26) % 45) / 10;
    n[WATCHED_2S] = plays * 55 / 100;
    n[WATCHED_6S] = plays * 21 / 100;
    n[VIEWS_P25] = plays * 40 / 100;
    n[VIEWS_P50] = plays * 24 / 100;
    n[VIEWS_P75] = plays * 14 / 100;
    n[VIEWS_P100] = plays * 9 / 100;
    n[LIKES] = impressions * (gint64)(1 + (hash >> 48) % 9) / 1000;
    n[COMMENTS] = impressions / 4000;
    n[SHARES] = impressions / 2500;
    n[FOLLOWS] = clicks / 60;
    n[VISITS] = clicks / 25;
    n[MUSIC_CLICKS] = clicks / 90;
    n[LANDINGS] = clicks * 78 / 100;
    ad_day->n_conversions = (guint)(clicks * (gint64)(10 + (hash >> 40) % 70) / 1000);
    ad_day->price =
        (gint64)(1900 + ad->adgroup.hash % 60 * 100) * currency->ratio * (MICRO / 100) / minor;
}

static Mark mark_at(const gint64 *n, Part part, guint64 seed)
{
    guint32 rest = (guint32)(seed >> 16);
    guint64 impressions = (guint64)n[IMPRESSIONS];
    guint64 index = part < ALL ? (impressions * part + rest) >> 32 : impressions;
    Mark mark = {.at = index < impressions ? index * ALL / impressions : ALL};

    if (index == 0)
        return (Mark){0};
    for (guint c = 0; c < N_DIVIDED; c++) {
        rest += 0x9e3779b9;
        mark.n[c] = (gint64)(((guint64)n[c] * mark.at + (index < impressions ? rest : 0)) >> 32);
    }
    mark.n[IMPRESSIONS] = (gint64)index;
    return mark;
}

static void between(const Mark *from, const Mark *to, gint64 *n)
{
    for (guint c = 0; c < N_DIVIDED; c++)
        n[c] = to->n[c] - from->n[c];
}

static gboolean within(Range range, Part at)
{
    return at >= range.from && at < range.to;
}

static gboolean is_whole(Range range)
{
    return range.from == 0 && range.to == ALL;
}

/* Each conversion belongs to an impression and comes some time after it. A small share of the
   window is likelier than a large one. */
static gboolean has_come(const AdDay *ad_day, Part time, guint64 hash)
{
    const Lens *lens = ad_day->lens;
    gint64 begin = lens->moving_begin[ad_day->day - lens->moving_day];
    guint64 u = hash & 0xffff;
    gint64 after = (gint64)(u * u / 65536 * u / 65536 * u * WINDOW_S / 65536 / 65536);

    return begin + (gint64)(time * 24 / ALL) * HOUR + after <= lens->now;
}

static void count_conversions(const AdDay *ad_day, const Piece *piece, gint64 *sum)
{
    gboolean all = is_whole(piece->place) && is_whole(piece->time) && is_whole(piece->share);
    guint odd = (guint)ad_day->hash & 3;

    if (all && !ad_day->moving) {
        sum[CONVERSIONS] += ad_day->n_conversions;
        sum[REAL_TIME] += ad_day->n_conversions;
        sum[DEEP] += (ad_day->n_conversions + odd) / 4;
        return;
    }
    for (guint i = 0; i < ad_day->n_conversions; i++) {
        guint64 hash = mix_hash(ad_day->hash, 0xc0, i);
        guint64 other = mix_hash(ad_day->hash, 0xc1, i);
        Part time = other & (ALL - 1);

        if (!within(piece->place, hash >> 32) || !within(piece->time, time) ||
            !within(piece->share, other >> 32))
            continue;
        sum[REAL_TIME]++;
        if (!ad_day->moving || has_come(ad_day, time, hash)) {
            sum[CONVERSIONS]++;
            sum[DEEP] += (i + odd) % 4 == 3;
        }
    }
}

static void add_piece(const AdDay *ad_day, const Piece *piece, Counters *cell)
{
    const Purpose *purpose = ad_day->purpose;
    gint64 unit = ad_day->lens->unit;
    gint64 sum[N_COUNTERS + 1] = {0};

    if (piece->n[IMPRESSIONS] == 0)
        return;
    memcpy(sum, piece->n, sizeof piece->n);
    if (ad_day->n_conversions > 0)
        count_conversions(ad_day, piece, sum);
    sum[RESULTS] = sum[purpose->result];
    sum[REAL_TIME_RESULTS] = sum[purpose->real_time_result];
    sum[purpose->conversions] = sum[CONVERSIONS];
    sum[purpose->deep] = sum[DEEP];
    sum[purpose->value] =
        ad_day->price * unit * sum[purpose->deep < N_COUNTERS ? DEEP : CONVERSIONS];
    sum[CASH] = ad_day->day < ad_day->lens->cash_day ? sum[SPEND] * unit : 0;
    sum[BILLED] = piece->billed * unit;
    sum[SPEND] *= unit;
    sum[AD_DAYS] = 1;
    for (guint c = 0; c < N_COUNTERS; c++)
        cell->n[c] += sum[c];
}

/* Hours that are over of what was shown in one place, divided by age and so on. */
static void add_shares(const AdDay *ad_day, Piece *piece, Place place, Counters *cells)
{
    const Breakdown *breakdown = ad_day->lens->breakdown;
    guint targeting = ad_day->targeting % N_TARGETINGS;
    const gint64 billed_all = piece->billed, spend_all = piece->n[SPEND];
    gint64 n[N_DIVIDED];
    Mark from = {0};

    if (breakdown == NULL) {
        add_piece(ad_day, piece, cells);
        return;
    }
    memcpy(n, piece->n, sizeof n);
    for (guint i = 0; i < breakdown->n_shares[place][targeting]; i++) {
        const Share *share = &breakdown->shares[place][targeting][i];
        Mark to = mark_at(n, share->end, mix_hash(ad_day->hash, 0x5a, place));

        between(&from, &to, piece->n);
        piece->share = (Range){from.at, to.at};
        piece->billed = billed_all == spend_all ? piece->n[SPEND] : 0;
        add_piece(ad_day, piece, &cells[share->value]);
        from = to;
    }
}

static gint64 spend_before(const AdDay *ad_day, const gint64 *n, guint hour, guint64 seed)
{
    return mark_at(n, ad_day->hours->done[hour], seed).n[SPEND];
}

/* What was shown in one place, by hours or until the last that is known. */
static void add_hours(const AdDay *ad_day, const gint64 *n, Range where, Place place)
{
    const DayHours *hours = ad_day->hours;
    const Lens *lens = ad_day->lens;
    guint64 seed = mix_hash(ad_day->hash, 0x40, place);
    guint step = lens->by_hour ? 1 : ad_day->known;
    Piece piece = {.place = where, .time = whole, .share = whole};
    Mark from = {0};

    if (hours == NULL) {
        memcpy(piece.n, n, sizeof piece.n);
        piece.billed = n[SPEND];
        add_shares(ad_day, &piece, place, ad_day->cells);
        return;
    }
    for (guint hour = 0; hour < ad_day->known; hour += step) {
        Mark to = mark_at(n, hours->done[hour + step], seed);
        guint cell = lens->by_hour ? hours->label[hour] * lens->n_values : 0;

        between(&from, &to, piece.n);
        piece.time = (Range){from.at, to.at};
        piece.share = whole;
        piece.billed = piece.n[SPEND];
        if (ad_day->billed < hour + step)
            piece.billed = MAX(0, spend_before(ad_day, n, ad_day->billed, seed) - from.n[SPEND]);
        add_shares(ad_day, &piece, place, &ad_day->cells[cell]);
        from = to;
    }
}

/* Where nothing is divided, the places need not be either. */
static void add_places(const AdDay *ad_day)
{
    Place places[2];
    Part end;
    guint n_places = breakdown_places(ad_day->targeting, places, &end);
    gint64 n[N_DIVIDED];

    if (n_places == 1 || (ad_day->hours == NULL && ad_day->lens->breakdown == NULL)) {
        add_hours(ad_day, ad_day->n, whole, places[0]);
        return;
    }

    const Mark begin = {0};
    Mark middle = mark_at(ad_day->n, end, ad_day->hash);
    between(&begin, &middle, n);
    add_hours(ad_day, n, (Range){0, middle.at}, places[0]);
    for (guint c = 0; c < N_DIVIDED; c++)
        n[c] = ad_day->n[c] - middle.n[c];
    add_hours(ad_day, n, (Range){middle.at, ALL}, places[1]);
}

static void set_hours(AdDay *ad_day)
{
    const Lens *lens = ad_day->lens;

    ad_day->hours = NULL;
    for (guint i = 0; i < G_N_ELEMENTS(lens->hours) && ad_day->hours == NULL; i++) {
        gboolean asked = i != 2 || lens->by_hour;

        if (asked && lens->hours[i].day == ad_day->day)
            ad_day->hours = &lens->hours[i];
    }
    if (ad_day->hours == NULL)
        return;
    ad_day->known = hours_until(ad_day->hours, lens->known);
    ad_day->billed = hours_until(ad_day->hours, lens->billed);
}

static const Purpose *purpose_of(const Item *ad)
{
    for (gsize i = 0; i < G_N_ELEMENTS(purposes); i++) {
        if (strcmp(purposes[i].type, ad->campaign.objective->type) == 0)
            return &purposes[i];
    }
    return &purposes[0];
}

static gint64 first_day(const Item *ad, const Lens *lens)
{
    gint64 begin = MAX(ad->ad.created, ad->adgroup.start);

    return delivery_always ? lens->first : MAX(lens->first, clock_day(lens->account->zone, begin));
}

static gint64 last_day(const Item *ad, const Lens *lens)
{
    return delivery_always ? lens->last
                           : MIN(lens->last, clock_day(lens->account->zone, end_of(ad)));
}

void delivery_add(const Item *ad, const Lens *lens, Counters *cells)
{
    gint64 first = first_day(ad, lens), last = last_day(ad, lens);
    gboolean made = ad->index[AD] < ad->world->count[AD]; /* what was created does not deliver */
    guint stride = lens->by_day ? lens->n_hours * lens->n_values : 0;
    AdDay ad_day = {.lens = lens, .purpose = purpose_of(ad), .targeting = adgroup_targeting(ad)};

    for (gint64 day = first; day <= last && made; day++) {
        ad_day.day = day;
        ad_day.hash = mix_hash(ad->world->seed, ad->id[AD], (guint64)day);
        if (ad_day.hash % 16 < 2 && !delivery_always) /* a day off */
            continue;
        fill_in(&ad_day, ad);
        if (ad_day.n[SPEND] <= 0)
            continue;
        ad_day.cells = cells + (day - lens->first) * stride;
        ad_day.moving = day >= lens->moving_day;
        set_hours(&ad_day);
        add_places(&ad_day);
    }
}

static void add_below(const Item *item, const Lens *lens, Counters *sum)
{
    if (item->kind == AD) {
        delivery_add(item, lens, sum);
        return;
    }

    guint64 begin = world_first_child(item->world, item->kind, item->index[item->kind]);
    guint64 end = world_first_child(item->world, item->kind, item->index[item->kind] + 1);
    for (guint64 index = begin; index < end; index++) {
        Item child = item_child(item, index);

        add_below(&child, lens, sum);
    }
}

gint64 delivery_spend(const Item *item, gint64 first, gint64 last)
{
    Lens lens = lens_make(item->account, item->now, first, last, 0);
    Counters sum = {0};

    add_below(item, &lens, &sum);
    return sum.n[SPEND];
}
