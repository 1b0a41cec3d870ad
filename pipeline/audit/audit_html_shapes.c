/* SPDX-License-Identifier: EUPL-1.2 */
/* Is what a page draws as long or as high as its share? See include/audit/page_reading.h. */
#include "audit/page_reading.h"

#include <stdio.h>
#include <string.h>

bool page_is_shape(const char *is)
{
    return strcmp(is, "bar") == 0 || strcmp(is, "line") == 0 || strcmp(is, "point") == 0 ||
           strcmp(is, "declared") == 0 || strcmp(is, "level") == 0;
}

/* What is drawn without a mark is a ground, as wide as its chart. */
bool page_is_ground(const struct page_element *e, const char *name, const char **attributes)
{
    const char *width = page_attribute(attributes, "width");
    if (strcmp(name, "rect") != 0)
        return strcmp(name, "circle") != 0;
    return width && e->size > 0 && page_whole_number(width) == e->size;
}

/* "M x y H x": a line across at the height of a share that the manifest declares. */
static bool is_level(const struct page_reading *r, const struct page_element *e, const char *d)
{
    long long x, y, to_x;
    int used = 0;
    if (!d || e->most <= 0 || sscanf(d, "M%lld %lldH%lld%n", &x, &y, &to_x, &used) != 3 || d[used])
        return false;
    for (size_t i = 0; i < r->truth->declared_count; i++)
        if (y == PAGE_CHART_BOTTOM - (r->truth->declared[i] + 500) / 1000 * e->size / e->most)
            return true;
    return false;
}

static bool share_fits(struct page_reading *r, int64_t share, int64_t drawn, int64_t size,
                       int64_t most)
{
    if (share == -2) {
        r->unknown++;
        return true;
    }
    return share >= 0 && most > 0 && drawn == share * size / most;
}

/* "--s:9.6" is the share; ";--m:20" behind it an axis's end, which says nothing by itself. */
void page_style_check(struct page_reading *r, struct page_element *e, const char *style)
{
    char expected[32];
    int64_t share = page_share(r->truth, &e->marks);
    (void)snprintf(expected, sizeof expected, "--s:%lld.%lld", (long long)(share / 10),
                   (long long)(share % 10));
    size_t length = strlen(expected);
    bool good = share >= 0 && strncmp(style, expected, length) == 0;
    if (good && style[length])
        good =
            strncmp(style + length, ";--m:", 5) == 0 && page_whole_number(style + length + 5) > 0;
    if (!good)
        page_find(r, "a bar that is not its share");
}

void page_shape_check(struct page_reading *r, const struct page_element *e, const char **attributes)
{
    const char *width = page_attribute(attributes, "width"), *x = page_attribute(attributes, "x");
    const char *cy = page_attribute(attributes, "cy"), *cx = page_attribute(attributes, "cx");
    int64_t declared = e->marks.target_ppm < 0 ? -1 : (e->marks.target_ppm + 500) / 1000;
    int64_t share = strcmp(e->is, "declared") == 0 ? declared : page_share(r->truth, &e->marks);
    r->numbers++;
    if (strcmp(e->is, "bar") == 0) {
        if (!width || !share_fits(r, share, page_whole_number(width), e->size, e->most))
            page_find(r, "a bar that is not its share");
    } else if (strcmp(e->is, "line") == 0) {
        if (!x || !share_fits(r, declared, page_whole_number(x), e->size, e->most))
            page_find(r, "a line that is not its target");
    } else if (strcmp(e->is, "level") == 0) {
        if (!is_level(r, e, page_attribute(attributes, "d")))
            page_find(r, "a line that is not its target");
    } else if (!cy || !cx ||
               !share_fits(r, share, PAGE_CHART_BOTTOM - page_whole_number(cy), e->size, e->most)) {
        page_find(r, "a dot that is not its share");
    } else if (r->dot_count < PAGE_POINTS) {
        r->dots[r->dot_count++] = (struct page_place){page_whole_number(cx), page_whole_number(cy)};
    }
}

/* "M x y L x y": a line from dot to dot; looked up when the chart is read. */
void page_line_note(struct page_reading *r, const char *d)
{
    long long x, y, to_x, to_y;
    int used = 0;
    if (sscanf(d, "M%lld %lldL%lld %lld%n", &x, &y, &to_x, &to_y, &used) != 4 || d[used] ||
        r->end_count + 2 > 2 * PAGE_POINTS) {
        page_find(r, "a line that leads from no dot to another");
        return;
    }
    r->ends[r->end_count++] = (struct page_place){x, y};
    r->ends[r->end_count++] = (struct page_place){to_x, to_y};
}

void page_lines_check(struct page_reading *r)
{
    for (size_t i = 0; i < r->end_count; i++) {
        bool found = false;
        for (size_t k = 0; k < r->dot_count; k++)
            found = found || (r->dots[k].x == r->ends[i].x && r->dots[k].y == r->ends[i].y);
        if (!found)
            page_find(r, "a line that leads from no dot to another");
    }
    r->dot_count = r->end_count = 0;
}
