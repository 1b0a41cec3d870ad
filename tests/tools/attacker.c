/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * attacker RELEASE: what somebody can work out from rules.json and tables/NAME.csv of a release,
 * and nothing else. For every hidden sensitive cell, its least and greatest value over all tables
 * that agree with the published cells, by linear programming (GLPK), and by branch and bound where
 * whole numbers could matter; then README "What is protected". Exit 0: everything is protected; 1:
 * a violation; 2: cannot tell.
 *
 * Independent on purpose: no header and no code of herkomst, only what the published format says.
 * One part of the system at a time; a vertex in whole numbers counts as seen for every cell, so
 * most cells need no programme of their own. Memory is never given back: the program ends soon.
 */
#include <glpk.h>
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELDS = 24, LINE = 8192, KEY = 512, NODES = 5000 };
static const double NEAR = 1e-6;

struct cell {
    char *key;
    int64_t count; /* -1: hidden */
    bool sensitive;
    int64_t group; /* -1: not known */
    size_t part, column;
    int64_t low, high; /* seen in whole numbers; low > high: never */
};

struct term {
    size_t cell;
    double factor;
};

struct equation { /* the terms add up to 0, or (at_most) to 0 or less */
    struct term *terms;
    size_t count;
    bool at_most;
    size_t row;
};

static struct cell *cells;
static size_t cell_count, cell_capacity;
static size_t *slots, slot_count;
static struct equation *equations;
static size_t equation_count, equation_capacity;
static json_t *rules;
static int64_t threshold, width;
static bool interval, public_head_counts;

__attribute__((format(printf, 1, 2))) static _Noreturn void give_up(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    (void)fputs("attacker: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    (void)fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

static void *grown(void *array, size_t *capacity, size_t count, size_t size)
{
    if (count < *capacity)
        return array;
    *capacity = *capacity ? 2 * *capacity : 1024;
    void *more = realloc(array, *capacity * size);
    if (!more)
        give_up("out of memory");
    return more;
}

static void *zeroed(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    if (!memory)
        give_up("out of memory");
    return memory;
}

/* ---- cells by key ---- */

static size_t slot_of(const char *key)
{
    uint64_t hash = 14695981039346656037U;
    for (const char *c = key; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211U;
    size_t i = (size_t)hash % slot_count;
    while (slots[i] && strcmp(cells[slots[i] - 1].key, key) != 0)
        i = (i + 1) % slot_count;
    return i;
}

static size_t cell_find(const char *key)
{
    size_t at = slots[slot_of(key)];
    return at ? at - 1 : SIZE_MAX;
}

static size_t cell_make(const char *key)
{
    size_t slot = slot_of(key);
    if (slots[slot])
        return slots[slot] - 1;
    if (2 * cell_count > slot_count)
        give_up("too many cells");
    cells = grown(cells, &cell_capacity, cell_count, sizeof *cells);
    char *copy = strdup(key);
    if (!copy)
        give_up("out of memory");
    cells[cell_count] = (struct cell){.key = copy, .count = -2, .group = -1, .low = 0, .high = -1};
    slots[slot] = ++cell_count;
    return cell_count - 1;
}

/* ---- the rules ---- */

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static json_t *named(const char *list, const char *name)
{
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(rules, list), i, item)
    {
        if (strcmp(text_of(item, "name"), name) == 0)
            return item;
    }
    give_up("rules.json: no such name in %s", list);
}

/* A table's variables, in its order; returns how many. */
static size_t table_variables(const json_t *table, json_t *variables[FIELDS])
{
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(table, "variables"), i, name)
    {
        if (i == FIELDS)
            give_up("too many variables");
        variables[i] = named("variables", json_string_value(name));
    }
    return json_array_size(json_object_get(table, "variables"));
}

static bool in_list(const json_t *list, const char *word)
{
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item)
    {
        if (strcmp(json_string_value(item), word) == 0)
            return true;
    }
    return false;
}

