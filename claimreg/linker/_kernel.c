/* The inner loops of linking, compiled: what claimreg.linker.kernel offers where this was built, and does without elsewhere.
 *
 * Plain C of fixed types over buffers that NumPy owns, with Python's limited API (one build for every Python from 3.11 on). Each
 * function gives the very numbers that the Python code beside it gives; nothing here decides anything by itself. There is no global
 * state, so that threads do not meet, and no index into a buffer that was not held against its length.
 */
#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)0)
#endif

#define VERSION 4
#define SEPARATOR 0xFFFF /* foldtable.SEPARATOR */

#if PY_BIG_ENDIAN
#error "Texts and indexes come here with their least byte first; a processor that has it last does without the kernel."
#endif

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

static i64 least(i64 a, i64 b) { return a < b ? a : b; }
static i64 most(i64 a, i64 b) { return a > b ? a : b; }

/* ---- Buffers -------------------------------------------------------------------------------------------------------------- */

/* How many items of a size a buffer holds; -1, with ValueError set, where it is cut off within one or lies askew. */
static i64 items(const Py_buffer *buffer, size_t size) {
    if (buffer->len % (Py_ssize_t)size || (uintptr_t)buffer->buf % size) {
        PyErr_SetString(PyExc_ValueError, "A buffer holds no whole items of the type wanted.");
        return -1;
    }
    return buffer->len / (Py_ssize_t)size;
}

static void release(Py_buffer *buffers, int count) {
    for (int i = 0; i < count; i++) PyBuffer_Release(&buffers[i]);
}

/* ---- Folding: claimreg.linker.bulk.foldtable ------------------------------------------------------------------------------- */

enum { DROPPED, EXPANDS, UNKNOWN };

typedef struct {
    const u16 *keys;
    const u8 *lengths;
    const i32 *starts;
    const u16 *pool;
    i64 size, pool_size;
} FoldTable;

/* The table in four buffers; -1, with ValueError set, where they do not fit together. */
static int read_fold_table(FoldTable *table, const Py_buffer *b) {
    i64 keys = items(&b[0], 2), lengths = items(&b[1], 1), starts = items(&b[2], 4), pool = items(&b[3], 2);
    if (keys < 0 || lengths < 0 || starts < 0 || pool < 0) return -1;
    if (lengths != keys || starts != keys) {
        PyErr_SetString(PyExc_ValueError, "The buffers of a fold table differ in length.");
        return -1;
    }
    *table = (FoldTable){b[0].buf, b[1].buf, b[2].buf, b[3].buf, keys, pool};
    return 0;
}

/* fold(codes, keys, lengths, starts, pool, read, out, written) -> (read, written): keys of code points from codes[read] on, put at
 * out[written] on, as far as there is room and every code point was looked up before. The item behind them may be 0 then. */
static PyObject *fold(PyObject *module, PyObject *args) {
    Py_buffer b[6];
    long long read, written;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*Lw*L", &b[0], &b[1], &b[2], &b[3], &b[4], &read, &b[5], &written)) return NULL;
    FoldTable table;
    i64 count = items(&b[0], 4), room = items(&b[5], 2);
    if (count < 0 || room < 0 || read_fold_table(&table, &b[1]) < 0) {
        release(b, 6);
        return NULL;
    }
    const u32 *codes = b[0].buf;
    u16 *out = b[5].buf;
    i64 at = most(read, 0), into = most(written, 0);
    Py_BEGIN_ALLOW_THREADS
    while (at < count && into < room) {
        /* So far there is room, whatever is dropped: what is dropped is written, too, and the next key over it, as no one can foretell
         * which it is. */
        for (i64 end = at + least(count - at, room - into); at < end; at++) {
            u16 key = codes[at] < table.size ? table.keys[codes[at]] : UNKNOWN;
            if (key == EXPANDS || key == UNKNOWN) break;
            out[into] = key;
            into += key != DROPPED;
        }
        if (at == count || into == room) break;
        u32 code = codes[at];
        if (code >= table.size || table.keys[code] == UNKNOWN) break;
        if (table.keys[code] == EXPANDS) {
            i64 start = table.starts[code], length = table.lengths[code];
            if (start < 0 || start + length > table.pool_size || into + length > room) break;
            memcpy(out + into, table.pool + start, (size_t)length * 2);
            into += length;
            at++;
        }
    }
    Py_END_ALLOW_THREADS
    release(b, 6);
    return Py_BuildValue("LL", (long long)at, (long long)into);
}

/* origins(codes, keys, lengths, starts, pool, out) -> count: for each key of the codes, the index of the code point that it is from;
 * -1 where a code point was not looked up before, -2 where there is no room. */
