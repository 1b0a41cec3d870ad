/* SPDX-License-Identifier: EUPL-1.2 */
/* How it was counted, on what legal ground, and what is hidden. See include/report/page.h. */
#include "report/page.h"

#include <stdio.h>

static void definitions(struct page *p)
{
    const struct structure *s = &p->v->rules->structure;
    for (size_t v = 0; v < s->variable_count; v++) {
        struct figure f = figure_of((struct view_share){SIZE_MAX, SIZE_MAX});
        struct text name;
        if (!s->variables[v].definition[0])
            continue;
        text_init(&name);
        name_variable(&name, p, (int)v);
        f.word[0] = name.failed ? "" : name.bytes;
        f.word[1] = s->variables[v].definition;
        text_string(p->out, "<li>");
        page_say(p, &f, "Definition of \u201c{1}\u201d: {2}.");
        text_string(p->out, "</li>\n");
        text_release(&name);
    }
}

static void item(struct page *p, const struct figure *f, const char *message)
{
    text_string(p->out, "<li>");
    page_say(p, f, message);
    text_string(p->out, "</li>\n");
}

void page_method(struct page *p)
{
    const struct view *v = p->v;
    struct figure f = figure_of((struct view_share){SIZE_MAX, SIZE_MAX});
    char threshold[24];
    text_string(p->out, "<section class=\"method\">\n");
    page_element(p, "h2", "How to read this");
    (void)snprintf(threshold, sizeof threshold, "%d", (int)v->rules->disclosure.threshold);
    f.word[0] = v->config->authorisation;
    f.word[1] = threshold;
    f.word[2] = v->rules->release;
    text_string(p->out, "<ul>\n");
    item(p, &f,
         "Figures are the state at the end of {date}. Everybody counts once, at their main "
         "employment.");
    item(p, &f,
         "Facts from registers are linked without names or national "
         "numbers; nobody at this service sees a person\u2019s data.");
    definitions(p);
    item(p, &f,
         "A protected figure, such as one on origin, about fewer than {2} people is never shown. "
         "Other figures are hidden with it, so that it cannot be worked out. Which of them are "
         "small is not told.");
    item(p, &f,
         "When too few people joined or left since a figure was last shown, it is not shown again: "
         "the difference would tell about them. The last one is given instead, with its date.");
    item(p, &f,
         "Shares are rounded half up to one decimal from the exact counts; a change in "
         "percentage points is the difference of the exact shares.");
    item(p, &f, "Legal basis: {1}.");
    item(p, &f, "Release {3}. Anybody can check it with the public key: herkomst audit.");
    text_string(p->out, "</ul>\n</section>\n");
}