/* population|unit|variable=category..., totals left out; variables sorted by their order in
 * rules.json. */
static void make_key(char out[KEY], const json_t *table, const char *unit, json_t *const *variables,
                     const char *const *categories, size_t count)
{
    int n = snprintf(out, KEY, "%s|%s", text_of(table, "population"), unit);
    size_t v;
    json_t *variable;
    json_array_foreach(json_object_get(rules, "variables"), v, variable)
    {
        for (size_t i = 0; i < count; i++)
            if (variables[i] == variable && strcmp(categories[i], "total") != 0)
                n += snprintf(out + n, KEY - (size_t)n, "|%s=%s", text_of(variable, "name"),
                              categories[i]);
        if (n >= KEY)
            give_up("a key is too long");
    }
}

/* ---- the tables ---- */

/* Splits a line of a herkomst CSV file; returns the number of fields. */
static size_t split(char *line, char *fields[FIELDS])
{
    size_t count = 0;
    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line;;) {
        if (count == FIELDS || *at == '"')
            give_up("a table has a line that cannot be read");
        fields[count++] = at;
        at += strcspn(at, ",");
        if (!*at)
            return count;
        *at++ = '\0';
    }
}

static void read_row(const json_t *table, json_t *const *variables, size_t count, char **fields)
{
    char key[KEY], group_key[KEY];
    const char *categories[FIELDS] = {0}, *group[FIELDS] = {0};
    const char *figure = fields[3 + count], *status = fields[4 + count];
    if (strcmp(status, "n") == 0)
        return; /* not delivered: no cell */
    bool sensitive = !public_head_counts;
    for (size_t i = 0; i < count; i++) {
        const json_t *list = json_object_get(variables[i], "sensitive");
        categories[i] = fields[3 + i];
        sensitive = sensitive || in_list(list, categories[i]);
        group[i] = json_array_size(list) || !public_head_counts ? "total" : categories[i];
    }
    make_key(key, table, fields[2], variables, categories, count);
    size_t cell = cell_make(key);
    int64_t value = *status ? -1 : (int64_t)strtoll(figure, NULL, 10);
    if (cells[cell].count != -2 && cells[cell].count != value)
        give_up("%s differs between tables", key);
    cells[cell].count = value;
    cells[cell].sensitive = sensitive;
    const char *top = text_of(json_array_get(json_object_get(rules, "units"), 0), "unit");
    make_key(group_key, table, public_head_counts ? fields[2] : top, variables, group, count);
    cells[cell].group = (int64_t)cell_make(group_key);
}

static void read_table(const char *release, const json_t *table)
{
    char path[4096], line[LINE], *fields[FIELDS] = {0};
    json_t *variables[FIELDS] = {0};
    size_t count = table_variables(table, variables);
    (void)snprintf(path, sizeof path, "%s/tables/%s.csv", release, text_of(table, "name"));
    FILE *file = fopen(path, "r");
    if (!file)
        give_up("cannot open %s", path);
    bool header = true;
    while (fgets(line, sizeof line, file)) {
        if (split(line, fields) != 5 + count)
            give_up("%s: a line has too many or too few fields", path);
        if (!header)
            read_row(table, variables, count, fields);
        header = false;
    }
    if (fclose(file) != 0)
        give_up("cannot read %s", path);
}

/* ---- the equations ---- */

/* The total and its first child tell an equation; it may stand in several tables. */
static bool is_new(const struct term *terms, bool at_most)
{
    static size_t *seen;
    static const size_t SLOTS = 8000009;
    if (!seen)
        seen = zeroed(SLOTS, sizeof *seen);
    size_t at = (terms[0].cell * 31 + terms[1].cell * 1000003 + at_most) % SLOTS;
    for (; seen[at]; at = (at + 1) % SLOTS) {
        const struct equation *e = &equations[seen[at] - 1];
        if (e->terms[0].cell == terms[0].cell && e->terms[1].cell == terms[1].cell &&
            e->at_most == at_most)
            return false;
    }
    seen[at] = equation_count + 1;
    return true;
}

