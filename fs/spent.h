/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * spent.h - a budget that the service refuses to lower: it can not be less than 105 % of what was
 * spent of it, today of a daily one, ever of a lifetime one. What is said then names the rule, the
 * report to look at and, where the rows of such a report are here, the least that would do. It
 * makes no call.
 */
#include "fs/request.h"

/* The reply to a change that was refused: as reply_error(), with more to say where that is the
   reason. request->line is what was written. */
Outcome spent_reply(Request *request, const GError *error);

void spent_free(Spent *spent); /* NULL is fine; rows that are still being read come to nothing */

/* 105 % of it, in the decimals of the currency, never too little. */
gint64 spent_least(gint64 spent_micros, guint decimals);
