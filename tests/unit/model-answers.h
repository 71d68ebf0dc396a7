/* SPDX-License-Identifier: MIT */
#pragma once

/* model-answers.h - what the service answers, well or badly, and in which order. */
#include "tests/unit/model-calls.h"

/* ---- answers: lists ---- */

static inline Fault choose_fault(Model *model, const ModelCall *call)
{
    gboolean counted = call->watch && call->watch->kind != LISTING_ADVERTISERS;
    Fault fault;

    if (model->outage)
        return FAULT_UNREACHABLE;
    if (!model_chance(model, model->sick))
        return FAULT_NONE;
    fault = (Fault)model_any(model, N_FAULTS);
    if (call->watch && call->watch->kind == LISTING_INFO)
        return fault > FAULT_SHORT ? FAULT_REMOTE : fault;
    if (call->watch && call->watch->kind == LISTING_FUNDS)
        return fault > FAULT_DENIED ? FAULT_NONE : fault;
    /* Nothing proves that accounts are all, so none may be left out. */
    return !counted && fault > FAULT_STRANGE ? FAULT_NO_LIST : fault;
}

static inline GError *fault_error(Fault fault)
{
    switch ((int)fault) {
    case FAULT_UNREACHABLE:
        return api_error_new(API_ERROR_UNREACHABLE, 0, NULL, "unreachable");
    case FAULT_REMOTE:
        return api_error_new(API_ERROR_REMOTE, 50000, "r", "at fault (code 50000)");
    case FAULT_MALFORMED:
        return api_error_new(API_ERROR_MALFORMED, 0, "r", "an answer that can not be read");
    case FAULT_DENIED:
        return api_error_new(API_ERROR_DENIED, 40001, "r", "no permission (code 40001)");
    default:
        return NULL;
    }
}

/* The rows of the answer; NULL: the error is set. */
static inline GPtrArray *select_info(const World *world, const ModelCall *call, GError **error)
{
    GPtrArray *rows = g_ptr_array_new();
    GHashTableIter iter;
    Thing *thing;

    g_hash_table_iter_init(&iter, world->all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&thing)) {
        if (thing->kind != KIND_ADVERTISER || !strstr(call->query, thing->id))
            continue;
        if (thing->forbidden || !is_allowed(world, thing)) {
            *error = api_error_new(API_ERROR_DENIED, 40001, "r", "no permission for %s",
                                   world->moment % 2 ? thing->id : "one of them");
            g_ptr_array_unref(rows);
            return NULL;
        }
        g_ptr_array_add(rows, thing);
    }
    return rows;
}

static inline GPtrArray *select_rows(const World *world, const ModelCall *call, GError **error)
{
    const Watch *watch = call->watch;
    ObjectKind owner = watch->owner ? watch->owner->kind : KIND_NONE;

    if (watch->kind == LISTING_INFO)
        return select_info(world, call, error);
    if (owner == KIND_ADVERTISER && !is_allowed(world, watch->owner))
        *error = api_error_new(API_ERROR_DENIED, 40001, "r", "no permission");
    else if (owner == KIND_CENTER && !world_is_there(watch->owner))
        *error = api_error_new(API_ERROR_NOT_FOUND, 40007, "r", "no such center");
    else
        return world_list(world, listing_type(watch->kind)->members, watch->owner);
    return NULL;
}

static inline char *short_body(const Thing *account)
{
    return g_strdup_printf("{\"advertiser_id\":\"%s\",\"advertiser_name\":\"%s\"}", account->id,
                           account->name);
}

static inline void add_row(ModelCall *call, GString *list, Thing *thing)
{
    const Version *version = world_newest(thing);
    Shown shown = {thing, version->from};
    g_autofree char *body =
        call->watch->kind == LISTING_ADVERTISERS ? short_body(thing) : g_strdup(version->json);

    g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "", body);
    g_array_append_val(call->seen->rows, shown);
    call->answer.n_rows++;
}

