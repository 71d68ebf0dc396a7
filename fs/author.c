/* SPDX-License-Identifier: MIT */
/* author.c - the process behind a request. */
#include "fs/author.h"

/* What ps calls it; NULL: it has ended, or is out of our sight. */
static char *command_of(pid_t pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/comm", pid);
    char *name = NULL;

    return g_file_get_contents(path, &name, NULL, NULL) ? g_strchomp(name) : NULL;
}

void writer_init(Writer *writer, const Request *request, const Place *place)
{
    const struct fuse_ctx *caller = fuse_req_ctx(request->fuse);

    writer->command = command_of(caller->pid);
    writer->path = place != NULL ? tree_path(request->mount, place) : NULL;
    writer->author = (Author){
        .uid = caller->uid, .pid = caller->pid, .command = writer->command, .path = writer->path};
}

void writer_clear(Writer *writer)
{
    g_clear_pointer(&writer->command, g_free);
    g_clear_pointer(&writer->path, g_free);
}
