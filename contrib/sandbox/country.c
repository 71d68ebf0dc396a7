/* SPDX-License-Identifier: MIT */
/* country.c - the table, sorted by code. */
#include "country.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const char *code;
    const char *name;
} Country;

/* clang-format off */
static const Country countries[] = {
    {"AE", "United Arab Emirates"},
    {"AR", "Argentina"},
    {"AT", "Austria"},
    {"AU", "Australia"},
    {"AZ", "Azerbaijan"},
    {"BD", "Bangladesh"},
    {"BE", "Belgium"},
    {"BG", "Bulgaria"},
    {"BH", "Bahrain"},
    {"BO", "Bolivia"},
    {"BR", "Brazil"},
    {"BY", "Belarus"},
    {"CA", "Canada"},
    {"CH", "Switzerland"},
    {"CL", "Chile"},
    {"CN", "China"},
    {"CO", "Colombia"},
    {"CR", "Costa Rica"},
    {"CY", "Cyprus"},
    {"CZ", "Czech Republic"},
    {"DE", "Germany"},
    {"DK", "Denmark"},
    {"DO", "Dominican Republic"},
    {"DZ", "Algeria"},
    {"EC", "Ecuador"},
    {"EE", "Estonia"},
    {"EG", "Egypt"},
    {"ES", "Spain"},
    {"FI", "Finland"},
    {"FR", "France"},
    {"GB", "United Kingdom"},
    {"GR", "Greece"},
    {"GT", "Guatemala"},
    {"HK", "Hong Kong"},
    {"HN", "Honduras"},
    {"HR", "Croatia"},
    {"HU", "Hungary"},
    {"ID", "Indonesia"},
    {"IE", "Ireland"},
    {"IL", "Israel"},
    {"IN", "India"},
    {"IQ", "Iraq"},
    {"IS", "Iceland"},
    {"IT", "Italy"},
    {"JO", "Jordan"},
    {"JP", "Japan"},
    {"KE", "Kenya"},
    {"KH", "Cambodia"},
    {"KR", "South Korea"},
    {"KW", "Kuwait"},
    {"KZ", "Kazakhstan"},
    {"LB", "Lebanon"},
    {"LT", "Lithuania"},
    {"LU", "Luxembourg"},
    {"LV", "Latvia"},
    {"MA", "Morocco"},
    {"MO", "Macau"},
    {"MT", "Malta"},
    {"MX", "Mexico"},
    {"MY", "Malaysia"},
    {"NG", "Nigeria"},
    {"NL", "Netherlands"},
    {"NO", "Norway"},
    {"NZ", "New Zealand"},
    {"OM", "Oman"},
    {"PA", "Panama"},
    {"PE", "Peru"},
    {"PH", "Philippines"},
    {"PK", "Pakistan"},
    {"PL", "Poland"},
    {"PR", "Puerto Rico"},
    {"PT", "Portugal"},
    {"PY", "Paraguay"},
    {"QA", "Qatar"},
    {"RO", "Romania"},
    {"RS", "Serbia"},
    {"SA", "Saudi Arabia"},
    {"SE", "Sweden"},
    {"SG", "Singapore"},
    {"SI", "Slovenia"},
    {"SK", "Slovakia"},
    {"TH", "Thailand"},
    {"TR", "Turkey"},
    {"TW", "Taiwan"},
    {"UA", "Ukraine"},
    {"US", "United States"},
    {"UY", "Uruguay"},
    {"UZ", "Uzbekistan"},
    {"VE", "Venezuela"},
    {"VN", "Vietnam"},
    {"ZA", "South Africa"},
};
/* clang-format on */

const gsize n_countries = G_N_ELEMENTS(countries);

static int by_code(const void *code, const void *country)
{
    return strcmp(code, ((const Country *)country)->code);
}

const char *country_of(const char *code)
{
    const Country *country =
        bsearch(code, countries, G_N_ELEMENTS(countries), sizeof *countries, by_code);

    return country != NULL ? country->name : code;
}
