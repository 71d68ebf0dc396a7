/* SPDX-License-Identifier: MIT */
/*
 * http-body.c - the bytes of an answer: collected, or kept for as long as whoever takes them in
 * pieces needs. What may be a stream is inflated here and not by curl, which takes half of a
 * compressed body for a whole one.
 */
#include <string.h>

#include "api/http-private.h"

/* A piece is of PIECE_MIN or more, but for the last one and where little comes; from PIECE_MAX on
   nothing more is taken from curl. In the middle of a stream a service may stop to think. */
enum {
    PIECE_MIN = 64 * 1024,
    PIECE_MAX = 128 * 1024,
    STEP = 16 * 1024,
    TELLING_MAX = 64,
    STALLED_S = 10,
    STREAM_STALLED_S = 60,
};

/* ---- what kind of answer ---- */

static gboolean is_good(CURL *easy)
{
    long status = 0;

    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300;
}

/* Without its parameters, in lower case; "" when there is none. */
static char *type_of(CURL *easy)
{
    char *type = NULL;

    curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    char *bare = g_ascii_strdown(type != NULL ? type : "", -1);
    bare[strcspn(bare, "; ")] = '\0';
    return bare;
}

static gboolean is_document(const char *type)
{
    return g_str_has_suffix(type, "json") || g_str_has_suffix(type, "html") ||
           g_str_has_suffix(type, "xml");
}

static void expect_body(Transfer *transfer)
{
    g_autofree char *type = type_of(transfer->easy);
    struct curl_header *encoding;

    transfer->kind = transfer->write != NULL && is_good(transfer->easy) && !is_document(type)
                         ? BODY_UNDECIDED
                         : BODY_COLLECTED;
    if (transfer->write == NULL || curl_easy_header(transfer->easy, "Content-Encoding", 0,
                                                    CURLH_HEADER, -1, &encoding) != CURLHE_OK)
        return;
    if (g_ascii_strcasecmp(encoding->value, "identity") == 0)
        return;
    if (strstr(encoding->value, "gzip") == NULL || strchr(encoding->value, ',') != NULL) {
        transfer->trouble = "the answer is encoded in a way that was not asked for";
        return;
    }
    transfer->raw = g_byte_array_new();
    transfer->inflate = G_CONVERTER(g_zlib_decompressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP));
}

/* A stream takes as long as it takes, but a silence in it is not endless. */
static void begin_stream(Transfer *transfer)
{
    transfer->kind = BODY_STREAMED;
    curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT, 0L);
    curl_easy_setopt(transfer->easy, CURLOPT_LOW_SPEED_TIME, (long)STREAM_STALLED_S);
}

/* No table begins like JSON or like a page, and not every gateway names the type of its own. */
static void decide(Transfer *transfer)
{
    static const guchar mark[] = {0xef, 0xbb, 0xbf};
    const guint8 *at = transfer->body->data, *end = at + transfer->body->len;

    if (transfer->body->len >= sizeof mark && memcmp(at, mark, sizeof mark) == 0)
        at += sizeof mark;
    while (at < end && g_ascii_isspace(*at))
        at++;
    if (at < end && strchr("{[<", *at) != NULL)
        transfer->kind = BODY_COLLECTED;
    else if (at < end || transfer->body->len >= TELLING_MAX)
        begin_stream(transfer);
}

/* ---- bytes come in ---- */

static gboolean has_room(const Transfer *transfer)
{
    return transfer->kind != BODY_STREAMED || transfer->body->len < PIECE_MAX;
}

static gboolean is_within(Transfer *transfer)
{
    if (transfer->kind == BODY_UNDECIDED)
        decide(transfer);
    if (transfer->kind != BODY_STREAMED && transfer->body->len > HTTP_BODY_MAX)
        transfer->trouble = "the answer is larger than 64 MiB";
    return transfer->trouble == NULL;
}

/* One step: as much as STEP has room for. */
static void inflate_some(Transfer *transfer)
{
    GByteArray *raw = transfer->raw, *body = transfer->body;
    gsize n_read = 0, n_written = 0;
    guint had = body->len;

    if (transfer->whole) /* another one follows */
        g_converter_reset(transfer->inflate);
    g_byte_array_set_size(body, had + STEP);
    GConverterResult result =
        g_converter_convert(transfer->inflate, raw->data, raw->len, body->data + had, STEP,
                            G_CONVERTER_NO_FLAGS, &n_read, &n_written, NULL);
    if (result == G_CONVERTER_ERROR) {
        transfer->trouble = "the compressed answer is broken";
        n_read = n_written = 0;
    }
    transfer->whole = result == G_CONVERTER_FINISHED;
    g_byte_array_set_size(body, had + (guint)n_written);
    g_byte_array_remove_range(raw, 0, (guint)n_read);
}

static gboolean inflate_all(Transfer *transfer)
{
    while (transfer->raw->len > 0 && has_room(transfer)) {
        inflate_some(transfer);
        if (!is_within(transfer))
            return FALSE;
    }
    return TRUE;
}

/* What curl holds is taken once nothing else waits to be handed over. */
size_t http_on_body(char *data, size_t size, size_t n, void *user_data)
{
    Transfer *transfer = user_data;

    transfer->heard = TRUE;
    if (transfer->kind == BODY_NONE) {
        curl_easy_setopt(transfer->easy, CURLOPT_LOW_SPEED_TIME, (long)STALLED_S);
        expect_body(transfer);
        if (transfer->trouble != NULL)
            return 0;
    }
    transfer->paused = !has_room(transfer) || (transfer->raw != NULL && transfer->raw->len > 0);
    if (transfer->paused)
        return CURL_WRITEFUNC_PAUSE;
    g_byte_array_append(transfer->raw != NULL ? transfer->raw : transfer->body,
                        (const guint8 *)data, (guint)(size * n));
    return (transfer->raw != NULL ? inflate_all(transfer) : is_within(transfer)) ? size * n : 0;
}

/* An empty table is a table if its type says so; nothing at all is no answer. */
void http_end_body(Transfer *transfer, CURLcode result)
{
    g_autofree char *type = type_of(transfer->easy);

    transfer->ended = TRUE;
    transfer->result = result;
    if (result == CURLE_OK && transfer->kind == BODY_NONE)
        expect_body(transfer);
    if (transfer->kind != BODY_UNDECIDED)
        return;
    transfer->kind =
        transfer->body->len == 0 && strstr(type, "csv") != NULL ? BODY_STREAMED : BODY_COLLECTED;
}

/* ---- pieces go out ---- */

gboolean http_has_piece(const Transfer *transfer)
{
    gsize length = transfer->body->len;

    if (transfer->kind != BODY_STREAMED || transfer->held || length == 0)
        return FALSE;
    return transfer->due || transfer->ended || length >= PIECE_MIN;
}

GBytes *http_take_piece(Transfer *transfer)
{
    GByteArray *piece = transfer->body;

    transfer->due = FALSE;
    transfer->streamed_bytes += piece->len;
    transfer->body = g_byte_array_new();
    return g_byte_array_free_to_bytes(piece);
}

/* curl hands over what it holds from inside curl_easy_pause(). */
gboolean http_refill(Transfer *transfer)
{
    if (transfer->raw != NULL && !inflate_all(transfer))
        return FALSE;
    if (!transfer->paused || !has_room(transfer) || transfer->ended)
        return TRUE;
    transfer->paused = FALSE;
    return curl_easy_pause(transfer->easy, CURLPAUSE_CONT) == CURLE_OK;
}
