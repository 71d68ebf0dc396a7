/* SPDX-License-Identifier: MIT */
/* test-errno.c - each kind of error has an errno that a process can understand. */
#include "fs/errno.h"

#include <errno.h>
#include <gio/gio.h>

#include "api/error.h"

/* The kernel keeps 512 and above for itself; such a reply would hang or confuse the caller. */
enum { LARGEST_ERRNO = 511 };

static int number_of(int kind)
{
    g_autoptr(GError) error = api_error_new((ApiErrorKind)kind, 0, NULL, "x");

    return errno_of(error);
}

static void test_every_kind(void)
{
    for (int kind = 0; kind < N_API_ERRORS; kind++) {
        int number = number_of(kind);

        g_assert_cmpint(number, >, 0);
        g_assert_cmpint(number, <=, LARGEST_ERRNO);
        /* "EIO" also stands for "not in the table". */
        g_assert_true(number == EIO || g_strcmp0(errno_name(number), "EIO") != 0);
        g_assert_true(number == EIO || g_strcmp0(errno_meaning(number), errno_meaning(EIO)) != 0);
    }
}

/* design, section 6 */
static void test_promises(void)
{
    static const struct {
        ApiErrorKind kind;
        int number;
    } cases[] = {
        {API_ERROR_INVALID, EINVAL},
        {API_ERROR_RANGE, ERANGE},
        {API_ERROR_DENIED, EACCES},
        {API_ERROR_READ_ONLY, EROFS},
        {API_ERROR_TOKEN, EACCES},
        {API_ERROR_EXPIRED, EKEYEXPIRED},
        {API_ERROR_NOT_FOUND, ENOENT},
        {API_ERROR_BUSY, EBUSY},
        {API_ERROR_UNKNOWN, ETIMEDOUT},
        {API_ERROR_LATE, ETIMEDOUT},
        {API_ERROR_UNREACHABLE, EHOSTUNREACH},
        {API_ERROR_MALFORMED, EIO},
        {API_ERROR_INCOMPLETE, EIO},
        {API_ERROR_MISMATCH, EIO},
        {API_ERROR_CANCELLED, EINTR},
        {API_ERROR_REMOTE, EIO},
        {API_ERROR_LOCAL, EIO},
        {API_ERROR_STOPPED, ECANCELED},
        {API_ERROR_OFFLINE, EHOSTUNREACH},
        {API_ERROR_NAME, ENOENT},
        {API_ERROR_STALE, ESTALE},
        {API_ERROR_FIXED, EPERM},
    };

    g_assert_cmpuint(G_N_ELEMENTS(cases), ==, N_API_ERRORS);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpint(number_of((int)cases[i].kind), ==, cases[i].number);
}

static void test_others(void)
{
    g_autoptr(GError) full = g_error_new(G_FILE_ERROR, G_FILE_ERROR_NOSPC, "x");
    g_autoptr(GError) file = g_error_new(G_FILE_ERROR, G_FILE_ERROR_NOENT, "x");
    /* The code of another domain must not be taken for one of ours. */
    g_autoptr(GError) foreign = g_error_new(G_IO_ERROR, API_ERROR_NOT_FOUND, "x");
    g_autoptr(GError) high = g_error_new(API_ERROR, N_API_ERRORS, "x");
    g_autoptr(GError) low = g_error_new(API_ERROR, -1, "x");

    g_assert_cmpint(errno_of(full), ==, ENOSPC);
    g_assert_cmpint(errno_of(file), ==, EIO);
    g_assert_cmpint(errno_of(foreign), ==, EIO);
    g_assert_cmpint(errno_of(high), ==, EIO);
    g_assert_cmpint(errno_of(low), ==, EIO);
    g_assert_cmpint(errno_of(NULL), ==, EIO);
}

static void test_names(void)
{
    static const struct {
        int number;
        const char *name;
    } cases[] = {
        {EINVAL, "EINVAL"},     {ERANGE, "ERANGE"}, {EACCES, "EACCES"},
        {EROFS, "EROFS"},       {EBUSY, "EBUSY"},   {EKEYEXPIRED, "EKEYEXPIRED"},
        {ENOENT, "ENOENT"},     {ESTALE, "ESTALE"}, {ETIMEDOUT, "ETIMEDOUT"},
        {EINTR, "EINTR"},       {ENOSPC, "ENOSPC"}, {EHOSTUNREACH, "EHOSTUNREACH"},
        {ENOTCONN, "ENOTCONN"}, {EIO, "EIO"},       {EPERM, "EPERM"},
        {99999, "EIO"},         {0, "EIO"},         {-EINVAL, "EIO"},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(errno_name(cases[i].number), ==, cases[i].name);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/errno/every-kind-has-one-that-is-named", test_every_kind);
    g_test_add_func("/errno/as-the-manual-promises", test_promises);
    g_test_add_func("/errno/errors-of-other-domains", test_others);
    g_test_add_func("/errno/names", test_names);
    return g_test_run();
}