static void add_equation(const struct term *terms, size_t count, bool at_most)
{
    if (!is_new(terms, at_most))
        return;
    equations = grown(equations, &equation_capacity, equation_count, sizeof *equations);
    struct term *copy = zeroed(count, sizeof *copy);
    memcpy(copy, terms, count * sizeof *copy);
    equations[equation_count++] = (struct equation){copy, count, at_most, 0};
}

/* total = children, if the total is a cell and has children that are. */
static void add_sum(const char *total, char (*children)[KEY], size_t count)
{
    struct term terms[512];
    size_t n = 0;
    terms[n++] = (struct term){cell_find(total), -1};
    if (terms[0].cell == SIZE_MAX)
        return;
    for (size_t i = 0; i < count; i++) {
        size_t cell = cell_find(children[i]);
        if (cell != SIZE_MAX && n < 512)
            terms[n++] = (struct term){cell, 1};
    }
    if (n > 1)
        add_equation(terms, n, false);
}

struct coordinates {
    const json_t *table;
    json_t *variables[FIELDS];
    size_t count;
    const json_t *unit;
    const char *categories[FIELDS];
};

static void key_of(char out[KEY], const struct coordinates *c)
{
    make_key(out, c->table, text_of(c->unit, "unit"), c->variables, c->categories, c->count);
}

static void sum_over_units(struct coordinates *c)
{
    static char children[512][KEY];
    char total[KEY];
    const json_t *parent = c->unit;
    size_t n = 0, i;
    json_t *unit;
    key_of(total, c);
    json_array_foreach(json_object_get(rules, "units"), i, unit)
    {
        if (n < 512 && strcmp(text_of(unit, "parent"), text_of(parent, "unit")) == 0) {
            c->unit = unit;
            key_of(children[n++], c);
        }
    }
    c->unit = parent;
    add_sum(total, children, n);
}

static void sum_over_variable(struct coordinates *c, size_t v)
{
    static char children[512][KEY];
    char total[KEY];
    const char *parent = c->categories[v];
    size_t n = 0, i;
    json_t *category;
    key_of(total, c);
    json_array_foreach(json_object_get(c->variables[v], "categories"), i, category)
    {
        if (n < 512 && strcmp(text_of(category, "parent"), parent) == 0) {
            c->categories[v] = text_of(category, "name");
            key_of(children[n++], c);
        }
    }
    c->categories[v] = parent;
    add_sum(total, children, n);
}

/* A table within another: where the cell also stands in the other's shape, it is at most the one
 * there. */
static void bound_by(struct coordinates *c, const json_t *outer)
{
    char mine[KEY], theirs[KEY];
    json_t *variables[FIELDS];
    size_t count = table_variables(outer, variables);
    for (size_t i = 0; i < c->count; i++) {
        bool shared = strcmp(c->categories[i], "total") == 0;
        for (size_t k = 0; k < count; k++)
            shared = shared || variables[k] == c->variables[i];
        if (!shared)
            return;
    }
    key_of(mine, c);
    make_key(theirs, outer, text_of(c->unit, "unit"), c->variables, c->categories, c->count);
    struct term terms[2] = {{cell_find(mine), 1}, {cell_find(theirs), -1}};
    if (terms[0].cell != SIZE_MAX && terms[1].cell != SIZE_MAX)
        add_equation(terms, 2, true);
}

/* Every combination of categories of the table at one unit, counted like a clock. */
static void walk_unit(struct coordinates *c, const json_t *outer)
{
    size_t at[FIELDS] = {0};
    for (;;) {
        for (size_t v = 0; v < c->count; v++) {
            const json_t *list = json_object_get(c->variables[v], "categories");
            c->categories[v] = at[v] ? text_of(json_array_get(list, at[v] - 1), "name") : "total";
        }
        sum_over_units(c);
        for (size_t v = 0; v < c->count; v++)
            sum_over_variable(c, v);
        if (outer)
            bound_by(c, outer);
        size_t v = 0;
        while (v < c->count &&
               at[v] == json_array_size(json_object_get(c->variables[v], "categories")))
            at[v++] = 0;
        if (v == c->count)
            return;
        at[v]++;
    }
}

