/* SPDX-License-Identifier: MIT */
/* options-help.c - the text of --help, generated from the table: an option can not be forgotten. */
#include <string.h>

#include "fs/command/command.h"
#include "fs/options-table.h"

static const char head[] =
    "usage: adsfs PROFILE MOUNTPOINT [-o OPTION[=VALUE],...] [-f] [-d]\n"
    "       adsfs COMMAND ...\n"
    "       adsfs --help | --version\n"
    "\n"
    "Mounts TikTok ad accounts as a file system: read values and reports with cat, change values\n"
    "with echo. The profile sandbox is built in and needs no account. fusermount3 -u MOUNTPOINT\n"
    "ends a mount.\n"
    "\n"
    "  -f, --foreground   stay in the foreground, messages on stderr\n"
    "  -d, --debug        the same, and say more\n"
    "  -h, --help         this text\n"
    "  -V, --version      the version\n"
    "\n"
    "commands:\n";

static const char middle[] = "\n"
                             "options, also as keys of a profile (default in brackets):\n";

static const char tail[] =
    "  rw                       takes back an earlier ro\n"
    "The usual words of fstab are accepted (defaults, nodev, nofail, _netdev, x-...). A comma in "
    "a\n"
    "value is written \\,\n"
    "\n"
    "files:\n"
    "  ~/.config/adsfs/config.ini         profiles; $ADSFS_CONFIG names another file\n"
    "  ~/.local/state/adsfs/PROFILE/      what must last\n"
    "  ~/.cache/adsfs/PROFILE/            what can be fetched again\n"
    "  $XDG_CONFIG_HOME, $XDG_STATE_HOME and $XDG_CACHE_HOME move them.\n"
    "\n"
    "a profile; adsfs login makes one, and asks for what it needs:\n"
    "  [profile agency]\n"
    "  app_id = 7300000000000000000\n"
    "  # secret and token are kept with the state, or in these files (chmod 600);\n"
    "  # $ADSFS_ACCESS_TOKEN in the environment goes before a token file\n"
    "  secret_file = agency.secret\n"
    "  token_file = agency.token\n"
    "  # these accounts alone\n"
    "  advertisers = 7012345678901234567\n"
    "  # a set of metrics, for reports such as campaign-day@mine.csv\n"
    "  @mine = spend, clicks, reach\n"
    "  # without this nothing can be changed\n"
    "  writable = true\n"
    "  # and these say how much at once\n"
    "  max_budget = USD:1000 JPY:100000\n"
    "  max_changes_per_hour = 500\n"
    "  The browser comes back to http://localhost:PORT/, which login_port pins, or to\n"
    "  redirect_uri. auth = login-kit is the login of TikTok for Developers, with scope,\n"
    "  disable_auto_auth, and grant = client_credentials for the app's own token.\n"
    "  business_url, open_url and portal_url are other addresses of the service.\n"
    "\n"
    "examples:\n"
    "  adsfs sandbox ~/ads\n"
    "  adsfs login agency\n"
    "  adsfs agency ~/ads -o ro,ttl=60\n"
    "  mount -t fuse.adsfs agency /mnt/ads -o allow_other,umask=027\n";

static const char *const placeholders[N_OPTION_KINDS] = {
    [OPTION_FLAG] = NULL,         [OPTION_SECONDS] = "SECONDS", [OPTION_COUNT] = "N",
    [OPTION_PERCENT] = "PERCENT", [OPTION_TEXT] = "TEXT",       [OPTION_PATH] = "FILE",
    [OPTION_MODE] = "OCTAL",      [OPTION_UID] = "USER",        [OPTION_GID] = "GROUP",
    [OPTION_WORD] = "WORD",       [OPTION_AMOUNTS] = "AMOUNTS",
};

static void append_command(GString *out, const CommandRow *row)
{
    g_autofree char *left = g_strdup_printf("adsfs %s %s", row->name, row->operands);

    if (row->run != NULL)
        g_string_append_printf(out, "  %-41s %s\n", left, row->help);
}

static char *left_column(const OptionRow *row)
{
    g_autofree char *words = NULL;

    if (placeholders[row->kind] == NULL)
        return g_strdup(row->name);
    if (row->kind == OPTION_WORD)
        words = g_strjoinv("|", (char **)row->words);
    return g_strconcat(row->name, "=", words != NULL ? words : placeholders[row->kind], NULL);
}

static void append_row(GString *out, const OptionRow *row)
{
    const char *real = option_default(row, FALSE);
    const char *sandbox = option_default(row, TRUE);
    g_autofree char *left = left_column(row);

    /* A long left side gets a line of its own. */
    if (strlen(left) > 24)
        g_string_append_printf(out, "  %s\n  %24s %s", left, "", row->help);
    else
        g_string_append_printf(out, "  %-24s %s", left, row->help);
    if (real != NULL && g_strcmp0(real, sandbox) != 0)
        g_string_append_printf(out, " [%s, sandbox %s]", real, sandbox != NULL ? sandbox : "none");
    else if (real != NULL)
        g_string_append_printf(out, " [%s]", real);
    g_string_append_c(out, '\n');
}

char *options_help(void)
{
    GString *out = g_string_new(head);

    for (gsize i = 0; i < n_command_rows; i++)
        append_command(out, &command_rows[i]);
    g_string_append(out, middle);
    for (gsize i = 0; i < n_option_rows; i++)
        append_row(out, &option_rows[i]);
    g_string_append(out, tail);
    return g_string_free(out, FALSE);
}
