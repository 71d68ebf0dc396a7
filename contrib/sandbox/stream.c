/* SPDX-License-Identifier: MIT */
/* stream.c - see stream.h. */
#include "stream.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fault.h"
#include "spoil.h"

typedef struct {
    void *start;
    gsize length;
} Mapping;

static void mapping_free(void *data)
{
    Mapping *mapping = data;

    munmap(mapping->start, mapping->length);
    g_free(mapping);
}

/* NULL: there is no room for it. */
static GBytes *map_part(const FilePart *part)
{
    gint64 skip = part->offset % sysconf(_SC_PAGESIZE);
    Mapping mapping = {.length = (gsize)(part->length + skip)};

    mapping.start =
        mmap(NULL, mapping.length, PROT_READ, MAP_SHARED, part->fd, part->offset - skip);
    if (mapping.start == MAP_FAILED)
        return NULL;
    return g_bytes_new_with_free_func((const char *)mapping.start + skip, (gsize)part->length,
                                      mapping_free, g_memdup2(&mapping, sizeof mapping));
}

void stream_send(SoupServerMessage *message, const FilePart *part, const char *type)
{
    SoupMessageHeaders *headers = soup_server_message_get_response_headers(message);
    g_autoptr(GBytes) bytes = map_part(part);

    if (bytes == NULL) {
        spoil_set_body(message, 500, "text/plain", g_strerror(errno));
        return;
    }
    soup_server_message_set_status(message, 200, NULL);
    soup_message_headers_set_content_type(headers, type, NULL);
    soup_message_headers_set_content_length(headers, part->length);
    spoil_append(message, bytes, part->faults);
}
