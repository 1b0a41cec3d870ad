/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/link/row_records.h. */
#include "link/row_records.h"

/* All cells the same. */
static bool is_uniform(const struct column *c, size_t rows)
{
    size_t width = column_width(c->type);
    const char *cells = c->cells;
    return rows < 2 || memcmp(cells, cells + width, (rows - 1) * width) == 0;
}

static void add_cell(struct row_records *r, struct column *c)
{
    size_t width = column_width(c->type);
    uint64_t flip = c->type == COLUMN_I32 ? UINT64_C(1) << 31 : 0;
    r->cells[r->cell_count++] = (struct record_cell){c, r->width, width, flip};
    r->width += width;
}

void records_of(struct row_records *r, const struct frame *f, const struct column *person)
{
    memset(r, 0, sizeof *r);
    r->has_person = person != NULL;
    for (size_t i = 0; person && i < f->column_count; i++)
        if (f->columns[i] == person)
            add_cell(r, f->columns[i]);
    for (size_t i = 0; i < f->column_count; i++)
        if ((!person || f->columns[i] != person) && !is_uniform(f->columns[i], f->rows))
            add_cell(r, f->columns[i]);
    /* All rows are the same one: something must tell how many there are. */
    if (r->width == 0 && f->column_count > 0)
        add_cell(r, f->columns[0]);
}

/* A constant width lets the compiler turn each memcpy into one load and one store. */
#define BY_WIDTH(MOVE, bytes) \
    switch (bytes) {          \
    case 1:                   \
        MOVE(1);              \
        break;                \
    case 2:                   \
        MOVE(2);              \
        break;                \
    case 4:                   \
        MOVE(4);              \
        break;                \
    case 8:                   \
        MOVE(8);              \
        break;                \
    default:                  \
        MOVE(16);             \
    }
#define SCATTER(bytes)                 \
    for (size_t i = 0; i < count; i++) \
    memcpy(records + to[i] * record, cells + i * (bytes), bytes)
#define GATHER(bytes)                  \
    for (size_t i = 0; i < count; i++) \
    memcpy(cells + i * (bytes), records + from[i] * record, bytes)

void records_scatter(const struct row_records *r, size_t row, const uint32_t *to, size_t count)
{
    size_t record = r->width;
    for (size_t c = 0; c < r->cell_count; c++) {
        const struct record_cell *cell = &r->cells[c];
        const char *cells = (const char *)cell->column->cells + row * cell->width;
        uint8_t *records = r->bytes + cell->offset;
        BY_WIDTH(SCATTER, cell->width)
    }
}

void records_gather(const struct row_records *r, size_t row, const uint32_t *from, size_t count)
{
    size_t record = r->width;
    for (size_t c = 0; c < r->cell_count; c++) {
        const struct record_cell *cell = &r->cells[c];
        char *cells = (char *)cell->column->cells + row * cell->width;
        const uint8_t *records = r->bytes + cell->offset;
        BY_WIDTH(GATHER, cell->width)
    }
}

/* A cell as a number; `flip` orders negative ones before the others. */
static inline uint64_t load(const uint8_t *from, size_t width, uint64_t flip)
{
    uint16_t two;
    uint32_t four;
    uint64_t eight;
    switch (width) {
    case 1:
        return *from;
    case 2:
        memcpy(&two, from, sizeof two);
        return two;
    case 4:
        memcpy(&four, from, sizeof four);
        return four ^ flip;
    default:
        memcpy(&eight, from, sizeof eight);
        return eight;
    }
}

int records_compare(const struct row_records *r, size_t a, size_t b)
{
    const uint8_t *one = r->bytes + a * r->width, *other = r->bytes + b * r->width;
    for (size_t c = r->has_person; c < r->cell_count; c++) {
        const struct record_cell *cell = &r->cells[c];
        int order;
        if (cell->width == 16) {
            order = memcmp(one + cell->offset, other + cell->offset, 16);
        } else {
            uint64_t x = load(one + cell->offset, cell->width, cell->flip);
            uint64_t y = load(other + cell->offset, cell->width, cell->flip);
            order = (x > y) - (x < y);
        }
        if (order != 0)
            return order;
    }
    return 0;
}
