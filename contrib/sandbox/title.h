/* SPDX-License-Identifier: MIT */
#pragma once

/* title.h - what the head of a CSV calls a dimension or a metric, unless names are asked for. */

const char *title_of(const char *name);