static void walk_table(const json_t *table)
{
    struct coordinates c = {.table = table};
    c.count = table_variables(table, c.variables);
    const char *within = json_string_value(json_object_get(table, "within"));
    size_t i;
    json_t *unit;
    json_array_foreach(json_object_get(rules, "units"), i, unit)
    {
        c.unit = unit;
        walk_unit(&c, within ? named("tables", within) : NULL);
    }
}

/* ---- parts ---- */

static size_t root_of(size_t cell)
{
    while (cells[cell].part != cell) {
        cells[cell].part = cells[cells[cell].part].part;
        cell = cells[cell].part;
    }
    return cell;
}

static void join_parts(void)
{
    for (size_t i = 0; i < cell_count; i++)
        cells[i].part = i;
    for (size_t e = 0; e < equation_count; e++) {
        size_t first = SIZE_MAX;
        for (size_t t = 0; t < equations[e].count; t++) {
            size_t cell = equations[e].terms[t].cell;
            if (cells[cell].count >= 0)
                continue;
            if (first == SIZE_MAX)
                first = cell;
            cells[root_of(cell)].part = root_of(first);
        }
    }
}

struct part {
    size_t *members, count;
    size_t *rows, row_count; /* equations */
    glp_prob *lp;
    glp_prob *moves; /* the same, as changes up and down of the table `base` */
    double *base;
    size_t programmes;
};

static void build(struct part *p)
{
    p->lp = glp_create_prob();
    glp_add_cols(p->lp, (int)p->count);
    for (size_t i = 0; i < p->count; i++) {
        cells[p->members[i]].column = i + 1;
        glp_set_col_bnds(p->lp, (int)i + 1, GLP_LO, 0, 0);
        glp_set_col_kind(p->lp, (int)i + 1, GLP_IV);
    }
    if (p->row_count)
        glp_add_rows(p->lp, (int)p->row_count);
    for (size_t r = 0; r < p->row_count; r++) {
        const struct equation *e = &equations[p->rows[r]];
        int columns[513], n = 0;
        double values[513], right = 0;
        for (size_t t = 0; t < e->count; t++) {
            const struct cell *c = &cells[e->terms[t].cell];
            if (c->count >= 0) {
                right -= e->terms[t].factor * (double)c->count;
            } else {
                columns[++n] = (int)c->column;
                values[n] = e->terms[t].factor;
            }
        }
        glp_set_mat_row(p->lp, (int)r + 1, n, columns, values);
        glp_set_row_bnds(p->lp, (int)r + 1, e->at_most ? GLP_UP : GLP_FX, right, right);
    }
}

static void solve(struct part *p)
{
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    if (glp_simplex(p->lp, &parameters) != 0)
        give_up("the solver failed");
    p->programmes++;
    int status = glp_get_status(p->lp);
    if (status != GLP_OPT && status != GLP_UNBND)
        give_up("no table agrees with what is published");
}

/* Notes a whole-number solution for all cells; false if it is none. */
static bool see(const struct part *p, double (*value)(glp_prob *, int))
{
    for (size_t i = 0; i < p->count; i++) {
        double x = value(p->lp, (int)i + 1);
        if (fabs(x - nearbyint(x)) > NEAR)
            return false;
    }
    for (size_t i = 0; i < p->count; i++) {
        struct cell *c = &cells[p->members[i]];
        int64_t x = (int64_t)nearbyint(value(p->lp, (int)i + 1));
        bool first = c->low > c->high;
        c->low = first || x < c->low ? x : c->low;
        c->high = first || x > c->high ? x : c->high;
    }
    return true;
}

