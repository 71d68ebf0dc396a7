/* SPDX-License-Identifier: MIT */
/*
 * events.c - what is told of a difference: whose it is, its line in the file, and what it touched.
 *
 * The lock guards what both threads use; the rest is the writer's.
 */
#include "cache/events.h"

#include <errno.h>
#include <string.h>

#include "api/error.h"
#include "cache/diff.h"
#include "cache/event-file.h"
#include "cache/intention.h"
#include "cache/store.h"

/* More of them are not told one by one: whoever is told looks at listings anyway. */
enum { TOUCHED_MOST = 10000, PENDING_MOST = 256 * 1024, UNSAVED_MOST = 1024 * 1024 };

typedef struct {
    ObjectKind kind;
    Touched touched;
} Arrival;

struct EventLog {
    EventFile *file; /* NULL: none is kept */
    const Clock *clock;
    char *(*line)(const Event *event);
    GString *pending; /* lines of this transaction */
    GString *unsaved; /* those before it that the disk did not take */
    GArray *touching; /* of Touched: in this transaction */
    GArray *arriving; /* of Arrival: in listings that are not whole yet */
    gboolean lost;    /* the disk does not take them; said once */

    Intentions *intentions;

    GMutex lock;
    GArray *touched; /* committed */
};

EventLog *event_log_new(const EventConfig *config, GError **error)
{
    g_autoptr(EventLog) log = g_new0(EventLog, 1);

    g_mutex_init(&log->lock);
    log->clock = config->clock;
    log->line = config->line;
    log->pending = g_string_new(NULL);
    log->unsaved = g_string_new(NULL);
    log->touching = g_array_new(FALSE, FALSE, sizeof(Touched));
    log->arriving = g_array_new(FALSE, FALSE, sizeof(Arrival));
    log->touched = g_array_new(FALSE, FALSE, sizeof(Touched));
    log->intentions = intentions_new(config->clock);
    if (!config->line)
        return g_steal_pointer(&log);
    log->file =
        event_file_new(config->directory, config->name, config->most_bytes, config->clock, error);
    return log->file ? g_steal_pointer(&log) : NULL;
}

void event_log_free(EventLog *log)
{
    if (!log)
        return;
    event_file_free(log->file);
    g_string_free(log->pending, TRUE);
    g_string_free(log->unsaved, TRUE);
    g_array_unref(log->touching);
    g_array_unref(log->arriving);
    g_array_unref(log->touched);
    intentions_free(log->intentions);
    g_mutex_clear(&log->lock);
    g_free(log);
}

/* ---- lines ---- */

/* One object that is told of. */
typedef struct {
    EventLog *log;
    const EventScope *scope;
    gint64 row;
    const char *id, *parent;
    char *name, *campaign;
    gboolean listed; /* something of it shows in a listing */
} Subject;

static char *pick_text(JsonSpan body, const char *member)
{
    const JsonField field = {member, 0};
    JsonSpan span = {NULL, 0};

    return json_pick(body, &field, 1, &span) && span.at ? json_span_text(span) : g_strdup("");
}

static void subject_init(Subject *subject, EventLog *log, const EventScope *scope, gint64 row,
                         JsonSpan body)
{
    const KindNames *names = kind_names(scope->kind);

    *subject = (Subject){.log = log, .scope = scope, .row = row};
    subject->name = pick_text(body, names->name);
    if (!*subject->name && scope->kind == KIND_ADVERTISER) {
        g_free(subject->name);
        subject->name = pick_text(body, "name");
    }
    subject->campaign =
        scope->kind > KIND_CAMPAIGN ? pick_text(body, kind_names(KIND_CAMPAIGN)->id) : NULL;
}

static void subject_clear(Subject *subject)
{
    g_free(subject->name);
    g_free(subject->campaign);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Subject, subject_clear)

static void add_line(EventLog *log, const Event *event)
{
    g_autofree char *line = log->file ? log->line(event) : NULL;

    if (line)
        g_string_append_printf(log->pending, "%s\n", line);
    if (log->pending->len > PENDING_MOST) /* told twice if this is rolled back, but no memory */
        event_log_flush(log);
}

