/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * journal-read.h - the journal, for those who read it: what other mounts of the profile have
 * written as well.
 */
#include "cache/cache.h"

/* ---- entry by entry ---- */

/* Texts are NULL where there is none; all are borrowed for the call. */
typedef struct {
    gint64 id, meant_us, settled_us; /* wall; settled_us 0: not yet */
    gint64 uid, pid;
    const char *command, *path, *member;
    const char *before, *after, *found;
    const char *outcome; /* as journal_word() has it */
    const char *message;
} JournalEntry;

typedef void (*JournalEntryFunc)(void *user_data, const JournalEntry *entry);

/* The newest ones of those meant since then, in the order they were meant in. Without a mount, and
   beside one. newest: 0: all. FALSE and error: the file can not be read; API_ERROR_NOT_FOUND: there
   is none. */
gboolean journal_read(const char *state_dir, gint64 since_us, guint newest, JournalEntryFunc each,
                      void *user_data, GError **error);

/* ---- .adsfs/journal: one JSON object a line, in the order of their numbers ---- */

/* CACHE_HIT: the text is as the journal was no earlier than the waiter began. */
CacheResult cache_want_journal(Cache *cache, const Waiter *waiter, GError **error);
int cache_open_journal(const Cache *cache); /* a descriptor of the caller's; -1: errno says why */
gint64 cache_journal_size(const Cache *cache); /* of the newest text */
gint64
cache_journal_time_us(const Cache *cache); /* wall: when it changed last, as far as we know */

/* ---- for cache.c ---- */

typedef struct JournalText JournalText;

/* Texts are files without a name in cache_dir. */
JournalText *journal_text_new(Cache *cache, const char *state_dir, const char *cache_dir);
void journal_text_free(JournalText *text); /* NULL is fine */