/* ---- the criterion ---- */

static bool range_protected(const struct cell *c, double low, double high)
{
    int64_t group = c->group >= 0 ? cells[c->group].count : -1;
    int64_t reach = interval ? threshold : 0, wide = interval ? width : 1;
    if (group >= 0) {
        reach = group < reach ? group : reach;
        wide = group < wide ? group : wide;
    }
    if (interval && low >= (double)threshold)
        return true;
    return high >= (double)reach && high - low >= (double)wide;
}

static bool settled(const struct cell *c)
{
    return !c->sensitive ||
           (c->low <= c->high && range_protected(c, (double)c->low, (double)c->high));
}

/* ---- the attack ---- */

static void no_objective(struct part *p)
{
    for (size_t i = 0; i < p->count; i++)
        glp_set_obj_coef(p->lp, (int)i + 1, 0);
}

static void count_nodes(glp_tree *tree, void *left)
{
    if (glp_ios_reason(tree) == GLP_ISELECT && --*(int *)left < 0)
        glp_ios_terminate(tree);
}

/* Branch and bound from the optimum at hand; true if it came to the end. */
static bool solve_whole(struct part *p)
{
    glp_iocp parameters;
    int left = NODES;
    glp_init_iocp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.cb_func = count_nodes;
    parameters.cb_info = &left;
    bool done = glp_intopt(p->lp, &parameters) == 0 && glp_mip_status(p->lp) == GLP_OPT;
    if (done || glp_mip_status(p->lp) == GLP_FEAS)
        (void)see(p, glp_mip_col_val);
    return done;
}

/* Any whole-number table, to start from; false if none was found. */
static bool find_base(struct part *p)
{
    no_objective(p);
    solve(p);
    bool whole = see(p, glp_get_col_prim);
    if (!whole && !solve_whole(p))
        return false;
    p->base = zeroed(p->count, sizeof *p->base);
    for (size_t i = 0; i < p->count; i++)
        p->base[i] = nearbyint(whole ? glp_get_col_prim(p->lp, (int)i + 1)
                                     : glp_mip_col_val(p->lp, (int)i + 1));
    return true;
}

/* A change of one cell with the least change of the others is nearly always a whole-number one. */
static void build_moves(struct part *p)
{
    p->moves = glp_create_prob();
    glp_add_cols(p->moves, (int)(2 * p->count));
    if (p->row_count)
        glp_add_rows(p->moves, (int)p->row_count);
    for (size_t i = 0; i < p->count; i++) {
        int up = (int)(2 * i) + 1;
        glp_set_obj_coef(p->moves, up, 1);
        glp_set_obj_coef(p->moves, up + 1, 1);
        glp_set_col_bnds(p->moves, up, GLP_LO, 0, 0);
        glp_set_col_bnds(p->moves, up + 1, p->base[i] > 0 ? GLP_DB : GLP_FX, 0, p->base[i]);
    }
    for (size_t r = 0; r < p->row_count; r++) {
        const struct equation *e = &equations[p->rows[r]];
        int columns[1025], n = 0;
        double values[1025], rest = glp_get_row_ub(p->lp, (int)r + 1);
        for (size_t t = 0; t < e->count; t++) {
            const struct cell *c = &cells[e->terms[t].cell];
            if (c->count >= 0)
                continue;
            for (int way = 0; way < 2; way++) {
                columns[++n] = (int)(2 * c->column) - 1 + way;
                values[n] = way ? -e->terms[t].factor : e->terms[t].factor;
            }
            rest -= e->terms[t].factor * p->base[c->column - 1];
        }
        glp_set_mat_row(p->moves, (int)r + 1, n, columns, values);
        glp_set_row_bnds(p->moves, (int)r + 1, e->at_most ? GLP_UP : GLP_FX, rest, rest);
    }
}

