/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * batch.h - asks for the details of accounts in batches, and finds out which of them spoil one.
 *
 *     batch --refused--> those whom the text names, alone, and the rest; else two halves --> …
 *       |                                                one account alone, refused --> remembered
 *       `--answered without some--> these, together, once more --> remembered
 *
 * The text only says where to cut: what is remembered was refused alone. As long as nothing was
 * answered and all refusals read the same, one call at a time is made: a token that may make none
 * of these calls is refused at most 20 times (four batches at once, seven halves and two alone,
 * then seven and one far from them), and the list fails. It fails as well after 64 refusals and no
 * answer; what was refused alone until then is remembered, so that the next time gets further.
 * Otherwise n accounts of which f are refused take at most n/100 + 2 f log2(100) calls; where the
 * text names them n/100 + 2 f.
 *
 * It knows ids and answers, neither calls nor the store.
 */
#include "api/client.h"

typedef struct Batches Batches;

/* id is borrowed. error: why the service refuses it, or that it says nothing of it. */
typedef void (*BatchRefusedFunc)(void *user_data, const char *id, const GError *error);

/* ids: borrowed, of whom; the last n_due of them were refused before, and are asked alone: a few,
   and when one of these is answered all. allowed: the token may make these calls, it did. */
Batches *batches_new(char **ids, gsize n_due, gboolean allowed, BatchRefusedFunc refused,
                     void *user_data);
void batches_free(Batches *batches); /* NULL is fine */

/* TRUE: one account can cause this error to all that are asked for with it. */
gboolean batches_are_about(const GError *error);

/* Begins again. How many batches may be asked for by now. */
guint batches_begin(Batches *batches);
/* The query of the next one, a new string; page: what it will be called. */
char *batches_query(Batches *batches, guint page);
/* One of answer and error is set. ret_pages: how many may have been asked for from now on, these
   included. FALSE: the error is not about some of the accounts. */
gboolean batches_settle(Batches *batches, guint page, const Answer *answer, const GError *error,
                        guint *ret_pages);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Batches, batches_free)
