/* SPDX-License-Identifier: MIT */
/*
 * secret-block.c - an allocator that wipes. Each block has its size in front of it, which is what
 * free() does not tell.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/secret.h"

typedef struct {
    _Alignas(max_align_t) size_t size;
} Head;

void *secret_block_new(size_t size)
{
    Head *head = size <= SIZE_MAX - sizeof(Head) ? malloc(sizeof(Head) + size) : NULL;

    if (head == NULL)
        return NULL;
    head->size = size;
    return head + 1;
}

void secret_block_free(void *block)
{
    if (block == NULL)
        return;

    Head *head = (Head *)block - 1;
    explicit_bzero(block, head->size);
    free(head);
}

void *secret_block_new0(size_t n, size_t size)
{
    void *block = size == 0 || n <= SIZE_MAX / size ? secret_block_new(n * size) : NULL;

    return block != NULL ? memset(block, 0, n * size) : NULL;
}

/* Always moves: realloc() would leave the old bytes where they were. */
void *secret_block_resize(void *block, size_t size)
{
    void *resized = secret_block_new(size);

    if (resized == NULL || block == NULL)
        return resized;
    memcpy(resized, block, MIN(size, ((Head *)block - 1)->size));
    secret_block_free(block);
    return resized;
}

char *secret_block_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = secret_block_new(size);

    return copy != NULL ? memcpy(copy, text, size) : NULL;
}
