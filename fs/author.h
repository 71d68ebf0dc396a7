/* SPDX-License-Identifier: MIT */
#pragma once

/* author.h - who writes, for the journal. */
#include "fs/request.h"

/* Of the process that made the request. path: new, below the mount point; taken, may be NULL. */
Author author_of(const Request *request, char *path);
void author_clear(Author *author);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Author, author_clear)
