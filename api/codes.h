/* SPDX-License-Identifier: MIT */
#pragma once

/* codes.h - what the codes of the envelope mean: a kind of error, whether to ask again, advice. */
#include "api/error.h"

typedef enum {
    CODE_FINAL, /* asking again gives the same answer; surely not executed */
    CODE_RETRY, /* may go away; a write may have been executed */
    CODE_RATE,  /* too many requests: surely not executed, may be sent again later */
} CodeAction;

/* What is refused with a call for its rate, and must wait for a while. */
typedef enum {
    PAUSE_NONE,
    PAUSE_VALUE, /* of a field: this call only */
    PAUSE_ADVERTISER,
    PAUSE_ENDPOINT,
    PAUSE_APP,
    PAUSE_EVERYTHING, /* whatever stands before the service says it, for everybody */
} PauseScope;

typedef struct {
    int code;
    ApiErrorKind kind;
    CodeAction action;
    const char *meaning; /* of the code, for people: no capital, no full stop */
    const char *advice;  /* NULL: the advice of the kind */
    PauseScope pause;    /* of CODE_RATE only */
} ApiCode;

/* Never NULL: codes without a row of their own have one for their range. */
const ApiCode *code_find(int code);

/* The table, ascending. */
const ApiCode *code_table(gsize *ret_n);
