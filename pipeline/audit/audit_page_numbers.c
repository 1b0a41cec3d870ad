/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a number on a page must be, worked out from the published counts alone, in the audit's own
 * arithmetic. See include/audit/pages.h.
 */
#include "audit/pages.h"

#include <string.h>

enum { HIDDEN = -1, NOT_AT_HAND = -2 };

/* ---- counts ---- */

static const struct past_release *release_of(const struct page_truth *t, const char *id,
                                             size_t *index)
{
    for (size_t i = 0; t->past && i < t->past->count; i++)
        if (strcmp(t->past->releases[i].rules.release, id) == 0) {
            *index = i;
            return &t->past->releases[i];
        }
    return NULL;
}

/* What was published of a cell in a release ("" = this one): HIDDEN, NOT_AT_HAND or the count. */
static int64_t count_at(const struct page_truth *t, const char *release, size_t cell)
{
    size_t index = 0;
    if (cell == SIZE_MAX)
        return HIDDEN;
    if (!release[0])
        return t->c->hidden[cell] ? HIDDEN : t->c->counts[cell];
    return release_of(t, release, &index) ? t->then[index][cell] : NOT_AT_HAND;
}

/* floor((a + b / 2) / b) for a >= 0: half up. */
static int64_t rounded(__int128 a, __int128 b)
{
    return (int64_t)((2 * a + b) / (2 * b));
}

static int64_t share_of(int64_t part, int64_t whole)
{
    if (part == NOT_AT_HAND || whole == NOT_AT_HAND)
        return NOT_AT_HAND;
    return part < 0 || whole <= 0 ? HIDDEN : rounded((__int128)1000 * part, whole);
}

int64_t page_share(const struct page_truth *t, const struct page_marks *m)
{
    return share_of(count_at(t, m->at, m->cell), count_at(t, m->at, m->of));
}

/* ---- text ---- */

/* The digits of a text as one number, in any language's writing; -1 without digits, -2 where
 * something else stands that no number has. *negative: a minus was there. */
static int64_t read_number(const char *text, bool *negative)
{
    int64_t value = -1;
    *negative = false;
    for (const char *at = text; *at; at++) {
        if (is_digit(*at)) {
            if (value > INT64_MAX / 100)
                return -2;
            value = (value < 0 ? 0 : value) * 10 + (*at - '0');
        } else if (strncmp(at, "\u2212", 3) == 0) {
            *negative = true;
            at += 2;
        } else if (strncmp(at, "\u202f", 3) == 0) {
            at += 2;
        } else if (strncmp(at, "\u00a0", 2) == 0) {
            at++;
        } else if (!strchr(".,%+ ", *at)) {
            return -2;
        }
    }
    return value;
}

static bool is_blank(const char *text)
{
    return strcmp(text, "\u2013") == 0;
}

/* The text is this number, or blank where there is none. */
static enum page_verdict compare(const char *text, bool known, int64_t expected)
{
    bool negative = false;
    if (!known)
        return is_blank(text) ? PAGE_RIGHT : PAGE_WRONG;
    int64_t value = read_number(text, &negative);
    if (value < 0)
        return PAGE_WRONG;
    return (negative ? -value : value) == expected ? PAGE_RIGHT : PAGE_WRONG;
}

static enum page_verdict compare_count(const char *text, int64_t count)
{
    return count == NOT_AT_HAND ? PAGE_UNKNOWN : compare(text, count >= 0, count);
}

/* ---- derived numbers ---- */

static bool same_definitions(const struct page_truth *t, const struct past_release *was,
                             size_t cell)
{
    const struct cells *cells = &t->c->cells;
    const struct structure *then = &was->rules.structure;
    for (size_t v = 0; v < cells->stride; v++) {
        const struct variable *now = &cells->structure->variables[v];
        if (cells->categories[cell * cells->stride + v] == 0)
            continue;
        for (size_t i = 0; i < then->variable_count; i++)
            if (strcmp(then->variables[i].name, now->name) == 0 &&
                strcmp(then->variables[i].definition, now->definition) != 0)
                return false;
    }
    return true;
}

static enum page_verdict check_change(const struct page_truth *t, const struct page_marks *m,
                                      const char *text)
{
    size_t index = 0;
    const struct past_release *was = release_of(t, m->since, &index);
    int64_t part = count_at(t, m->at, m->cell), whole = count_at(t, m->at, m->of);
    int64_t part_then = count_at(t, m->since, m->cell), whole_then = count_at(t, m->since, m->of);
    if (part_then == NOT_AT_HAND || part == NOT_AT_HAND)
        return PAGE_UNKNOWN;
    if (!m->since[0] || part < 0 || whole <= 0 || part_then < 0 || whole_then <= 0)
        return is_blank(text) ? PAGE_RIGHT : PAGE_WRONG;
    if (was && !same_definitions(t, was, m->cell))
        return PAGE_WRONG; /* nothing is compared across a break */
    __int128 d = (__int128)1000 * ((__int128)part * whole_then - (__int128)part_then * whole);
    __int128 unit = (__int128)whole * whole_then;
    return compare(text, true, d < 0 ? -rounded(-d, unit) : rounded(d, unit));
}