static inline void add_rows(Model *model, ModelCall *call, GPtrArray *all, Fault fault,
                            GString *list)
{
    gboolean whole = fake_number(call->query, "page_size") == 0;
    guint size = whole ? MAX(all->len, 1) : model->page_rows;
    guint first = MIN((call->seen->number - 1) * size, all->len);
    guint last = MIN(first + size, all->len);

    for (guint i = first; i < last; i++)
        if (i < last - 1 || (fault != FAULT_SHORT && fault != FAULT_DOUBLE))
            add_row(call, list, all->pdata[i]);
    if (fault == FAULT_DOUBLE && last > first)
        add_row(call, list, all->pdata[first]);
    if (fault == FAULT_STRANGE) {
        g_string_append(list, list->len > 0 ? ",{\"x\":1}" : "{\"x\":1}");
        call->answer.n_rows++;
    }
    if (whole)
        return;
    call->answer.total_number = all->len;
    call->answer.total_page = (all->len + size - 1) / size;
    /* By much: if it lied by one, and one came or went, nobody could tell. */
    if (fault == FAULT_LIE)
        call->answer.total_number = model_chance(model, 50) ? 0 : all->len + 100;
}

static inline GBytes *list_body(const char *list, Fault fault)
{
    GString *body = g_string_new("{\"code\":0,\"data\":");

    g_string_append_printf(body, fault == FAULT_NO_LIST ? "{}}" : "{\"list\":[%s]}}", list);
    if (fault == FAULT_JUNK)
        g_string_truncate(body, body->len - 2);
    return g_string_free_to_bytes(body);
}

static inline GBytes *one_body(const char *one)
{
    char *body = g_strdup_printf("{\"code\":0,\"data\":%s}", one);

    return g_bytes_new_take(body, strlen(body));
}

static inline void answer_list(Model *model, ModelCall *call, Fault fault)
{
    g_autoptr(GString) list = g_string_new(NULL);
    g_autoptr(GPtrArray) all = NULL;
    PageSeen *seen = call->seen;

    call->error = fault_error(fault);
    if (!call->error)
        all = select_rows(&model->world, call, &call->error);
    if (!all)
        return;
    call->answer =
        (Answer){.request_id = "r", .page = seen->number, .total_page = -1, .total_number = -1};
    call->answer.has_list = fault != FAULT_NO_LIST;
    call->answer.truncated = fault == FAULT_CUT;
    if (fault != FAULT_NO_LIST)
        add_rows(model, call, all, fault, list);
    if (call->watch->kind == LISTING_FUNDS)
        call->answer.body = one_body(list->str);
    else
        call->answer.body = list_body(list->str, fault);
    seen->total = call->answer.total_number;
    seen->total_page = call->answer.total_page;
    seen->good = call->answer.has_list && fault != FAULT_CUT && fault != FAULT_JUNK &&
                 fault != FAULT_STRANGE;
}

/* ---- answers: commits ---- */

/* Those that a call is for. */
static inline GPtrArray *find_records(const Model *model, const ModelCall *call)
{
    GPtrArray *records = g_ptr_array_new();

    for (guint i = 0; i < model->commits->len; i++) {
        CommitRecord *record = model->commits->pdata[i];
        if (g_hash_table_contains(model->cache->commits, record->commit) &&
            record->commit->seat.batch == call->user_data)
            g_ptr_array_add(records, record);
    }
    return records;
}

static inline gboolean record_is(const CommitRecord *record, const Version *version)
{
    if (strcmp(record->member, "budget") == 0)
        return version->budget == record->budget;
    if (strcmp(record->member, "operation_status") == 0)
        return version->enabled == record->enabled;
    return strcmp(version->name, record->name) == 0;
}

static inline void apply(Model *model, CommitRecord *record)
{
    Thing *thing = record->thing;

    if (record->withdrawn)
        model_fail(model, "what was withdrawn was sent");
    if (strcmp(record->member, "budget") == 0)
        thing->budget = record->budget;
    else if (strcmp(record->member, "operation_status") == 0)
        thing->enabled = record->enabled;
    else
        thing->name = record->name;
    record->applied = world_touch(&model->world, thing);
}

static inline void answer_text(ModelCall *call, char *text)
{
    call->answer = (Answer){.request_id = "r", .page = 1, .total_page = -1, .total_number = -1};
    call->answer.has_list = strstr(text, "\"list\":[") != NULL;
    call->answer.body = g_bytes_new_take(text, strlen(text));
}

