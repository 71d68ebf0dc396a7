/* SPDX-License-Identifier: MIT */
#pragma once

/* answer.h - the endpoints, the order of checks, and the envelope. Knows no HTTP. */
#include "args.h"
#include "fault.h"
#include "throttle.h"

typedef struct {
    World *world;
    Memo *memo;
    Throttle *throttle;
    const char *token;
    const char *app_id;
    const char *secret;
} Service;

typedef struct {
    const char *method;
    const char *path;  /* without prefix, ends in '/' */
    const char *token; /* of the header; NULL when there was none */
    GHashTable *query;
    const char *body_text;
    cJSON *body; /* parsed by answer_call() when body_text is an object; owned by the caller */
    guint faults;
} Request;

typedef struct {
    guint status; /* of HTTP */
    int code;
    GString *body;
    char *log_id;
    gboolean throttled;
    gboolean done; /* carried out */
} Reply;

void answer_call(const Service *service, Request *request, Reply *reply);