/* How many more than then; nothing is compared across a break. */
static enum page_verdict check_more(const struct page_truth *t, const struct page_marks *m,
                                    const char *text)
{
    size_t index = 0;
    const struct past_release *was = release_of(t, m->since, &index);
    int64_t now = count_at(t, m->at, m->cell), then = count_at(t, m->since, m->cell);
    if (now == NOT_AT_HAND || then == NOT_AT_HAND)
        return PAGE_UNKNOWN;
    if (!m->since[0] || now < 0 || then < 0)
        return is_blank(text) ? PAGE_RIGHT : PAGE_WRONG;
    if (was && !same_definitions(t, was, m->cell))
        return PAGE_WRONG;
    return compare(text, true, now - then);
}

static enum page_verdict check_flow(const struct page_truth *t, const struct page_marks *m,
                                    const char *text, bool in)
{
    const struct turnover *turnover = &t->c->turnover;
    size_t index = 0;
    const struct past_release *was = release_of(t, m->since, &index);
    if (m->since[0] && !was)
        return PAGE_UNKNOWN;
    size_t at = was ? turnover_find(turnover, was->rules.reference_date) : SIZE_MAX;
    size_t group = m->of == SIZE_MAX ? SIZE_MAX : t->c->cells.group[m->of];
    if (at == SIZE_MAX || group == SIZE_MAX || !(t->c->cells.flags[group] & CELL_PUBLIC))
        return is_blank(text) ? PAGE_RIGHT : PAGE_WRONG;
    return compare(text, true,
                   (in ? turnover->joined : turnover->left)[at * turnover->cells + group]);
}

/* The least number of people, put in the place of others or on top, with whom the share reaches the
 * target. */
static enum page_verdict check_gap(const struct page_truth *t, const struct page_marks *m,
                                   const char *text, bool growth)
{
    int64_t part = count_at(t, m->at, m->cell), whole = count_at(t, m->at, m->of);
    bool negative = false;
    int64_t gap = read_number(text, &negative);
    if (part == NOT_AT_HAND)
        return PAGE_UNKNOWN;
    if (part < 0 || whole < 0 || m->target_ppm < 0)
        return is_blank(text) ? PAGE_RIGHT : PAGE_WRONG;
    if (gap < 0)
        return PAGE_WRONG;
    gap = negative ? -gap : gap;
    __int128 million = 1000000, with = million * (part + gap), ppm = m->target_ppm;
    __int128 needed = ppm * (growth ? whole + gap : whole);
    bool enough = with >= needed, least = with - million < needed - (growth ? ppm : 0);
    return enough && least ? PAGE_RIGHT : PAGE_WRONG;
}

/* The declared share itself: its digits, without the zeros at the end. */
static enum page_verdict check_target(const struct page_truth *t, const struct page_marks *m,
                                      const char *text)
{
    bool negative = false, declared = false;
    int64_t value = read_number(text, &negative), ppm = m->target_ppm;
    for (size_t i = 0; i < t->declared_count; i++)
        declared = declared || t->declared[i] == ppm;
    int decimals = 4;
    for (; decimals > 0 && ppm % 10 == 0; decimals--)
        ppm /= 10;
    return declared && !negative && value == ppm ? PAGE_RIGHT : PAGE_WRONG;
}

static enum page_verdict check_upper(const struct page_truth *t, const struct page_marks *m,
                                     const char *text, bool index)
{
    int64_t part = count_at(t, m->at, m->cell), whole = count_at(t, m->at, m->of);
    int64_t plus = index ? 0 : count_at(t, m->at, m->plus);
    bool known = part >= 0 && whole > 0 && plus >= 0 && (!index || m->target_ppm > 0);
    if (part == NOT_AT_HAND)
        return PAGE_UNKNOWN;
    if (!known)
        return compare(text, false, 0);
    return compare(text, true,
                   index ? rounded((__int128)part * 1000 * 1000000, (__int128)whole * m->target_ppm)
                         : rounded((__int128)1000 * (part + plus), whole));
}

/* ---- growth ---- */

/* Counts of a child of the marks' unit, now and then; false where one is not published. */
static bool child_counts(const struct page_truth *t, const struct page_marks *m, size_t unit,
                         double counts[static 4])
{
    const struct cells *cells = &t->c->cells;
    const size_t of[2] = {m->cell, m->of};
    for (size_t i = 0; i < 2; i++) {
        size_t cell = cells_find(cells, (int)cells->population[of[i]], (int)unit,
                                 &cells->categories[of[i] * cells->stride]);
        int64_t now = count_at(t, "", cell), then = count_at(t, m->since, cell);
        if (now < 0 || then < 0)
            return false;
        counts[i] = (double)now;
        counts[2 + i] = (double)then;
    }
    return true;
}

/* change = scope + composition + within: composition and within from the units right below that
 * were there at both dates, scope the rest. The audit takes those whose counts are published at
 * both; the report may name the effects only where that is all of them. */
