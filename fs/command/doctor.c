/* SPDX-License-Identifier: MIT */
/*
 * doctor.c - `adsfs doctor PROFILE [MOUNTPOINT]`: everything between a profile and a mount that can
 * be looked at beforehand. It goes on where the profile is broken, and without a network.
 */
#include "fs/command/doctor.h"

#include <signal.h>
#include <stdio.h>

#include "fs/command/command.h"
#include "fs/config.h"
#include "fs/locate.h"

/* clang-format off */
static const DoctorCheck checks[] = {
    {"config",      doctor_config,      FALSE},
    {"permissions", doctor_permissions, TRUE},
    {"fuse",        doctor_fuse,        FALSE},
    {"kernel",      doctor_kernel,      FALSE},
    {"allow_other", doctor_allow_other, FALSE},
    {"mount point", doctor_mountpoint,  FALSE},
    {"space",       doctor_space,       TRUE},
    {"time zones",  doctor_zones,       FALSE},
    {"pace",        doctor_pace,        TRUE},
    {"dns",         doctor_dns,         TRUE},
    {"tls",         doctor_tls,         TRUE},
    {"clock",       doctor_clock,       TRUE},
    {"token",       doctor_token,       TRUE},
    {"answer",      doctor_answer,      TRUE},
    {"scopes",      doctor_scopes,      TRUE},
};
/* clang-format on */

void doctor_say(Doctor *doctor, Verdict verdict, const char *name, const char *format, ...)
{
    static const char *const words[] = {
        [DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "FAIL", [DOCTOR_SKIP] = "skip"};
    g_autofree char *text = NULL;
    va_list args;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    for (char *c = text; *c != '\0'; c++)
        *c = g_ascii_iscntrl(*c) ? ' ' : *c;
    printf("%-4s  %-11s  %s\n", words[verdict], name, text);
    fflush(stdout); /* the next check may take its time */
    doctor->failed = doctor->failed || verdict == DOCTOR_FAIL;
}

static void doctor_clear(Doctor *doctor)
{
    g_free(doctor->config);
    g_clear_pointer(&doctor->keys, g_hash_table_unref);
    options_clear(&doctor->options);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Doctor, doctor_clear)

int doctor_main(int argc, char **argv)
{
    g_auto(Doctor) doctor = {0};

    if (argc < 2 || argc > 3 || argv[1][0] == '-')
        return command_usage(argv[0]);
    signal(SIGPIPE, SIG_IGN); /* TLS writes to sockets that are gone */
    doctor.profile = argv[1];
    doctor.mountpoint = argv[2];
    doctor.config = locate_config();
    for (gsize i = 0; i < G_N_ELEMENTS(checks); i++)
        if (!checks[i].for_account || !doctor.options.sandbox)
            checks[i].run(&doctor, checks[i].name);
    return doctor.failed ? 1 : 0;
}
