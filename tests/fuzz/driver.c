/* SPDX-License-Identifier: MIT */
/*
 * driver.c - makes inputs out of seeds, the same ones in each run: bytes and words are put in,
 * taken out, doubled and exchanged, and two seeds are joined.
 */
#include "tests/fuzz/fuzz.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/corpus.h"

enum { INPUT_MAX = 16384, LONG_FACTOR = 100 };

guint64 fuzz_taken;

static char input[INPUT_MAX + 1];
static gsize input_size;
static guint64 state; /* of the random numbers */

/* ---- what the program says when it ends there ---- */

static void print_input(int number)
{
    static const char digits[] = "0123456789abcdef";

    for (gsize i = 0; i < input_size; i++) {
        guchar c = (guchar)input[i];
        char text[4] = {'\\', 'x', digits[c >> 4], digits[c & 15]};
        gboolean plain = c >= ' ' && c < 0x7f && c != '\\';

        if (write(STDERR_FILENO, plain ? (char *)&c : text, plain ? 1 : 4) < 0)
            break;
    }
    if (write(STDERR_FILENO, "\n", 1) < 0)
        _exit(2);
    signal(number, SIG_DFL);
    raise(number);
}

/* ---- random numbers: xorshift64* ---- */

static guint below(gsize n)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return n > 0 ? (guint)((state * G_GUINT64_CONSTANT(2685821657736338717) >> 32) % n) : 0;
}

/* ---- one input out of another ---- */

static void put_in(GString *text, const char *what, gssize length)
{
    g_string_insert_len(text, below(text->len + 1), what, length);
}

static void put_word(GString *text)
{
    guint n = 0;

    while (fuzz_words[n] != NULL)
        n++;
    if (n > 0)
        put_in(text, fuzz_words[below(n)], -1);
}

static void put_byte(GString *text)
{
    static const char likely[] = "0123456789.,!+-eE \t\n\r\"':;/\\\0\x7f\xc2\xa0\xff";
    char byte = below(2) ? likely[below(sizeof likely)] : (char)below(256);

    put_in(text, &byte, 1);
}

static void take_out(GString *text)
{
    guint from = below(text->len);

    if (text->len > 0)
        g_string_erase(text, from, 1 + below(MIN(text->len - from, 8)));
}

static void change_byte(GString *text)
{
    if (text->len > 0)
        text->str[below(text->len)] ^= (char)(1 << below(8));
}

static void double_part(GString *text)
{
    guint from = below(text->len);
    guint length = 1 + below(MIN(text->len - from, 32));
    g_autofree char *part = text->len > 0 ? g_memdup2(text->str + from, length) : NULL;

    for (guint i = below(4); part != NULL; i--) {
        put_in(text, part, length);
        if (i == 0)
            return;
    }
}

static void mutate(GString *text, const GPtrArray *seeds)
{
    static void (*const ways[])(GString *) = {put_word,    put_byte,    take_out,
                                              change_byte, double_part, put_byte};

    for (guint i = below(5); i > 0; i--)
        ways[below(G_N_ELEMENTS(ways))](text);
    if (below(16) == 0) {
        const GString *other = seeds->pdata[below(seeds->len)];

        put_in(text, other->str, other->len);
    }
}

static void run(const GString *text)
{
    g_autofree char *copy = NULL;

    input_size = MIN(text->len, INPUT_MAX);
    memcpy(input, text->str, input_size);
    copy = g_strndup("", input_size); /* so that ASan sees its end */
    memcpy(copy, input, input_size);
    fuzz_one(copy, input_size);
}

/* ---- the command line ---- */

static gboolean add_file(const char *path, GPtrArray *seeds)
{
    char *text;
    gsize length;

    if (g_str_has_suffix(path, ".txt"))
        return corpus_read(path, seeds);
    if (!g_file_get_contents(path, &text, &length, NULL))
        return FALSE;
    g_ptr_array_add(seeds, g_string_new_len(text, (gssize)length));
    g_free(text);
    return TRUE;
}

int main(int argc, char **argv)
{
    g_autoptr(GPtrArray) seeds = corpus_new();
    guint64 iterations = 200000;

    state = 1;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--long") == 0)
            iterations *= LONG_FACTOR;
        else if (strcmp(argv[i], "--iterations") == 0 && i + 1 < argc)
            iterations = g_ascii_strtoull(argv[++i], NULL, 10);
        else if (strcmp(argv[i], "--seed") == 0 && i + 1 < argc)
            state = g_ascii_strtoull(argv[++i], NULL, 10) * 2 + 1; /* 0 would stay 0 */
        else if (!add_file(argv[i], seeds))
            return fprintf(stderr, "%s: can not be read\n", argv[i]), 2;
    }
    if (seeds->len == 0)
        return fprintf(stderr, "no seeds\n"), 2;
    signal(SIGABRT, print_input);
    signal(SIGTRAP, print_input);
    signal(SIGSEGV, print_input);
    for (guint i = 0; i < seeds->len; i++)
        run(seeds->pdata[i]);
    for (guint64 i = 0; i < iterations; i++) {
        const GString *seed = seeds->pdata[below(seeds->len)];
        g_autoptr(GString) text = g_string_new_len(seed->str, (gssize)seed->len);

        mutate(text, seeds);
        run(text);
    }
    printf("%u seeds, %" G_GUINT64_FORMAT " more inputs, %" G_GUINT64_FORMAT " taken\n", seeds->len,
           iterations, fuzz_taken);
    return fuzz_taken > 0 ? 0 : 1;
}