static PyObject *origins(PyObject *module, PyObject *args) {
    Py_buffer b[6];
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*w*", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5])) return NULL;
    FoldTable table;
    i64 count = items(&b[0], 4), room = items(&b[5], 8);
    if (count < 0 || room < 0 || read_fold_table(&table, &b[1]) < 0) {
        release(b, 6);
        return NULL;
    }
    const u32 *codes = b[0].buf;
    i64 *out = b[5].buf, into = 0;
    Py_BEGIN_ALLOW_THREADS
    for (i64 at = 0; at < count; at++) {
        u32 code = codes[at];
        u16 key = code < table.size ? table.keys[code] : UNKNOWN;
        if (key == UNKNOWN) {
            into = -1;
            break;
        }
        i64 length = key == DROPPED ? 0 : key == EXPANDS ? table.lengths[code] : 1;
        if (into + length > room) {
            into = -2;
            break;
        }
        while (length--) out[into++] = at;
    }
    Py_END_ALLOW_THREADS
    release(b, 6);
    return PyLong_FromLongLong(into);
}

/* codes(texts, out) -> count: the code points of all texts of a list, `between` before the first one and behind each; -2 where there is no
 * room for all. */
static PyObject *codes(PyObject *module, PyObject *args) {
    PyObject *texts;
    Py_buffer b;
    unsigned int between;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!w*I", &PyList_Type, &texts, &b, &between)) return NULL;
    i64 room = items(&b, 4), into = 0;
    u32 *out = b.buf;
    if (room >= 1) out[into++] = between;
    int failed = room < 0 ? -1 : room < 1 ? -2 : 0;
    for (Py_ssize_t i = 0; !failed && i < PyList_Size(texts); i++) {
        PyObject *text = PyList_GetItem(texts, i);
        Py_ssize_t length = PyUnicode_GetLength(text); /* -1, with TypeError set, of what is no text */
        if (length < 0) {
            failed = -1;
        } else if (length >= room - into) {
            failed = -2;
        } else if (length && !PyUnicode_AsUCS4(text, out + into, length, 0)) {
            failed = -1;
        } else {
            into += length;
            out[into++] = between;
        }
    }
    PyBuffer_Release(&b);
    return failed == -1 ? NULL : PyLong_FromLongLong(failed ? failed : into);
}

/* Two ranges of code points: where each starts, and how many it has. */
typedef struct {
    u32 start[2], size[2];
} Ranges;

/* Whether sixteen code points lie in the ranges, all of them. */
static inline int lie_in(const u32 *codes, const Ranges *ranges) {
#if defined(__SSE2__)
    /* There are comparisons of signed numbers only. */
    __m128i sign = _mm_set1_epi32(INT32_MIN), inside = _mm_set1_epi32(-1), start[2], size[2];
    for (int k = 0; k < 2; k++) {
        start[k] = _mm_set1_epi32((int)ranges->start[k]);
        size[k] = _mm_xor_si128(_mm_set1_epi32((int)ranges->size[k]), sign);
    }
    for (int i = 0; i < 16; i += 4) {
        __m128i four = _mm_loadu_si128((const __m128i *)(codes + i));
        __m128i first = _mm_cmplt_epi32(_mm_xor_si128(_mm_sub_epi32(four, start[0]), sign), size[0]);
        __m128i second = _mm_cmplt_epi32(_mm_xor_si128(_mm_sub_epi32(four, start[1]), sign), size[1]);
        inside = _mm_and_si128(inside, _mm_or_si128(first, second));
    }
    return _mm_movemask_epi8(inside) == 0xFFFF;
#else
    u32 outside = 0;
    for (int i = 0; i < 16; i++)
        outside |= (codes[i] - ranges->start[0] >= ranges->size[0]) & (codes[i] - ranges->start[1] >= ranges->size[1]);
    return !outside;
#endif
}

/* skeleton(codes, table, out, start, size, start, size) -> count: the keys of code points by a table (claimreg.linker.bulk.skeleton), without
 * those that are 0 or the same as the one before; -2 where there is no room for all. A key is a letter of ASCII; -1 is SEPARATOR, and each
 * of those stays. Code points beyond the table are as its last one. The key of all code points in two ranges is 0. */
