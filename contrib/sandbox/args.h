/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * args.h - one call: its parameters, checked as they are read, and the answer that is being made.
 * A refusal is a GError whose code is the envelope's and whose text is its message.
 */
#include <cjson/cJSON.h>
#include <gio/gio.h>

#include "memo.h"
#include "text.h"
#include "token.h"
#include "world.h"

typedef struct Call Call;
typedef struct Answer Answer;
typedef struct Tasks Tasks;

typedef struct {
    const char *method;
    const char *path; /* without /open_api/v1.3 */
    gboolean (*run)(const Call *call, Answer *answer, GError **error);
    Kind kind;
    gboolean wants_account; /* advertiser_id is required */
    gboolean no_token;      /* goes without Access-Token */
} Endpoint;

struct Call {
    World *world;
    Memo *memo;
    const Endpoint *endpoint;
    GHashTable *query;      /* of a GET; names and values decoded */
    const cJSON *body;      /* of a POST: an object */
    const Account *account; /* NULL when the endpoint wants none */
    Tokens *tokens;
    Tasks *tasks;
    const char *token; /* of the header; NULL when the endpoint wants none */
    const char *host;  /* and port, as the caller knows us */
    const char *app_id;
    const char *secret;
    guint64 faults; /* bits of fault.h */
    gint64 now;     /* unix seconds of what a report shows; 0: those of the clock */
};

/* Bytes of a file that is not written to there. */
typedef struct {
    int fd;
    gint64 offset;
    gint64 length;  /* 0: there is none */
    guint64 faults; /* how it ends before its end */
} FilePart;

/* {"list":list,rest} or {rest}, or CSV. */
struct Answer {
    GString *list; /* "[…]", or empty for none */
    GString *rest; /* members without braces */
    gboolean throttled;
    gboolean partly;  /* 20001 */
    FilePart part;    /* of CSV, the whole body */
    GString *effects; /* of a write, for the log: JSON objects with commas between them */
};

enum {
    CODE_PARTLY = 20001,
    CODE_PERMISSION = 40001,
    CODE_PARAMETER = 40002,
    CODE_NOT_FOUND = 40007,
    CODE_NOT_THERE = 40008,
    CODE_NOT_IN_SANDBOX = 40009,
    CODE_TOO_MANY_IDS = 40011,
    CODE_NOTHING = 40012,
    CODE_ENDPOINT_TOO_OFTEN = 40016,
    CODE_TOO_OFTEN = 40100,
    CODE_AUTH = 40101,
    CODE_EXPIRED = 40102,
    CODE_REFRESH_EXPIRED = 40103,
    CODE_NO_TOKEN = 40104,
    CODE_BAD_TOKEN = 40105,
    CODE_BAD_REFRESH = 40107,
    CODE_BAD_CODE = 40110,
    CODE_NO_APP = 40113,
    CODE_ADVERTISER_TOO_OFTEN = 40133,
    CODE_TASK = 40200,
    CODE_TASK_NOT_READY = 40201,
    CODE_NO_ROUTE = 40400,
    CODE_SYSTEM = 50000,
};

#define SANDBOX_REFUSAL sandbox_refusal_quark()
GQuark sandbox_refusal_quark(void);
gboolean refuse(GError **error, int code, const char *format, ...) G_GNUC_PRINTF(3, 4); /* FALSE */

/* Parameters of a GET. Absent ones give NULL or `otherwise` and no error. */
const char *arg_text(const Call *call, const char *name);
gboolean arg_required(const Call *call, const char *name, const char **ret, GError **error);
gboolean arg_number(const Call *call, const char *name, gint64 max, gint64 *value, GError **error);
gboolean arg_json(const Call *call, const char *name, int type, cJSON **ret, GError **error);
gboolean arg_strings(const Call *call, const char *name, GPtrArray **ret, GError **error);

/* A JSON array of strings as a GPtrArray of copies. */
gboolean strings_of(const cJSON *array, const char *name, GPtrArray **ret, GError **error);
/* The same, of 1 to max ids: decimal digits. */
gboolean ids_of(const cJSON *array, const char *name, guint max, GPtrArray **ret, GError **error);

/* Appends the slice [from, to) of n for page and page_size, and page_info. */
typedef struct {
    gint64 page, size;
    gint64 from, to, total;
    guint64 faults;
} Page;
gboolean page_read(const Call *call, guint max_size, Page *page, GError **error);
void page_put(Page *page, gint64 total, GString *out); /* sets from, to, total too */
/* Which row comes at i of [from, to): i, unless rows are on the move. */
gint64 page_row(const Page *page, gint64 i);