void event_log_restated(EventLog *log, const Restated *restated)
{
    const Event event = {.at_us = clock_wall(log->clock),
                         .what = EVENT_RESTATED,
                         .kind = restated->kind,
                         .advertiser_id = restated->account_id,
                         .campaign_id = "",
                         .adgroup_id = "",
                         .id = restated->object_id,
                         .name = "",
                         .member = restated->report,
                         .range = restated->range,
                         .before = "",
                         .after = ""};

    add_line(log, &event);
}

static void add_event(const Subject *subject, EventWhat what, const char *member,
                      const char *before, const char *after, gboolean ours)
{
    EventLog *log = subject->log;
    ObjectKind kind = subject->scope->kind;
    const char *self = subject->id, *above = subject->campaign ? subject->campaign : "";
    Event event = {
        .at_us = clock_wall(log->clock),
        .what = what,
        .kind = kind,
        .advertiser_id = kind == KIND_ADVERTISER ? self : subject->scope->advertiser_id,
        .campaign_id = kind == KIND_CAMPAIGN ? self : above,
        .adgroup_id = kind == KIND_ADGROUP ? self
                      : kind == KIND_AD    ? subject->parent
                                           : "",
        .id = self,
        .name = subject->name,
        .member = member,
        .before = before,
        .after = after,
        .ours = ours,
    };

    add_line(log, &event);
}

static EventWhat what_of(ObjectKind kind, const char *member)
{
    const KindNames *names = kind_names(kind);
    gboolean account = kind == KIND_ADVERTISER;

    if (strcmp(member, names->name) == 0 || (account && strcmp(member, "name") == 0))
        return EVENT_RENAMED;
    if (names->parent_id && strcmp(member, names->parent_id) == 0)
        return EVENT_MOVED;
    if (strcmp(member, "operation_status") == 0 || strcmp(member, "secondary_status") == 0 ||
        (account && strcmp(member, "status") == 0))
        return EVENT_STATE;
    return EVENT_CHANGED;
}

static void tell_member(void *user_data, JsonSpan name, JsonSpan before, JsonSpan after)
{
    Subject *subject = user_data;
    g_autofree char *member = json_span_text(name);
    g_autofree char *old = g_strndup(before.at, before.length);
    g_autofree char *new = g_strndup(after.at, after.length);
    EventWhat what = what_of(subject->scope->kind, member);

    subject->listed |= what == EVENT_RENAMED || what == EVENT_MOVED;
    add_event(subject, what, member, old, new,
              intentions_match(subject->log->intentions, subject->row, member, after));
}

/* ---- what was touched ---- */

static gint64 find_parent(const EventScope *scope, const char *parent)
{
    gint64 row = 0;

    if (*parent)
        sql_number(scope->db, &row, NULL,
                   "SELECT row FROM object WHERE kind = ?1 AND advertiser = ?2 AND id = ?3", "iit",
                   (gint64)scope->kind - 1, scope->advertiser, parent);
    return row;
}

static Touched make_touched(const EventScope *scope, gint64 row, const char *parent,
                            gboolean listed)
{
    return (Touched){.row = row,
                     .advertiser = scope->advertiser,
                     .parent = listed ? find_parent(scope, parent) : 0,
                     .listed = listed};
}

static void touch(EventLog *log, const EventScope *scope, gint64 row, const char *parent,
                  gboolean listed)
{
    Touched touched;

    if (log->touching->len >= TOUCHED_MOST)
        return;
    touched = make_touched(scope, row, parent, listed);
    g_array_append_val(log->touching, touched);
}

static gboolean is_told_of(ObjectKind kind)
{
    return kind >= KIND_ADVERTISER && kind <= KIND_AD;
}

void event_log_changed(EventLog *log, const EventScope *scope, gint64 row, const Extract *object,
                       JsonSpan before)
{
    g_auto(Subject) subject = {0};
    g_autofree char *was_below = NULL;

    if (!is_told_of(scope->kind))
        return;
    subject_init(&subject, log, scope, row, object->body);
    subject.id = object->id->str;
    subject.parent = object->parent->str;
    diff_bodies(scope->kind, before, object->body, tell_member, &subject);
    touch(log, scope, row, subject.parent, subject.listed);
    if (!subject.listed || !kind_names(scope->kind)->parent_id)
        return;
    was_below = pick_text(before, kind_names(scope->kind)->parent_id);
    if (strcmp(was_below, subject.parent) != 0)
        touch(log, scope, row, was_below, TRUE);
}