static PyObject *skeleton(PyObject *module, PyObject *args) {
    Py_buffer b[3];
    Ranges quiet;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*w*IIII", &b[0], &b[1], &b[2], &quiet.start[0], &quiet.size[0], &quiet.start[1], &quiet.size[1]))
        return NULL;
    i64 count = items(&b[0], 4), size = items(&b[1], 1), room = items(&b[2], 2), into = 0;
    if (count < 0 || size < 0 || room < 0 || size < 1 || size > UINT32_MAX) {
        if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "There is no table of skeletons.");
        release(b, 3);
        return NULL;
    }
    const u32 *codes = b[0].buf;
    const int8_t *table = b[1].buf;
    u16 *out = b[2].buf;
    Py_BEGIN_ALLOW_THREADS
    if (room < count) {
        into = -2;
    } else {
        /* Long stretches are left out as a whole; elsewhere no one can foretell which key is, and so all are written, one over the other. */
        u32 last = (u32)size - 1;
        i64 found = 0;
        for (i64 at = 0; at < count;) {
            if (count - at >= 16 && lie_in(codes + at, &quiet)) {
                at += 16;
                continue;
            }
            for (i64 end = least(at + 16, count); at < end; at++) {
                int key = table[codes[at] < last ? codes[at] : last];
                out[found] = (u16)key;
                found += key != 0;
            }
        }
        u16 before = 0;
        for (i64 at = 0; at < found; at++) {
            u16 key = out[at];
            out[into] = key;
            into += (key != before) | (key == SEPARATOR);
            before = key;
        }
    }
    Py_END_ALLOW_THREADS
    release(b, 3);
    return PyLong_FromLongLong(into);
}

/* ---- Probing: claimreg.linker.bulk.probe ----------------------------------------------------------------------------------- */

#define BASE 0x9E3779B1u /* claimreg.text.grams */
#define CONTEXT 16       /* claimreg.linker.bulk.grams */
#define NEAR 28          /* claimreg.linker.bulk.probe */
enum { BLOCK = 2048, RUNS = 2, PAIRS = 1 << 14 };

/* The seeds of one kind of units (index.GramIndex), the units, and what is let pass. */
typedef struct {
    i64 size, whole, ideographs, bucket_bits, bitmap_bits, seeds, ranges, units_known, unit_keys;
    const u32 *hashes;
    const i32 *units;
    const u16 *positions;
    const u64 *masks;
    const u8 *needed;
    const i32 *buckets;
    const u8 *bitmap;
    const u16 *range;
    const u16 *text; /* keys of all units */
    const i64 *starts, *lengths;
    double share, edits;
} Seeds;

typedef struct {
    const u16 *keys;
    i64 count;
} Text;

typedef struct {
    i64 *units, *starts, *seeds;
    i64 room, count, settled, chunk, crowd, of_chunk, chunk_end; /* the hits before `settled` are near, the others not yet looked at */
} Found;

typedef struct {
    u16 places[BLOCK];
    u32 raw[BLOCK];
    u32 hash[BLOCK];
    i32 at[BLOCK], first[BLOCK], last[BLOCK];
    i32 pair_at[PAIRS], pair_seed[PAIRS];
} Space;

static u8 bigram(u16 a, u16 b) {
    u32 mixed = (u32)a * 0x85EBCA6Bu;
    mixed ^= (u32)b * 0xC2B2AE35u;
    mixed ^= mixed >> 15;
    mixed *= 0x27D4EB2Fu;
    return (u8)(mixed >> 25);
}