static inline void answer_read(Model *model, ModelCall *call, const GPtrArray *records)
{
    Fault fault = choose_fault(model, call);
    g_autoptr(GString) list = g_string_new(NULL);

    call->error = fault_error(fault);
    for (guint i = 0; !call->error && i < records->len; i++) {
        const Thing *thing = ((const CommitRecord *)records->pdata[i])->thing;
        if (!strstr(call->query, thing->id))
            model_fail(model, "%s is not asked for: %s", thing->id, call->query);
        if (world_is_there(thing))
            g_string_append_printf(list, "%s%s", list->len > 0 ? "," : "",
                                   world_newest(thing)->json);
    }
    if (call->error)
        return;
    if (fault == FAULT_NO_LIST)
        answer_text(call, g_strdup("{\"code\":0}"));
    else
        answer_text(call, g_strdup_printf("{\"code\":0,\"data\":{\"list\":[%s]}}", list->str));
}

static inline gboolean are_there(const GPtrArray *records)
{
    for (guint i = 0; i < records->len; i++)
        if (!world_is_there(((const CommitRecord *)records->pdata[i])->thing))
            return FALSE;
    return TRUE;
}

static inline void check_update(Model *model, const ModelCall *call, const GPtrArray *records)
{
    for (guint i = 0; i < records->len; i++) {
        const CommitRecord *record = records->pdata[i];
        if (!strstr(call->body, record->thing->id))
            model_fail(model, "an update of another object: %s", call->body);
    }
}

/* As updates of one object answer, or those of a status. */
static inline void answer_done(ModelCall *call, const GPtrArray *records, gboolean whole)
{
    const CommitRecord *record = records->pdata[0];

    if (whole && records->len == 1)
        answer_text(call,
                    g_strdup_printf("{\"code\":0,\"data\":%s}", world_newest(record->thing)->json));
    else
        answer_text(call, g_strdup("{\"code\":0,\"data\":{}}"));
}

/* Lost on the way there, or on the way back; refused; done in part, whichever it is. */
static inline void answer_update(Model *model, ModelCall *call, const GPtrArray *records)
{
    guint chance = model_any(model, model->sick > 0 || model->outage ? 10 : 4);

    check_update(model, call, records);
    if (!are_there(records) || chance == 4)
        call->error = api_error_new(API_ERROR_INVALID, 40002, "r", "refused");
    else if (chance == 5)
        call->error = api_error_new(API_ERROR_UNREACHABLE, 0, NULL, "unreachable");
    else if (chance == 6)
        call->error = api_error_new(API_ERROR_UNKNOWN, 0, NULL, "lost on the way");
    if (call->error)
        return;
    for (guint i = 0; chance != 7 && i < records->len; i++)
        apply(model, records->pdata[i]);
    if (chance == 9)
        call->error = api_error_new(API_ERROR_UNKNOWN, 0, NULL, "its answer is lost");
    else
        answer_done(call, records, chance == 0);
    call->answer.code = chance == 7 || chance == 8 ? 20001 : 0;
}

/* ---- answers: some, by their ids ---- */

static inline GPtrArray *find_asked(const Model *model, const ModelCall *call)
{
    GPtrArray *asked = g_ptr_array_new();
    GHashTableIter iter;
    Thing *thing;

    g_hash_table_iter_init(&iter, model->world.all);
    while (g_hash_table_iter_next(&iter, NULL, (void **)&thing))
        if (thing->owner == call_owner(model, call) && strstr(call->query, thing->id))
            g_ptr_array_add(asked, thing);
    return asked;
}

static inline void answer_some(Model *model, ModelCall *call)
{
    Fault fault = choose_fault(model, call);
    g_autoptr(GPtrArray) asked = find_asked(model, call);
    g_autoptr(GString) list = g_string_new(NULL);
    guint n = 0;

    call->error = fault_error(fault);
    if (!call->error && !is_allowed(&model->world, call_owner(model, call)))
        call->error = api_error_new(API_ERROR_DENIED, 40001, "r", "no permission");
    for (guint i = 0; !call->error && i < asked->len; i++) {
        Thing *thing = asked->pdata[i];
        if (world_is_there(thing))
            g_string_append_printf(list, "%s%s", n++ ? "," : "", world_newest(thing)->json);
    }
    if (call->error)
        return;
    answer_text(call, fault == FAULT_NO_LIST
                          ? g_strdup("{\"code\":0,\"data\":{}}")
                          : g_strdup_printf("{\"code\":0,\"data\":{\"list\":[%s]}}", list->str));
    call->answer.n_rows = call->answer.total_number = fault == FAULT_NO_LIST ? 0 : n;
    call->answer.total_page = 1;
    call->some = asked->len > 0 && fault != FAULT_NO_LIST ? g_ptr_array_ref(asked) : NULL;
    for (guint i = 0; call->some && i < asked->len; i++)
        if (world_is_there(asked->pdata[i]))
            g_ptr_array_remove_index(asked, i--);
}