static double moved(const struct part *p, size_t i)
{
    return p->base[i] + glp_get_col_prim(p->moves, (int)(2 * i) + 1) -
           glp_get_col_prim(p->moves, (int)(2 * i) + 2);
}

/* Notes the moved table, if it is one of whole numbers. */
static void see_moved(const struct part *p)
{
    for (size_t i = 0; i < p->count; i++)
        if (fabs(moved(p, i) - nearbyint(moved(p, i))) > NEAR)
            return;
    for (size_t i = 0; i < p->count; i++) {
        struct cell *c = &cells[p->members[i]];
        int64_t x = (int64_t)nearbyint(moved(p, i));
        c->low = x < c->low ? x : c->low;
        c->high = x > c->high ? x : c->high;
    }
}

static void try_value(struct part *p, const struct cell *c, int64_t value)
{
    int up = (int)(2 * c->column) - 1;
    double base = p->base[c->column - 1], by = (double)value - base;
    if (value < 0 || by == 0)
        return;
    glp_set_col_bnds(p->moves, up, GLP_FX, by > 0 ? by : 0, 0);
    glp_set_col_bnds(p->moves, up + 1, GLP_FX, by < 0 ? -by : 0, 0);
    glp_smcp parameters;
    glp_init_smcp(&parameters);
    parameters.msg_lev = GLP_MSG_OFF;
    parameters.meth = GLP_DUALP;
    glp_std_basis(p->moves);
    int rc = glp_simplex(p->moves, &parameters);
    p->programmes++;
    if (rc == 0 && glp_get_status(p->moves) == GLP_OPT)
        see_moved(p);
    glp_set_col_bnds(p->moves, up, GLP_LO, 0, 0);
    glp_set_col_bnds(p->moves, up + 1, base > 0 ? GLP_DB : GLP_FX, 0, base);
}

/* Shows the cell at the two ends that the criterion asks for, if moves can. */
static void attack_by_moves(struct part *p, const struct cell *c)
{
    int64_t reach = interval ? threshold : 0, wide = interval ? width : 1;
    if (c->group >= 0 && cells[c->group].count >= 0) {
        int64_t group = cells[c->group].count;
        reach = group < reach ? group : reach;
        wide = group < wide ? group : wide;
    }
    try_value(p, c, c->low + wide > reach ? c->low + wide : reach);
    if (settled(c))
        return;
    try_value(p, c, reach);
    int64_t low = (c->high > reach ? c->high : reach) - wide;
    try_value(p, c, low > 0 ? low : 0);
}

/* One end of a cell's range: the linear bound, rounded inwards, or in whole numbers. */
static double extreme(struct part *p, const struct cell *c, int direction, bool whole)
{
    no_objective(p);
    glp_set_obj_coef(p->lp, (int)c->column, 1);
    glp_set_obj_dir(p->lp, direction);
    solve(p);
    if (glp_get_status(p->lp) == GLP_UNBND)
        return HUGE_VAL;
    double value = glp_get_obj_val(p->lp);
    if (!see(p, glp_get_col_prim) && whole && solve_whole(p))
        value = glp_mip_obj_val(p->lp);
    return direction == GLP_MAX ? floor(value + NEAR) : ceil(value - NEAR);
}

static bool attack_cell(struct part *p, const struct cell *c)
{
    for (int whole = 0; whole < 2; whole++) {
        double high = extreme(p, c, GLP_MAX, whole), low = extreme(p, c, GLP_MIN, whole);
        if (!range_protected(c, low, high))
            return false;
        if (settled(c) || (interval && low >= (double)threshold))
            return true;
    }
    return true; /* no violation in whole numbers either, as far as the search went */
}

