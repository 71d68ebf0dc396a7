/* SPDX-License-Identifier: MIT */
#pragma once

/* country.h - reports on order name the countries that pages have the codes of. */

const char *country_of(const char *code); /* what has no name stays as it is */