static inline void answer_commits(Model *model, ModelCall *call)
{
    g_autoptr(GPtrArray) records = find_records(model, call);

    if (records->len == 0 && call->body)
        model_fail(model, "a call that is neither a list nor a commit");
    if (records->len == 0)
        answer_some(model, call);
    else if (call->deadline_us && model->mono >= call->deadline_us)
        call->error = api_error_new(API_ERROR_BUSY, 0, NULL, "its time has passed");
    else if (call->body)
        answer_update(model, call, records);
    else
        answer_read(model, call, records);
}

/* ---- answering ---- */

static inline void model_remove(Model *model, ModelCall *call)
{
    guint index;

    g_ptr_array_find(model->calls, call, &index);
    g_ptr_array_steal_index(model->calls, index);
}

/* Its turn has come. FALSE: there was nobody left, and it is gone. */
static inline gboolean take_turn(Model *model, ModelCall *call)
{
    char *text;

    if (!call->prepare)
        return TRUE;
    text = call->prepare(call->user_data, &call->deadline_us);
    call->prepare = NULL;
    if (!text) {
        model_remove(model, call);
        model_call_free(call);
    } else if (endpoint_find(call->endpoint)->post) {
        call->body = text;
    } else {
        call->query = text;
    }
    return text != NULL;
}

static inline gboolean model_serve(Model *model, ModelCall *call)
{
    Fault fault = FAULT_NONE;

    if (call->sent)
        return TRUE;
    if (!take_turn(model, call))
        return FALSE;
    call->sent = TRUE;
    model_tick(model);
    if (!call->watch) {
        answer_commits(model, call);
    } else {
        call->seen->served = model->world.moment;
        fault = choose_fault(model, call);
        answer_list(model, call, fault);
    }
    model_note(model,
               "  call %" G_GUINT64_FORMAT " is answered: fault %d, %s, %" G_GINT64_FORMAT
               " rows of %" G_GINT64_FORMAT,
               call->id, fault, call->error ? call->error->message : "well", call->answer.n_rows,
               call->answer.total_number);
    return TRUE;
}

/* Whatever it was asked for: what came of it may be younger than any page. */
static inline void note_some(Model *model, const ModelCall *call)
{
    g_autoptr(GPtrArray) asked = find_asked(model, call);

    for (guint i = 0; i < asked->len; i++)
        ((Thing *)asked->pdata[i])->commits = model->world.moment;
    for (guint i = 0; call->some && i < call->some->len; i++)
        ((Thing *)call->some->pdata[i])->absent_us = model->mono;
}

/* To a commit, or to a call for its id. */
static inline void note_answered(Model *model, const ModelCall *call)
{
    g_autoptr(GPtrArray) records = find_records(model, call);

    for (guint i = 0; i < records->len; i++)
        ((CommitRecord *)records->pdata[i])->thing->commits = model->world.moment;
    if (records->len == 0 && call->query)
        note_some(model, call);
}

static inline void model_deliver(Model *model, ModelCall *call)
{
    if (!model_serve(model, call))
        return;
    model_tick(model);
    model_remove(model, call);
    if (!call->watch)
        note_answered(model, call);
    if (call->seen) {
        Round *round = call->round;
        if (round->first_served == 0 || round->first_served > call->seen->served)
            round->first_served = call->seen->served;
        g_ptr_array_add(round->pages, g_steal_pointer(&call->seen));
    }
    model_note(model, "  call %" G_GUINT64_FORMAT " is delivered", call->id);
    call->done(call->user_data, call->error ? NULL : &call->answer, call->error);
    model_call_free(call);
}