static size_t attack_part(struct part *p)
{
    size_t violations = 0;
    bool wanted = false;
    for (size_t i = 0; i < p->count; i++)
        wanted = wanted || cells[p->members[i]].sensitive;
    if (!wanted)
        return 0;
    build(p);
    if (find_base(p))
        build_moves(p);
    for (size_t i = 0; i < p->count; i++) {
        const struct cell *c = &cells[p->members[i]];
        if (!settled(c) && p->moves)
            attack_by_moves(p, c);
        if (settled(c) || attack_cell(p, c))
            continue;
        violations++;
        (void)printf("violation %s\n", c->key);
    }
    glp_delete_prob(p->lp);
    if (p->moves)
        glp_delete_prob(p->moves);
    free(p->base);
    return violations;
}

static void read_rules(const char *release)
{
    char path[4096];
    json_error_t error;
    (void)snprintf(path, sizeof path, "%s/rules.json", release);
    rules = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!rules)
        give_up("%s line %d: %s", path, error.line, error.text);
    const json_t *d = json_object_get(rules, "disclosure");
    threshold = json_integer_value(json_object_get(d, "threshold"));
    width = json_integer_value(json_object_get(d, "protection_width"));
    interval = strcmp(text_of(d, "protection"), "interval") == 0;
    public_head_counts = strcmp(text_of(d, "public"), "head_counts") == 0;
}

/* Members and rows of every part, and the attack on each. */
static size_t attack_all(size_t *parts, size_t *programmes)
{
    size_t violations = 0;
    size_t *first = zeroed(cell_count, sizeof *first), *next = zeroed(cell_count, sizeof *next);
    size_t *row_first = zeroed(cell_count, sizeof *row_first);
    size_t *row_next = zeroed(equation_count, sizeof *row_next);
    for (size_t i = cell_count; i-- > 0;)
        if (cells[i].count < 0) {
            next[i] = first[root_of(i)];
            first[root_of(i)] = i + 1;
        }
    for (size_t e = equation_count; e-- > 0;)
        for (size_t t = 0; t < equations[e].count; t++)
            if (cells[equations[e].terms[t].cell].count < 0) {
                size_t root = root_of(equations[e].terms[t].cell);
                row_next[e] = row_first[root];
                row_first[root] = e + 1;
                break;
            }
    for (size_t root = 0; root < cell_count; root++) {
        struct part p = {0};
        p.members = zeroed(cell_count, sizeof *p.members);
        p.rows = zeroed(equation_count, sizeof *p.rows);
        for (size_t i = first[root]; i; i = next[i - 1])
            p.members[p.count++] = i - 1;
        for (size_t e = row_first[root]; e; e = row_next[e - 1])
            p.rows[p.row_count++] = e - 1;
        if (p.count) {
            violations += attack_part(&p);
            ++*parts;
            *programmes += p.programmes;
        }
        free(p.members);
        free(p.rows);
    }
    free(first);
    free(next);
    free(row_first);
    free(row_next);
    return violations;
}

int main(int argc, char **argv)
{
    if (argc != 2)
        give_up("usage: attacker RELEASE");
    slot_count = 4000037;
    slots = zeroed(slot_count, sizeof *slots);
    (void)glp_term_out(GLP_OFF);
    read_rules(argv[1]);
    size_t i, hidden = 0, sensitive = 0, parts = 0, programmes = 0;
    const json_t *tables = json_object_get(rules, "tables");
    for (i = 0; i < json_array_size(tables); i++)
        read_table(argv[1], json_array_get(tables, i));
    for (i = 0; i < cell_count; i++)
        if (cells[i].count == -2)
            give_up("%s is in no table", cells[i].key);
    for (i = 0; i < json_array_size(tables); i++)
        walk_table(json_array_get(tables, i));
    join_parts();
    for (i = 0; i < cell_count; i++) {
        hidden += cells[i].count < 0;
        sensitive += cells[i].count < 0 && cells[i].sensitive;
    }
    size_t violations = attack_all(&parts, &programmes);
    (void)printf("%zu cells, %zu hidden, %zu of them sensitive, %zu equations, %zu parts, "
                 "%zu programmes: %zu violations\n",
                 cell_count, hidden, sensitive, equation_count, parts, programmes, violations);
    return violations ? 1 : 0;
}
