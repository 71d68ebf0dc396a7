/* SPDX-License-Identifier: MIT */
#pragma once

/* codes.h - what the codes of the envelope mean: a kind of error, whether to ask again, advice. */
#include "api/error.h"

typedef enum {
    CODE_FINAL, /* asking again gives the same answer; surely not executed */
    CODE_RETRY, /* may go away; a write may have been executed */
    CODE_RATE,  /* too many requests: surely not executed, may be sent again later */
} CodeAction;

typedef struct {
    int code;
    ApiErrorKind kind;
    CodeAction action;
    gboolean pause;      /* the limit is the app's: everything waits, not this call alone */
    const char *meaning; /* of the code, for people: no capital, no full stop */
    const char *advice;  /* NULL: the advice of the kind */
} ApiCode;

/* Never NULL: codes without a row of their own have one for their range. */
const ApiCode *code_find(int code);

/* The table, ascending. */
const ApiCode *code_table(gsize *ret_n);