static int bits_of(u64 x) {
    x -= (x >> 1) & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + ((x >> 2) & 0x3333333333333333u);
    x = (x + (x >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    return (int)((x * 0x0101010101010101u) >> 56);
}

static int is_ideograph(const Seeds *s, u16 key) {
    for (i64 i = 0; i + 1 < s->ranges; i += 2)
        if (key >= s->range[i] && key <= s->range[i + 1]) return 1;
    return 0;
}

/* One step of Myers's bit-vector algorithm (see locate.py) on one word; returns the change of the last row. */
static inline int step(u64 equal, u64 *plus, u64 *minus, u64 high, u64 first) {
    u64 vertical = equal | *minus, horizontal = (((equal & *plus) + *plus) ^ *plus) | equal;
    u64 more = *minus | ~(horizontal | *plus), less = *plus & horizontal;
    int change = ((more & high) != 0) - ((less & high) != 0);
    more = (more << 1) | first;
    less <<= 1;
    *plus = less | ~(vertical | more);
    *minus = more & vertical;
    return change;
}

/* The edits between two runs of `length` keys, 64 at most; `limit` + 1 where there are more than `limit`. */
static int edits_within(const u16 *pattern, const u16 *text, int length, int limit) {
    u64 plus = ~(u64)0, minus = 0, high = (u64)1 << (length - 1);
    int edits = length;
#if defined(__SSE2__)
    /* The pattern stands in eight registers, and a key is held against all of it at once. */
    u16 padded[64];
    memset(padded, 0, sizeof padded);
    memcpy(padded, pattern, (size_t)length * 2);
    __m128i part[8];
    for (int i = 0; i < 8; i++) part[i] = _mm_loadu_si128((const __m128i *)(padded + 8 * i));
#endif
    for (int j = 0; j < length; j++) {
        u64 equal = 0;
#if defined(__SSE2__)
        __m128i key = _mm_set1_epi16((short)text[j]);
        for (int i = 0; i < 4; i++) {
            __m128i same = _mm_packs_epi16(_mm_cmpeq_epi16(part[2 * i], key), _mm_cmpeq_epi16(part[2 * i + 1], key));
            equal |= (u64)(u32)_mm_movemask_epi8(same) << (16 * i);
        }
#else
        for (int i = 0; i < length; i++) equal |= (u64)(pattern[i] == text[j]) << i;
#endif
        edits += step(equal, &plus, &minus, high, 1);
        if (edits - (length - 1 - j) > limit) return limit + 1;
    }
    return edits;
}

/* Whether the near surroundings of a seed, at `at` of a text, are like the unit's: Prober._near. -1 where the index is no index. */
static int is_near(const Seeds *s, const Text *text, i64 at, i64 unit, i64 position) {
    i64 size = s->size, start = s->starts[unit], length = s->lengths[unit], n;
    if (start < 0 || length < 0 || length > s->unit_keys || start > s->unit_keys - length) return -1;
    i64 before = least(NEAR, position), after = least(size + NEAR, length - position);
    for (n = 0; n < before && at - n > 0 && text->keys[at - n - 1] != SEPARATOR; n++) {}
    before = n;
    for (n = 0; n < after && at + n < text->count && text->keys[at + n] != SEPARATOR; n++) {}
    after = most(n, size);
    i64 in_unit = start + position;
    if (in_unit - before < 0 || in_unit + after > s->unit_keys || before + after > 64) return -1;
    double limit = s->edits * (double)(before + after);
    int whole = limit >= 64 ? 64 : limit > 0 ? (int)limit : 0;
    int edits = edits_within(s->text + in_unit - before, text->keys + at - before, (int)(before + after), whole);
    return (double)edits <= limit;
}

/* The bits of the bigrams around a gram, the gram itself left out: grams.context_masks. */
static void mask_of_context(const Seeds *s, const Text *text, i64 at, u64 *mask) {
    const u16 *keys = text->keys;
    i64 first = most(at - CONTEXT, 0), last = least(at + s->size + CONTEXT - 1, text->count - 1);
    mask[0] = mask[1] = 0;
    for (i64 k = first; k < at - 1; k++) {
        u8 bit = bigram(keys[k], keys[k + 1]);
        mask[bit >> 6] |= (u64)1 << (bit & 63);
    }
    for (i64 k = at + s->size; k < last; k++) {
        u8 bit = bigram(keys[k], keys[k + 1]);
        mask[bit >> 6] |= (u64)1 << (bit & 63);
    }
}

/* Leaves those of the hits not yet looked at that are near; 0 or -3. Where a chunk is crowded, none of its hits is looked at in vain. */
static int settle(const Seeds *s, const Text *text, Found *found) {
    i64 kept = found->settled;
    for (i64 i = kept; i < found->count; i++) {
        i64 unit = found->units[i], start = found->starts[i], at = found->seeds[i];
        if (!s->whole) {
            /* What was written is not trusted: it may lie in the memory of another buffer. */
            if (unit < 0 || unit >= s->units_known || at < 0 || at > text->count - s->size || start > at || at - UINT16_MAX > start) return -3;
            int near = is_near(s, text, at, unit, at - start);
            if (near < 0) return -3;
            if (!near) continue;
        }
        found->units[kept] = unit;
        found->starts[kept] = start;
        found->seeds[kept++] = at;
    }
    found->count = found->settled = kept;
    return 0;
}

/* Looks at pairs of a place and a seed with the same hash, from first to last place; returns 0, or what stops it: see probe. */
static int look_at_pairs(const Seeds *s, const Text *text, i64 base, Space *space, int pairs, Found *found) {
    int last = -1, kept = 0;
    u64 mask[2] = {0, 0};
    for (int j = 0; j < pairs; j++) {
        i32 i = space->pair_at[j], seed = space->pair_seed[j];
        if (!s->whole) {
            if (i != last) {
                last = i;
                mask_of_context(s, text, base + space->at[i], mask);
            }
            int shared = bits_of(mask[0] & s->masks[2 * (i64)seed]) + bits_of(mask[1] & s->masks[2 * (i64)seed + 1]);
            if ((double)shared < s->share * (double)s->needed[seed]) continue;
        }
        space->pair_at[kept] = i;
        space->pair_seed[kept++] = seed;
    }
    for (int j = 0; j < kept; j++) {
        i64 at = base + space->at[space->pair_at[j]], seed = space->pair_seed[j], unit = s->units[seed], position = s->positions[seed];
        if (unit < 0 || unit >= s->units_known) return -3;
        if (at >= found->chunk_end && settle(s, text, found)) return -3;
        while (at >= found->chunk_end) {
            found->chunk_end += found->chunk;
            found->of_chunk = 0;
        }
        if (++found->of_chunk > found->crowd) return -1;
        if (found->count >= found->room && settle(s, text, found)) return -3;
        if (found->count >= found->room) return -2;
        found->units[found->count] = unit;
        found->starts[found->count] = at - position;
        found->seeds[found->count++] = at;
    }
    return 0;
}

/* Notes in a run's part of `places` those of its `width` grams whose hash a seed may have; the runs, from each of which on so many follow,
 * are as far apart. counts[r] is their number. Each hash waits for the one before it, but not for those of other runs. */
static inline void places_of_runs(const Seeds *s, const u16 *keys, int width, int runs, u16 *places, u32 *hashes, int *counts) {
    const u8 *bitmap = s->bitmap;
    i64 size = s->size;
    u32 leaving = 1, hash[RUNS] = {0};
    u16 *into[RUNS];
    int shift = (int)(32 - s->bitmap_bits);
    for (int r = 0; r < runs; r++) into[r] = places + r * width;
    for (i64 i = 0; i + 1 < size; i++) {
        leaving *= BASE;
        for (int r = 0; r < runs; r++) hash[r] = hash[r] * BASE + keys[r * width + i];
    }
    const u16 *ahead = keys + size - 1;
    for (int i = 0; i < width; i++)
        for (int r = 0; r < runs; r++) {
            u32 whole = hash[r] * BASE + ahead[r * width + i], top = whole >> shift;
            *into[r] = (u16)(r * width + i);
            hashes[into[r] - places] = whole;
            into[r] += (bitmap[top >> 3] >> (top & 7)) & 1;
            hash[r] = whole - leaving * keys[r * width + i];
        }
    for (int r = 0; r < runs; r++) counts[r] = (int)(into[r] - places - r * width);
}

/* Collects the places of a block of the text whose hash a seed may have; returns their number. */
static int places_of_block(const Seeds *s, const Text *text, i64 base, int width, Space *space) {
    const u16 *keys = text->keys + base;
    int counts[RUNS], kept = 0, whole = width == BLOCK, runs = whole ? RUNS : 1, apart = width / runs, shift = (int)(32 - s->bucket_bits);
    if (whole)
        places_of_runs(s, keys, BLOCK / RUNS, RUNS, space->places, space->raw, counts);
    else
        places_of_runs(s, keys, width, 1, space->places, space->raw, counts);
    for (int r = 0; r < runs; r++)
        for (int i = r * apart; i < r * apart + counts[r]; i++) {
            int at = space->places[i];
            u16 key = keys[at];
            if (key == SEPARATOR || (s->ideographs && !is_ideograph(s, key))) continue;
            space->hash[kept] = space->raw[i];
            PREFETCH(s->buckets + (space->hash[kept] >> shift));
            space->at[kept++] = at;
        }
    return kept;
}

static int has_ideographs(const Seeds *s, const u16 *keys, int width) {
    if (!s->ranges) return 0;
    int found = 0;
    u16 first = s->range[0];
    for (int i = 0; i < width; i++) found |= (keys[i] >= first) & (keys[i] != SEPARATOR);
    return found;
}

static int probe_block(const Seeds *s, const Text *text, i64 base, int width, Space *space, Found *found) {
    if (s->ideographs && !has_ideographs(s, text->keys + base, width)) return 0;
    int count = places_of_block(s, text, base, width, space);
    if (!count) return 0;
    int shift = (int)(32 - s->bucket_bits), pairs = 0;
    for (int i = 0; i < count; i++) {
        space->first[i] = s->buckets[space->hash[i] >> shift];
        space->last[i] = s->buckets[(space->hash[i] >> shift) + 1];
        if (space->first[i] < 0 || space->last[i] > s->seeds) return -3;
        PREFETCH(s->hashes + space->first[i]);
    }
    for (int i = 0; i < count; i++)
        for (i32 seed = space->first[i]; seed < space->last[i]; seed++) {
            if (s->hashes[seed] != space->hash[i]) continue;
            if (pairs == PAIRS) {
                int stopped = look_at_pairs(s, text, base, space, pairs, found);
                if (stopped) return stopped;
                pairs = 0;
            }
            space->pair_at[pairs] = i;
            space->pair_seed[pairs++] = seed;
            PREFETCH(s->masks + 2 * (i64)seed);
            PREFETCH(s->needed + seed);
        }
    return pairs ? look_at_pairs(s, text, base, space, pairs, found) : 0;
}

static i64 probe_all(const Seeds *s, const Text *text, Space *space, Found *found) {
    for (i64 base = 0; base + s->size <= text->count; base += BLOCK) {
        int stopped = probe_block(s, text, base, (int)least(BLOCK, text->count - s->size + 1 - base), space, found);
        if (stopped) return stopped;
    }
    return settle(s, text, found) ? -3 : found->count;
}

/* Checks that what probing will index is there; -1, with ValueError set, where it is not. The order is that of Prober._hits_of_kind. */
static int read_seeds(Seeds *s, const Py_buffer *b) {
    i64 hashes = items(&b[0], 4), units = items(&b[1], 4), positions = items(&b[2], 2), masks = items(&b[3], 8), needed = items(&b[4], 1);
    i64 buckets = items(&b[5], 4), bitmap = items(&b[6], 1), ranges = items(&b[7], 2), text = items(&b[8], 2);
    i64 starts = items(&b[9], 8), lengths = items(&b[10], 8);
    if (hashes < 0 || units < 0 || positions < 0 || masks < 0 || buckets < 0 || ranges < 0 || text < 0 || starts < 0 || lengths < 0) return -1;
    int fits = s->size >= 1 && s->size <= 8 && s->bucket_bits >= 1 && s->bucket_bits <= 28 && s->bitmap_bits >= 3 && s->bitmap_bits <= 31;
    fits = fits && hashes < INT32_MAX && units == hashes && positions == hashes && masks == 2 * hashes && needed == hashes;
    fits = fits && buckets == ((i64)1 << s->bucket_bits) + 1 && bitmap == (i64)1 << (s->bitmap_bits - 3) && starts == lengths;
    if (!fits) {
        PyErr_SetString(PyExc_ValueError, "The buffers of an index do not fit together.");
        return -1;
    }
    s->hashes = b[0].buf, s->units = b[1].buf, s->positions = b[2].buf, s->masks = b[3].buf, s->needed = b[4].buf;
    s->buckets = b[5].buf, s->bitmap = b[6].buf, s->range = b[7].buf, s->text = b[8].buf, s->starts = b[9].buf, s->lengths = b[10].buf;
    s->seeds = hashes, s->ranges = ranges, s->units_known = starts, s->unit_keys = text;
    return 0;
}

/* probe(index, shape, limits, keys, units, starts, seeds, (chunk, crowd)) -> count of hits written to the last three buffers.
 * -1: there are more than `crowd` in some chunk; -2: there is no room for them; ValueError where the index is none. */
static PyObject *probe(PyObject *module, PyObject *args) {
    Py_buffer b[15];
    PyObject *index;
    Seeds s;
    Found found = {0};
    long long size, bucket_bits, bitmap_bits, chunk, crowd;
    int whole, ideographs;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!(LppLL)(dd)y*w*w*w*(LL)", &PyTuple_Type, &index, &size, &whole, &ideographs, &bucket_bits, &bitmap_bits,
                          &s.share, &s.edits, &b[11], &b[12], &b[13], &b[14], &chunk, &crowd))
        return NULL;
    /* Read apart: PyArg_ParseTuple notes each buffer, and has room for 8 or for as many as there are arguments, those in a tuple not
     * counted; what is beyond, it writes over its own stack. */
    if (!PyArg_ParseTuple(index, "y*y*y*y*y*y*y*y*y*y*y*", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &b[6], &b[7], &b[8], &b[9], &b[10])) {
        release(b + 11, 4);
        return NULL;
    }
    s.size = size, s.whole = whole, s.ideographs = ideographs, s.bucket_bits = bucket_bits, s.bitmap_bits = bitmap_bits;
    i64 keys = items(&b[11], 2), units = items(&b[12], 8), starts = items(&b[13], 8), seeds = items(&b[14], 8), count = -3;
    Space *space = NULL;
    if (read_seeds(&s, b) == 0 && keys >= 0 && units >= 0 && starts >= 0 && seeds >= 0 && (space = malloc(sizeof *space)) == NULL)
        PyErr_NoMemory();
    if (space) {
        Text text = {b[11].buf, keys};
        found.units = b[12].buf, found.starts = b[13].buf, found.seeds = b[14].buf;
        found.room = least(units, least(starts, seeds));
        found.chunk = found.chunk_end = most(1, chunk), found.crowd = crowd;
        Py_BEGIN_ALLOW_THREADS
        count = probe_all(&s, &text, space, &found);
        Py_END_ALLOW_THREADS
        free(space);
        if (count == -3) PyErr_SetString(PyExc_ValueError, "The index names units or seeds that are not there.");
    }
    release(b, 15);
    return count == -3 ? NULL : PyLong_FromLongLong(count);
}

