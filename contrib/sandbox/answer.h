/* SPDX-License-Identifier: MIT */
#pragma once

/* answer.h - the endpoints, the order of checks, and the envelope. Knows no HTTP. */
#include "args.h"
#include "fault.h"
#include "task.h"
#include "throttle.h"

typedef struct {
    World *world;
    Memo *memo;
    Throttle *throttle;
    Tokens *tokens;
    guint token_life_s; /* 0: they stay */
    const char *app_id;
    const char *secret;
    Tasks *tasks;
} Service;

typedef struct {
    const char *method;
    const char *path;  /* without prefix, ends in '/' */
    const char *type;  /* of the body; NULL when the header does not say */
    const char *token; /* of the header; NULL when there was none */
    const char *host;  /* the same */
    GHashTable *query;
    const char *body_text;
    cJSON *body; /* parsed by answer_call() when body_text is an object; owned by the caller */
    guint64 faults;
} Request;

typedef struct {
    guint status; /* of HTTP */
    int code;
    GString *body;
    FilePart part; /* instead of the body */
    char *log_id;
    const char *type; /* of the body; NULL: JSON */
    char *location;   /* NULL: none */
    gboolean throttled;
    gboolean done;    /* carried out */
    GString *effects; /* see Answer; NULL: no call */
} Reply;

/* Sets log_id: 14 digits, the time in UTC+8, and 20 of random hexadecimal. */
void answer_begin(Reply *reply);
void answer_call(const Service *service, Request *request, Reply *reply);
