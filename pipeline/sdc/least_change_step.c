/* SPDX-License-Identifier: EUPL-1.2 */
/* The dual step of include/sdc/least_change.h: the ratio test, which goes on past falls that are
 * blocked by a count as long as the dual grows. */
#include "sdc/least_change_state.h"

#include <math.h>

static const double ELEMENT = 1e-9; /* smaller ones are 0 */
static const double TIE = 1e-10;    /* between breakpoints */

static void find_pivot_row(struct least_change *l, uint32_t row)
{
    const struct change_system *a = l->system;
    sparse_clear(&l->inverse_row);
    sparse_clear(&l->pivot_row);
    sparse_add(&l->inverse_row, row, 1);
    eta_file_back(&l->etas, &l->inverse_row);
    for (size_t k = 0; k < l->inverse_row.count; k++) {
        uint32_t r = l->inverse_row.list[k];
        double value = l->inverse_row.value[r];
        if (fabs(value) < ELEMENT)
            continue;
        for (uint32_t i = a->row_start[r]; i < a->row_start[r + 1]; i++)
            sparse_add(&l->pivot_row, element_place(a->row[i]), element_times(a->row[i], value));
    }
}

static bool is_before(const struct breakpoint *a, const struct breakpoint *b)
{
    return a->at < b->at || (a->at == b->at && a->element > b->element);
}

static void sift_down(struct least_change *l, size_t i)
{
    struct breakpoint moving = l->points[i];
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= l->point_count)
            break;
        if (child + 1 < l->point_count && is_before(&l->points[child + 1], &l->points[child]))
            child++;
        if (!is_before(&l->points[child], &moving))
            break;
        l->points[i] = l->points[child];
        i = child;
    }
    l->points[i] = moving;
}

static struct breakpoint take_first(struct least_change *l)
{
    struct breakpoint first = l->points[0];
    l->points[0] = l->points[--l->point_count];
    if (l->point_count)
        sift_down(l, 0);
    return first;
}

static void add_point(struct least_change *l, uint32_t column, double distance, double element,
                      enum status enters)
{
    double size = fabs(element), at = distance > 0 ? distance / size : 0;
    if (at > l->last)
        return;
    if (enters == BASIC_RISE)
        l->last = at + TIE * (1 + at);
    l->points[l->point_count++] = (struct breakpoint){
        .at = at,
        .element = size,
        .slope = enters == BASIC_RISE ? HUGE_VAL : size * l->limits[column].fall,
        .column = column,
        .enters = enters};
}

/* element: of the pivot row, times the direction of the dual step. */
static void add_points(struct least_change *l, uint32_t column, double element)
{
    double up = l->limits[column].up, down = l->limits[column].down;
    double dual = l->dual.value[column];
    bool falls = l->limits[column].fall > 0;
    enum status status = l->status[column];
    if (element > 0 && status == AT_FALL)
        add_point(l, column, -down - dual, element, BASIC_FALL);
    if (element > 0 && (status == AT_ZERO || status == AT_FALL))
        add_point(l, column, up - dual, element, BASIC_RISE);
    if (element < 0 && status == AT_ZERO && falls)
        add_point(l, column, dual + down, element, BASIC_FALL);
}

static void list_points(struct least_change *l, uint32_t row, double sign)
{
    uint32_t leaving = l->head[row];
    l->point_count = 0;
    l->last = HUGE_VAL;
    for (size_t i = 0; i < l->pivot_row.count; i++) {
        uint32_t c = l->pivot_row.list[i];
        double element = sign * l->pivot_row.value[c];
        if (fabs(element) > ELEMENT && c != l->target && !l->limits[c].closed)
            add_points(l, c, element);
    }
    /* The kink of the leaving variable's own price. */
    if (leaving != SLACK) {
        double both = l->limits[leaving].up + l->limits[leaving].down;
        if (sign < 0 && l->status[leaving] == BASIC_RISE && l->limits[leaving].fall > 0)
            add_point(l, leaving, both, 1, BASIC_FALL);
        if (sign > 0 && l->status[leaving] == BASIC_FALL)
            add_point(l, leaving, both, 1, BASIC_RISE);
    }
    for (size_t i = l->point_count / 2; i-- > 0;)
        sift_down(l, i);
}

/* Falls that are passed, or taken back: to their other bound. */
static void pass(struct least_change *l, const struct breakpoint *p)
{
    double fall = l->limits[p->column].fall;
    bool falling = l->status[p->column] == AT_ZERO;
    least_change_add_column(l, &l->jump, p->column, falling ? -fall : fall);
    sparse_add(&l->dual, p->column, 0); /* what is listed there is put back for the next one */
    l->status[p->column] = falling ? AT_FALL : AT_ZERO;
}

/* The entering column, after those that are passed. *bound: where the leaving variable stops. */
static bool choose_column(struct least_change *l, uint32_t leaving, double slope, double *bound,
                          struct breakpoint *entering)
{
    sparse_clear(&l->jump);
    for (;;) {
        if (!l->point_count)
            return false;
        *entering = take_first(l);
        slope -= entering->slope;
        if (slope <= TIE)
            break;
        if (entering->column == leaving)
            *bound = -l->limits[leaving].fall;
        else
            pass(l, entering);
    }
    /* Of those that come at once, the largest element is the safest pivot. */
    double at = entering->at;
    while (l->point_count && l->points[0].at <= at + TIE * (1 + at)) {
        struct breakpoint other = take_first(l);
        if (other.element > entering->element)
            *entering = other;
    }
    return true;
}

bool least_change_step(struct least_change *l, uint32_t row, double by, double *bound,
                       struct breakpoint *entering)
{
    find_pivot_row(l, row);
    list_points(l, row, by > 0 ? 1 : -1);
    return choose_column(l, l->head[row], fabs(by), bound, entering);
}
