/* SPDX-License-Identifier: MIT */
#pragma once

/* author.h - who writes, for the journal. */
#include "fs/request.h"

/* Of the process that made the request. path: new, below the mount point; taken, may be NULL. */
Author author_of(const Request *request, char *path);
/* Where a change shows, a new string: what is planned for midnight shows beside its file. Takes
   path, of the file that was written. */
char *author_path(char *path, const char *member);
void author_clear(Author *author);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Author, author_clear)