/* ---- Patterns of any length: blocks of 64 rows ----------------------------------------------------------------------------- */

/* For each symbol of a pattern the rows where it stands, a word for 64 rows. */
typedef struct {
    i64 words, size; /* words of a row set; size of the table, a power of two */
    u32 *symbols;
    i32 *numbers;
    u64 *rows, *none;
} Rows;

static void drop_rows(Rows *r) {
    free(r->symbols);
    free(r->numbers);
    free(r->rows);
    free(r->none);
}

static i64 slot_of(const Rows *r, u32 symbol) {
    i64 at = (i64)((symbol * 0x9E3779B1u) >> 7) & (r->size - 1);
    while (r->numbers[at] >= 0 && r->symbols[at] != symbol) at = (at + 1) & (r->size - 1);
    return at;
}

static const u64 *rows_of(const Rows *r, u32 symbol) {
    i64 at = slot_of(r, symbol);
    return r->numbers[at] < 0 ? r->none : r->rows + r->numbers[at] * r->words;
}

#define SYMBOL(pattern, wide, i) ((wide) ? ((const u32 *)(pattern))[i] : ((const u16 *)(pattern))[i])

/* The rows of a pattern of 16-bit or 32-bit symbols; -1 where there is no memory. */
static int make_rows(Rows *r, const void *pattern, int wide, i64 length) {
    i64 distinct = 0;
    if (length > PTRDIFF_MAX / 16) return -1; /* a table of symbols takes up to 16 bytes for each */
    r->words = (length + 63) / 64;
    for (r->size = 64; r->size < 2 * length; r->size *= 2) {}
    r->symbols = malloc((size_t)r->size * sizeof *r->symbols);
    r->numbers = malloc((size_t)r->size * sizeof *r->numbers);
    r->none = calloc((size_t)r->words, sizeof *r->none);
    r->rows = NULL;
    if (!r->symbols || !r->numbers || !r->none) return -1;
    memset(r->numbers, 0xFF, (size_t)r->size * sizeof *r->numbers);
    for (i64 i = 0; i < length; i++) {
        u32 symbol = SYMBOL(pattern, wide, i);
        i64 at = slot_of(r, symbol);
        if (r->numbers[at] < 0) {
            r->symbols[at] = symbol;
            r->numbers[at] = (i32)distinct++;
        }
    }
    if (distinct > PTRDIFF_MAX / (i64)sizeof *r->rows / r->words) return -1;
    r->rows = calloc((size_t)(distinct * r->words), sizeof *r->rows);
    if (!r->rows) return -1;
    for (i64 i = 0; i < length; i++) {
        i64 at = slot_of(r, SYMBOL(pattern, wide, i));
        r->rows[r->numbers[at] * r->words + i / 64] |= (u64)1 << (i & 63);
    }
    return 0;
}

