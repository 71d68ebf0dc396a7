/* SPDX-License-Identifier: MIT */
#pragma once

/* author.h - who asks for something, as the journal has it. */
#include "fs/request.h"

typedef struct {
    Author author; /* borrows from what follows */
    char *command, *path;
} Writer;

/* place: the file that is written to; NULL: author.path is set later. */
void writer_init(Writer *writer, const Request *request, const Place *place);
void writer_clear(Writer *writer);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Writer, writer_clear)