static enum page_verdict check_growth(const struct page_truth *t, const struct page_marks *m,
                                      const char *is, const char *text)
{
    const struct structure *s = &t->c->rules.structure;
    double whole[4], sum[4] = {0, 0, 0, 0}, child[4], effect[2] = {0, 0};
    bool negative = false;
    size_t index = 0;
    if (!release_of(t, m->since, &index))
        return PAGE_UNKNOWN;
    if (m->cell == SIZE_MAX || !child_counts(t, m, t->c->cells.unit[m->cell], whole))
        return PAGE_WRONG;
    size_t unit = t->c->cells.unit[m->cell];
    for (size_t u = unit + 1; u < s->unit_count; u++)
        if (s->units[u].parent == (int)unit && child_counts(t, m, u, child))
            for (size_t i = 0; i < 4; i++)
                sum[i] += child[i];
    if (sum[1] <= 0 || sum[3] <= 0)
        return PAGE_WRONG;
    for (size_t u = unit + 1; u < s->unit_count; u++) {
        if (s->units[u].parent != (int)unit || !child_counts(t, m, u, child) ||
            (child[1] <= 0 && child[3] <= 0))
            continue;
        double now = child[1] > 0 ? child[0] / child[1] : child[2] / child[3];
        double then = child[3] > 0 ? child[2] / child[3] : child[0] / child[1];
        double w_now = child[1] / sum[1], w_then = child[3] / sum[3];
        effect[0] += (w_now - w_then) * (now + then) / 2;
        effect[1] += (now - then) * (w_now + w_then) / 2;
    }
    double change = whole[0] / whole[1] - whole[2] / whole[3];
    double expected = strcmp(is, "composition") == 0 ? effect[0]
                      : strcmp(is, "within") == 0    ? effect[1]
                                                     : change - effect[0] - effect[1];
    int64_t value = read_number(text, &negative);
    double shown = (double)(negative ? -value : value) / 1000;
    double distance = shown > expected ? shown - expected : expected - shown;
    return value >= 0 && distance <= 0.0005 + 1e-9 ? PAGE_RIGHT : PAGE_WRONG;
}

enum page_verdict page_definition_check(const struct page_truth *t, const char *release,
                                        const char *text)
{
    size_t index = 0;
    const struct past_release *r = release_of(t, release, &index);
    const struct structure *s = r ? &r->rules.structure : &t->c->rules.structure;
    if (!is_code(text))
        return PAGE_WRONG;
    if (release[0] && !r)
        return PAGE_UNKNOWN;
    for (size_t v = 0; v < s->variable_count; v++)
        if (strcmp(s->variables[v].definition, text) == 0)
            return PAGE_RIGHT;
    return PAGE_WRONG;
}

/* The year of the release that the counts are of. */
static enum page_verdict check_year(const struct page_truth *t, const struct page_marks *m,
                                    const char *text)
{
    size_t index = 0;
    const struct past_release *r = release_of(t, m->at, &index);
    if (m->at[0] && !r)
        return PAGE_UNKNOWN;
    date day = r ? r->rules.reference_date : t->c->rules.reference_date;
    return compare(text, true, date_split(day).year);
}

enum page_verdict page_number_check(const struct page_truth *t, const struct page_marks *m,
                                    const char *is, const char *text)
{
    struct page_marks then = *m;
    memcpy(then.at, m->since, sizeof then.at);
    bool since = m->since[0] != '\0';
    if (strcmp(is, "n") == 0)
        return compare_count(text, count_at(t, m->at, m->cell));
    if (strcmp(is, "whole") == 0)
        return compare_count(text, count_at(t, m->at, m->of));
    if (strcmp(is, "plus") == 0)
        return compare_count(text, count_at(t, m->at, m->plus));
    if (strcmp(is, "s") == 0)
        return compare_count(text, page_share(t, m));
    if (strcmp(is, "count-then") == 0)
        return compare_count(text, since ? count_at(t, m->since, m->cell) : HIDDEN);
    if (strcmp(is, "share-then") == 0)
        return compare_count(text, since ? page_share(t, &then) : HIDDEN);
    if (strcmp(is, "change") == 0)
        return check_change(t, m, text);
    if (strcmp(is, "more") == 0)
        return check_more(t, m, text);
    if (strcmp(is, "joined") == 0 || strcmp(is, "left") == 0)
        return check_flow(t, m, text, is[0] == 'j');
    if (strcmp(is, "gap") == 0 || strcmp(is, "growth") == 0)
        return check_gap(t, m, text, strcmp(is, "growth") == 0);
    if (strcmp(is, "definition") == 0)
        return page_definition_check(t, m->at, text);
    if (strcmp(is, "year") == 0)
        return check_year(t, m, text);
    if (strcmp(is, "target") == 0)
        return check_target(t, m, text);
    if (strcmp(is, "scope") == 0 || strcmp(is, "composition") == 0 || strcmp(is, "within") == 0)
        return check_growth(t, m, is, text);
    if (strcmp(is, "upper") == 0 || strcmp(is, "index") == 0)
        return check_upper(t, m, text, is[0] == 'i');
    return PAGE_WRONG;
}