/* ---- Narrowing: claimreg.linker.locate ------------------------------------------------------------------------------------- */

/* Where the stretch of a text nearest to a pattern ends, by Myers's algorithm in blocks (H. Hyyrö, Explaining and extending the
 * bit-parallel approximate string matching algorithm of Myers, 2001); `space` holds two words for each block. */
static i64 end_of_least(const Rows *r, i64 length, const u32 *text, i64 count, int anchored, u64 *space) {
    u64 *plus = space, *minus = space + r->words, high = (u64)1 << ((length - 1) & 63);
    i64 score = length, lowest = length, end = 0;
    for (i64 w = 0; w < r->words; w++) plus[w] = ~(u64)0, minus[w] = 0;
    for (i64 j = 0; j < count; j++) {
        const u64 *rows = rows_of(r, text[j]);
        u64 more_in = (u64)anchored, less_in = 0;
        for (i64 w = 0; w < r->words; w++) {
            u64 equal = rows[w], vertical = equal | minus[w];
            equal |= less_in;
            u64 horizontal = (((equal & plus[w]) + plus[w]) ^ plus[w]) | equal;
            u64 more = minus[w] | ~(horizontal | plus[w]), less = plus[w] & horizontal;
            if (w == r->words - 1) score += ((more & high) != 0) - ((less & high) != 0);
            u64 more_out = more >> 63, less_out = less >> 63;
            more = (more << 1) | more_in;
            less = (less << 1) | less_in;
            more_in = more_out, less_in = less_out;
            plus[w] = less | ~(vertical | more);
            minus[w] = more & vertical;
        }
        if (score <= lowest) lowest = score, end = j + 1;
    }
    return end;
}

