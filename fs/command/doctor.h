/* SPDX-License-Identifier: MIT */
#pragma once

/*
 * doctor.h - the checks of `adsfs doctor`. Each is a row of a table and says one line for each
 * thing that it looked at, with the remedy where one is needed. None stops the others, and none
 * waits for longer than DOCTOR_WAIT_S.
 */
#include "api/probe.h"
#include "fs/options.h"

enum { DOCTOR_WAIT_S = 10 };

typedef enum { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL, DOCTOR_SKIP } Verdict;

typedef struct {
    const char *profile, *mountpoint; /* mountpoint: as typed, NULL: none */
    char *config;                     /* path of the key file */
    GHashTable *keys;                 /* of the profile; NULL: there is no such profile */
    Options options;                  /* of a profile that can not be used: what is known of it */
    gboolean usable;
    gboolean answered; /* the service did, with this clock */
    Probe probe;
    gboolean lapsed; /* the access token has ended; a mount may renew it */
    gboolean failed;
} Doctor;

typedef struct {
    const char *name;
    void (*run)(Doctor *doctor, const char *name);
    gboolean for_account; /* means nothing with the built-in sandbox */
} DoctorCheck;

void doctor_say(Doctor *doctor, Verdict verdict, const char *name, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* doctor-files.c */
void doctor_config(Doctor *doctor, const char *name);
void doctor_permissions(Doctor *doctor, const char *name);
void doctor_pace(Doctor *doctor, const char *name);
void doctor_space(Doctor *doctor, const char *name);

/* doctor-network.c: in this order */
void doctor_dns(Doctor *doctor, const char *name);
void doctor_tls(Doctor *doctor, const char *name);
void doctor_clock(Doctor *doctor, const char *name);

/* doctor-token.c */
void doctor_token(Doctor *doctor, const char *name);
void doctor_answer(Doctor *doctor, const char *name);
void doctor_scopes(Doctor *doctor, const char *name);

/* doctor-system.c */
void doctor_fuse(Doctor *doctor, const char *name);
void doctor_kernel(Doctor *doctor, const char *name);
void doctor_allow_other(Doctor *doctor, const char *name);
void doctor_mountpoint(Doctor *doctor, const char *name);
void doctor_zones(Doctor *doctor, const char *name);
