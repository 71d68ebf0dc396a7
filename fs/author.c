/* SPDX-License-Identifier: MIT */
/* author.c - who made a request. */
#include "fs/author.h"

#include <string.h>

/* As the kernel calls it, 15 bytes at most. NULL: it is not to be seen, or gone. */
static char *command_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/comm", (int)pid);
    g_autofree char *comm = NULL;

    if (pid <= 0 || !g_file_get_contents(path, &comm, NULL, NULL))
        return NULL;
    return g_utf8_make_valid(g_strchomp(comm), -1);
}

Author author_of(const Request *request, char *path)
{
    const struct fuse_ctx *context = fuse_req_ctx(request->fuse);

    return (Author){.uid = context->uid,
                    .pid = context->pid,
                    .command = command_of(context->pid),
                    .path = path};
}

char *author_path(char *path, const char *member)
{
    g_autofree char *file = path;

    if (strcmp(member, "scheduled_budget") == 0)
        return g_strconcat(file, "_next", NULL);
    return g_steal_pointer(&file);
}

void author_clear(Author *author)
{
    g_free((char *)author->command);
    g_free((char *)author->path);
    *author = (Author){0};
}