#define LONGEST_PATTERN 4096

/* least_end(pattern, text, anchored) -> end: locate._least_end, in code points; None for a pattern that is empty or too long. */
static PyObject *least_end(PyObject *module, PyObject *args) {
    PyObject *pattern, *text;
    int anchored;
    (void)module;
    if (!PyArg_ParseTuple(args, "UUp", &pattern, &text, &anchored)) return NULL;
    i64 length = PyUnicode_GetLength(pattern), count = PyUnicode_GetLength(text), end = 0;
    if (length < 1 || length > LONGEST_PATTERN) Py_RETURN_NONE;
    Rows rows = {0};
    u32 *codes = PyUnicode_AsUCS4Copy(pattern), *of_text = codes ? PyUnicode_AsUCS4Copy(text) : NULL;
    u64 *space = of_text ? malloc((size_t)((length + 63) / 64) * 2 * sizeof *space) : NULL;
    int failed = !space || make_rows(&rows, codes, 1, length) < 0;
    if (!failed) end = end_of_least(&rows, length, of_text, count, anchored, space);
    drop_rows(&rows);
    free(space);
    PyMem_Free(codes);
    PyMem_Free(of_text);
    if (failed) return PyErr_Occurred() ? NULL : PyErr_NoMemory();
    return PyLong_FromLongLong(end);
}

