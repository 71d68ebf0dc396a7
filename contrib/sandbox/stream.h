/* SPDX-License-Identifier: MIT */
#pragma once

/* stream.h - a part of a file as the body of a reply: it is mapped, never read in. */
#include <libsoup/soup.h>

#include "args.h"

void stream_send(SoupServerMessage *message, const FilePart *part, const char *type);