void event_log_came(EventLog *log, const EventScope *scope, gint64 row, const Extract *object)
{
    g_auto(Subject) subject = {0};

    if (!is_told_of(scope->kind))
        return;
    subject_init(&subject, log, scope, row, object->body);
    subject.id = object->id->str;
    subject.parent = object->parent->str;
    add_event(&subject, EVENT_APPEARED, NULL, "", "", scope->ours);
    if (log->arriving->len >= TOUCHED_MOST)
        return;
    Arrival arrival = {scope->kind, make_touched(scope, row, subject.parent, TRUE)};
    g_array_append_val(log->arriving, arrival);
}

void event_log_whole(EventLog *log, const EventScope *scope)
{
    guint kept = 0;

    for (guint i = 0; i < log->arriving->len; i++) {
        Arrival arrival = g_array_index(log->arriving, Arrival, i);
        gboolean whole =
            arrival.kind == scope->kind && arrival.touched.advertiser == scope->advertiser;
        if (whole && log->touching->len < TOUCHED_MOST)
            g_array_append_val(log->touching, arrival.touched);
        if (!whole)
            g_array_index(log->arriving, Arrival, kept++) = arrival;
    }
    g_array_set_size(log->arriving, kept);
}

void event_log_gone(EventLog *log, const EventScope *scope, gint64 row, const char *id,
                    const char *parent, JsonSpan before)
{
    g_auto(Subject) subject = {0};

    if (!is_told_of(scope->kind))
        return;
    subject_init(&subject, log, scope, row, before);
    subject.id = id;
    subject.parent = parent;
    add_event(&subject, EVENT_VANISHED, NULL, "", "", FALSE);
    touch(log, scope, row, parent, TRUE);
}

/* ---- the end of a transaction ---- */

/* A disk that is full keeps nobody from reading: what was not written waits, and then is lost. */
static void save(EventLog *log)
{
    g_autoptr(GError) error = NULL;

    if (event_file_append(log->file, log->unsaved->str, log->unsaved->len, &error)) {
        g_string_truncate(log->unsaved, 0);
        log->lost = FALSE;
        return;
    }
    if (!log->lost)
        g_message("events: %s", error->message);
    log->lost = TRUE;
    if (log->unsaved->len > UNSAVED_MOST)
        g_string_truncate(log->unsaved, 0);
}

void event_log_flush(void *user_data)
{
    EventLog *log = user_data;

    g_string_append_len(log->unsaved, log->pending->str, (gssize)log->pending->len);
    g_string_truncate(log->pending, 0);
    if (log->unsaved->len > 0)
        save(log);
}

void event_log_settle(void *user_data, gboolean committed)
{
    EventLog *log = user_data;

    g_string_truncate(log->pending, 0);
    if (committed && log->touching->len > 0) {
        g_mutex_lock(&log->lock);
        g_array_append_vals(log->touched, log->touching->data, log->touching->len);
        g_mutex_unlock(&log->lock);
    }
    g_array_set_size(log->touching, 0);
    intentions_settle(log->intentions, committed);
}

/* ---- on the loop ---- */

void event_log_intend(EventLog *log, gint64 row, const char *member, const char *value)
{
    intentions_add(log->intentions, row, member, value);
}

void event_log_withdraw(EventLog *log, gint64 row, const char *member, const char *value)
{
    intentions_withdraw(log->intentions, row, member, value);
}

void event_log_hand_over(EventLog *log, void (*each)(void *user_data, const Touched *touched),
                         void *user_data)
{
    g_autoptr(GArray) touched = NULL;

    g_mutex_lock(&log->lock);
    if (log->touched->len > 0) {
        touched = g_steal_pointer(&log->touched);
        log->touched = g_array_new(FALSE, FALSE, sizeof(Touched));
    }
    g_mutex_unlock(&log->lock);
    for (guint i = 0; touched && each && i < touched->len; i++)
        each(user_data, &g_array_index(touched, Touched, i));
}

gint64 event_log_size(EventLog *log, gboolean old)
{
    return log->file ? event_file_size(log->file, old) : 0;
}

gint64 event_log_time_us(EventLog *log, gboolean old)
{
    return log->file ? event_file_time_us(log->file, old) : 0;
}

gssize event_log_read(EventLog *log, gboolean old, char *to, gsize size, gint64 offset)
{
    return log->file ? event_file_read(log->file, old, to, size, offset) : 0;
}
