/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * fuzz.h - what a fuzz target has to bring: one function. driver.c makes inputs for it without
 * anything else; built with -Dfuzzer=true, which needs clang, libFuzzer does.
 *
 *     fuzz-attr [--iterations N] [--long] [--seed N] FILE…
 *
 * FILE: *.txt has a seed a line, see corpus.h; any other file is one seed. Each run makes the same
 * inputs. One that breaks a property ends the program, and is printed with the escapes of corpus.h.
 */
#include <glib.h>

/* text: size bytes of anything, and a NUL after them; memory of its own. Ends the program where a
   property does not hold. */
void fuzz_one(const char *text, gsize size);

/* How many inputs the parser took: if it takes none at all, nothing was tried. */
extern guint64 fuzz_taken;

/* What inputs are made of, beside single bytes: words that mean something to the parser. Ended by
   NULL. */
extern const char *const fuzz_words[];
