/* SPDX-License-Identifier: MIT */
#pragma once

/* country.h - reports on order name the countries that pages have the codes of. */

#include <glib.h>

extern const gsize n_countries;

const char *country_of(const char *code); /* what has no name stays as it is */