/* ---- Likeness of whole units: claimreg.linker.bulk.probe ------------------------------------------------------------------- */

/* The length of the longest common subsequence, by the bit-vector algorithm of Hyyrö (2004): a zero for each row that gained. */
static i64 common_of(const Rows *r, i64 length, const u16 *text, i64 count, u64 *space) {
    for (i64 w = 0; w < r->words; w++) space[w] = ~(u64)0;
    for (i64 j = 0; j < count; j++) {
        const u64 *rows = rows_of(r, text[j]);
        u64 carry = 0;
        for (i64 w = 0; w < r->words; w++) {
            u64 here = space[w], same = here & rows[w], sum = here + same, whole = sum + carry;
            carry = (sum < here) | (whole < sum);
            space[w] = whole | (here & ~rows[w]);
        }
    }
    i64 found = 0;
    for (i64 w = 0; w < r->words; w++) {
        i64 of_word = least(64, length - 64 * w);
        u64 gained = ~space[w];
        found += bits_of(of_word < 64 ? gained & (((u64)1 << of_word) - 1) : gained);
    }
    return found;
}

/* One after the other, the units and places; hits of one unit stand together, so that its rows are made once. 0, -1, -2 as below. */
static int common_of_all(const Py_buffer *b, i64 units, i64 keys, i64 hits) {
    const i64 *starts = b[1].buf, *lengths = b[2].buf, *left = b[4].buf, *right = b[5].buf;
    i32 *out = b[6].buf;
    Rows rows = {0};
    u64 *space = NULL;
    i64 made_start = -1, made_length = 0, failed = 0;
    for (i64 i = 0; i < hits && !failed; i++) {
        i64 start = starts[i], length = lengths[i], from = left[i], to = most(right[i], left[i]);
        if (start < 0 || length < 1 || length > units - start || from < 0 || to > keys) {
            failed = -2;
        } else if (made_start != start || made_length != length) {
            drop_rows(&rows);
            free(space);
            rows = (Rows){0};
            space = malloc((size_t)((length + 63) / 64) * sizeof *space);
            failed = !space || make_rows(&rows, (const u16 *)b[0].buf + start, 0, length) < 0 ? -1 : 0;
            made_start = start, made_length = length;
        }
        if (!failed) out[i] = (i32)common_of(&rows, length, (const u16 *)b[3].buf + from, to - from, space);
    }
    drop_rows(&rows);
    free(space);
    return (int)failed;
}

/* common(unit_keys, starts, lengths, keys, left, right, out): for each hit, how many keys of the unit stand in keys[left:right] in its
 * order (LCSseq.similarity). */
static PyObject *common(PyObject *module, PyObject *args) {
    Py_buffer b[7];
    (void)module;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*w*", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5], &b[6])) return NULL;
    i64 units = items(&b[0], 2), starts = items(&b[1], 8), lengths = items(&b[2], 8), keys = items(&b[3], 2), left = items(&b[4], 8);
    i64 right = items(&b[5], 8), out = items(&b[6], 4);
    int failed = units < 0 || starts < 0 || lengths < 0 || keys < 0 || left < 0 || right < 0 || out < 0 ? -3 : 0;
    if (!failed && (lengths != starts || left != starts || right != starts || out != starts)) failed = -2;
    if (!failed) {
        Py_BEGIN_ALLOW_THREADS
        failed = common_of_all(b, units, keys, starts);
        Py_END_ALLOW_THREADS
    }
    release(b, 7);
    if (failed == -1) return PyErr_NoMemory();
    if (failed == -2) PyErr_SetString(PyExc_ValueError, "The buffers of hits do not fit together.");
    if (failed) return NULL;
    Py_RETURN_NONE;
}

/* ---- The module ------------------------------------------------------------------------------------------------------------ */

static PyMethodDef methods[] = {
    {"codes", codes, METH_VARARGS, "Give the code points of texts, a sign between them."},
    {"fold", fold, METH_VARARGS, "Fold code points to keys, as far as they were looked up before."},
    {"origins", origins, METH_VARARGS, "Tell, for each key of a fold, the code point that it is from."},
    {"skeleton", skeleton, METH_VARARGS, "Give the keys of code points by a table, doubled ones once."},
    {"probe", probe, METH_VARARGS, "Find the seeds of an index in folded documents."},
    {"common", common, METH_VARARGS, "Count the keys of units that stand at places in the units' order."},
    {"least_end", least_end, METH_VARARGS, "Return where the stretch of a text nearest to a pattern ends."},
    {NULL, NULL, 0, NULL},
};

static int set_up(PyObject *module) { return PyModule_AddIntConstant(module, "VERSION", VERSION); }

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, set_up},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_kernel", "The inner loops of linking, compiled.", 0, methods, slots, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModuleDef_Init(&definition); }
