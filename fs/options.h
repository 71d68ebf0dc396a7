/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * options.h - the command line, the profile and the environment, as one checked struct.
 *
 * Every option is a row of one table: it exists as -o name=value, in the profile, and in --help
 * with its default. The command line wins over the profile, the profile over the default.
 */
#include <glib.h>
#include <sys/types.h>

#include "api/report.h"
#include "api/token.h"
#include "cache/commit.h"

typedef enum { DIR_CACHE_AUTO, DIR_CACHE_ON, DIR_CACHE_OFF } DirCache;

typedef struct {
    /* command line */
    char *profile, *mountpoint; /* mountpoint: absolute, symbolic links resolved */
    gboolean foreground, debug, help, version;
    gboolean sandbox; /* the built-in profile */

    /* profile only */
    char *app_id, *secret, *token; /* read from their files or the environment, checked */
    gboolean token_given;          /* by the environment: the token file does not count */
    char **scopes;                 /* of the token file; NULL: not known */
    char **advertisers;            /* NULL: ask oauth2/advertiser/get */
    GHashTable *metric_sets;       /* as metric_expand() takes them; NULL: there are none */
    gboolean advertisers_only;     /* they were named: these and no others */
    char *business_url, *open_url; /* without a final slash */
    char *token_path,
        *secret_path; /* where they are kept, whether or not they are; sandbox: NULL */

    /* profile only: logging in */
    Dialect auth;
    char *portal_url;            /* the page to open */
    char *redirect_uri;          /* NULL: http://localhost:PORT/ */
    guint login_port;            /* 0: a free one */
    char *scope;                 /* login-kit: comma list */
    gboolean disable_auto_auth;  /* login-kit: the page asks again */
    gboolean client_credentials; /* login-kit: the app's own token, no browser */

    guint qps, qpm, qpd; /* of the tier, or named; 0 = not limited */
    guint tier;          /* 0 basic .. 3 ultimate */

    /* options */
    guint ttl_s, stale_s, poll_s, report_ttl_s, settle_days, write_wait_s;
    Guards guards; /* the amounts are owned */
    gboolean writable, read_only, allow_other, xattr, offline, progress, allow_delete;
    DirCache dir_cache;
    ReportMode report_mode;
    guint async_pages;
    mode_t umask;
    uid_t uid;
    gid_t gid;
    char *sandbox_options; /* further words for adsfs-sandbox, with the profile sandbox only */
    char *sandbox_log;     /* --log of it */
    char *log_file;        /* where messages go; NULL: stderr with -f, else state_dir/adsfs.log */

    /* directories, made 0700 */
    char *cache_dir, *state_dir;
    gboolean cache_temporary; /* the cache alone goes with the mount; its disk is full */
    char *cache_notice;       /* that it is; NULL: it is not */
    char *pace_file;          /* shared by all mounts of the app; NULL in the sandbox */
    gboolean dirs_temporary;  /* profile sandbox: they go with the mount */
} Options;

/* argv as of main(). FALSE and error: one line that names the thing and what would be right.
   With --help or --version only that field is set. Wipes ADSFS_ACCESS_TOKEN from the environment.
 */
gboolean options_parse(int argc, char **argv, Options *ret, GError **error);
void options_clear(Options *options);

/* For the commands: the profile without a mount point, and with the defaults of the options. Token
   and secret may be missing; all else is checked. */
gboolean options_profile(const char *profile, Options *ret, GError **error);

/* The text of --help; new string. */
char *options_help(void);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)
