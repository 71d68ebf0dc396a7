/* SPDX-License-Identifier: MIT */
/* invariants.c - the table of invariants.h as rows. */
#include "cache/invariants.h"

#define NEVER G_MININT64

static const char *const words[N_LIVES] = {
    [LIFE_EMPTY] = "empty", [LIFE_FETCHING] = "fetching", [LIFE_FRESH] = "fresh",
    [LIFE_AGED] = "aged",   [LIFE_FAILED] = "failed",     [LIFE_OLD] = "old",
};

const char *life_word(Life life)
{
    g_assert(life < N_LIVES);
    return words[life];
}

Life life_of(const LifeView *view)
{
    if (view->flying)
        return LIFE_FETCHING;
    if (view->failed)
        return view->known && view->unreachable ? LIFE_OLD : LIFE_FAILED;
    if (view->since_us == NEVER)
        return LIFE_EMPTY;
    return !view->lacks && view->expires_us > view->now_us ? LIFE_FRESH : LIFE_AGED;
}

/* ---- the conditions ---- */

static gboolean is_in_the_air(const LifeView *view)
{
    return view->n_flights == 1;
}

static gboolean is_on_the_ground(const LifeView *view)
{
    return view->n_flights == 0;
}

static gboolean has_no_waiters(const LifeView *view)
{
    return !view->waits && view->n_waiters == 0;
}

static gboolean has_each_waiter_once(const LifeView *view)
{
    return view->n_twice == 0;
}

static gboolean is_known(const LifeView *view)
{
    return view->known;
}

static gboolean is_never_settled(const LifeView *view)
{
    return view->settled_us == NEVER;
}

static gboolean is_settled(const LifeView *view)
{
    return view->settled_us >= view->since_us;
}

static gboolean is_as_before(const LifeView *view)
{
    return view->since_us == NEVER || view->expiries == view->expiries_before;
}

/* ---- at all times ---- */

static gboolean is_of_the_past(const LifeView *view)
{
    return view->since_us <= view->now_us && view->settled_us <= view->now_us &&
           (!view->failed || view->failed_us <= view->now_us);
}

static gboolean counts_up(const LifeView *view)
{
    return view->expiries >= view->expiries_before;
}

#define ANY    ((1U << N_LIVES) - 1)
#define OF(x)  (1U << LIFE_##x)
#define GROUND (ANY & ~OF(FETCHING))

typedef struct {
    guint lives; /* in which of them it holds */
    gboolean (*holds)(const LifeView *view);
    const char *text;
} Invariant;

/* clang-format off */
static const Invariant invariants[] = {
    {OF(FETCHING),          is_in_the_air,        "it is once in the list of what flies"},
    {OF(FETCHING),          has_each_waiter_once, "nobody waits twice"},
    {GROUND,                is_on_the_ground,     "it is not in the list of what flies"},
    {GROUND,                has_no_waiters,       "nobody waits for what is not fetched"},
    {OF(FRESH) | OF(AGED),  is_known,             "what was complete is known"},
    {OF(EMPTY),             is_never_settled,     "it did not settle for anybody"},
    {OF(FRESH),             is_settled,           "it settled no earlier than it is old"},
    {ANY,                   is_as_before,         "it was asked for after it expired last"},
    {ANY,                   is_of_the_past,       "no time of it is to come"},
    {ANY,                   counts_up,            "it expires only more often"},
};
/* clang-format on */

const char *life_broken(const LifeView *view)
{
    Life life = life_of(view);

    for (gsize i = 0; i < G_N_ELEMENTS(invariants); i++)
        if (invariants[i].lives & 1U << life && !invariants[i].holds(view))
            return invariants[i].text;
    return NULL;
}

void life_check(const LifeView *view, const char *what)
{
    const char *broken = life_broken(view);

    if (broken)
        g_critical("%s, %s: it does not hold that %s", what, life_word(life_of(view)), broken);
}

static guint count(const GPtrArray *all, guint end, const void *one)
{
    guint n = 0;

    for (guint i = 0; i < end; i++)
        n += all->pdata[i] == one;
    return n;
}

void life_count(LifeView *view, const GPtrArray *waiters, const GPtrArray *all, const void *one)
{
    view->n_flights = count(all, all->len, one);
    view->waits = waiters != NULL;
    view->n_waiters = waiters ? waiters->len : 0;
    if (view->n_waiters > 0) /* who came last: those before were looked at when they came */
        view->n_twice = count(waiters, waiters->len - 1, waiters->pdata[waiters->len - 1]);
}
