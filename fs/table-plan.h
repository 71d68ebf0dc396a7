/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * table-plan.h - a table that was written, read a slice at a time and compared with what holds:
 * what would have to be sent, or why none of it may be. Sends nothing.
 */
#include "fs/table-row.h"
#include "fs/tree.h"

typedef struct TablePlan TablePlan;

/* One value of one object that is to be changed. */
typedef struct {
    gint64 row;
    guint64 line;
    TableChange change;
} TableEdit;

enum { TABLE_PROBLEMS = 5 }; /* told of one table */

/* text: stays open as long as the plan. done: so many of its first lines were taken in before, and
   are nothing new. */
TablePlan *table_plan_new(Mount *mount, const Place *table, int text, guint64 done);
void table_plan_free(TablePlan *plan); /* NULL is fine */

gboolean table_plan_step(TablePlan *plan); /* TRUE: there is more to read */

/* After that; borrowed. Problems: of GError, those of the first lines that have any; there may be
   more. Edits: of TableEdit; void where there are problems. */
const GPtrArray *table_plan_problems(const TablePlan *plan);
GArray *table_plan_edits(TablePlan *plan);
guint64 table_plan_lines(const TablePlan *plan); /* that were read */
gint64 table_plan_bytes(const TablePlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TablePlan, table_plan_free)
