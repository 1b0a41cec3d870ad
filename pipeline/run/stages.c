/* SPDX-License-Identifier: EUPL-1.2 */
/* The pipeline, as data: see include/run/stage.h. */
#include "run/stage.h"

#include "io/artefacts.h"

static const struct artefact PSEUDONYMISED = {ARTEFACT_PSEUDONYMISED, ZONE_PSEUDONYMISED};
static const struct artefact LINKED = {ARTEFACT_LINKED, ZONE_MICRODATA};
static const struct artefact DERIVED = {ARTEFACT_DERIVED, ZONE_MICRODATA};
static const struct artefact COUNTS = {ARTEFACT_COUNTS, ZONE_COUNTS};
static const struct artefact EXPORT = {ARTEFACT_EXPORT, ZONE_COUNTS};
static const struct artefact PROTECTED = {ARTEFACT_PROTECTED, ZONE_PROTECTED};

const struct stage_spec STAGE_PSEUDONYMISE = {
    .name = "pseudonymise",
    .purpose = "read the input files and replace every national number by a keyed pseudonym",
    .description =
        "Reads every dataset of the configuration, strictly. A bad value rejects its row, which "
        "is\n"
        "counted by reason and listed (file, line, reason, never a value) in the private quality\n"
        "folder; a file that is no proper CSV file stops the run.\n\n"
        "Of register, nationality, filiation and registration only the rows of people in\n"
        "personnel go on, and of the parents that a variable asks for; the others are checked,\n"
        "counted and digested, and end here.\n\n"
        "This is the only stage that sees national numbers and the pseudonym key. With\n"
        "--recipient a data holder can run it at home, for the linking party's public key.",
    .output = &PSEUDONYMISED,
    .rights = RIGHT_DATASETS | RIGHT_PSEUDONYM_KEY | RIGHT_PRIVATE_QUALITY,
    .takes_memory = true,
};

const struct stage_spec STAGE_LINK = {
    .name = "link",
    .purpose = "join the pseudonymised files: employment, nationality history, parents",
    .description =
        "Selects the employments in force at the reference date, ranks those of one person (main\n"
        "employment first), finds first and current nationality, and the first nationality of the\n"
        "parents. Its output has a row an employment and no identifier of any kind.\n\n"
        "With --since it also tells in which groups people were at those dates, for turnover.csv:\n"
        "the reference dates, other than this one, of the releases in the ledger.",
    .input = &PSEUDONYMISED,
    .output = &LINKED,
    .rights = RIGHT_PRIVATE_QUALITY,
    .takes_memory = true,
    .takes_since = true,
};

const struct stage_spec STAGE_DERIVE = {
    .name = "derive",
    .purpose = "evaluate the configured variables and populations",
    .description =
        "Evaluates each variable's SQL expression once for each distinct combination of the facts\n"
        "that it uses, with SQL's three-valued logic, and decides in which populations a person\n"
        "counts.\n\n"
        "Facts: entity domain employment fte start_date end_date reference_date age sex linked\n"
        "own_current own_first parent1_first parent2_first grandparent1_first to\n"
        "grandparent4_first, attribute.NAME (or NAME), registered_KIND. Functions: is_eu(code,\n"
        "date), country_group(code), and SQLite's pure ones.",
    .input = &LINKED,
    .output = &DERIVED,
    .rights = RIGHT_PRIVATE_QUALITY,
    .takes_memory = true,
};

const struct stage_spec STAGE_AGGREGATE = {
    .name = "aggregate",
    .purpose = "count the cells of all tables",
    .description = "Counts every combination of unit and categories of every table, checks that "
                   "all equations\n"
                   "of the linked system hold, counts who joined and who left each group since "
                   "other dates, and\n"
                   "drops the rows: its output is counts.",
    .input = &DERIVED,
    .output = &COUNTS,
    .takes_memory = true,
};

const struct stage_spec STAGE_CONVERT = {
    .name = "convert",
    .purpose = "put the counts into the shape that another tool reads",
    .description =
        "Writes the tables before suppression as tau-ARGUS or the R package sdcTable read them,\n"
        "for an office that wants to compare. They are confidential: the output is one encrypted\n"
        "file, for the recipient named by --for. No part of a release: herkomst export runs what\n"
        "comes before it and this; herkomst decrypt opens the file.",
    .input = &COUNTS,
    .output = &EXPORT,
    .takes_format = true,
};

const struct stage_spec STAGE_SUPPRESS = {
    .name = "suppress",
    .purpose = "hide unsafe cells, and others until no hidden cell can be worked out",
    .description = "Primary suppression by the threshold rules, then secondary suppression over "
                   "the one linked\n"
                   "system of all tables, until whole-number witness tables prove that every "
                   "hidden sensitive\n"
                   "cell is protected. Without that proof there is no output. The ledger says "
                   "what was published\n"
                   "before: a figure whose group changed by fewer people than turnover_threshold "
                   "since then is\n"
                   "hidden too.",
    .input = &COUNTS,
    .output = &PROTECTED,
    .rights = RIGHT_PRIVATE_QUALITY | RIGHT_LEDGER,
};

const struct stage_spec STAGE_PUBLISH = {
    .name = "publish",
    .purpose = "write, audit, sign and publish the release, as a whole or not at all",
    .description = "Writes the release beside its place, lets the auditor's own code check it, "
                   "signs it, flushes\n"
                   "it, enters it in the ledger and renames it into place. A crash at any moment "
                   "leaves the old\n"
                   "state or the new one.",
    .input = &PROTECTED,
    .rights = RIGHT_SIGNING_KEY | RIGHT_RELEASES,
};

const struct stage_spec *const STAGES[] = {&STAGE_PSEUDONYMISE, &STAGE_LINK,     &STAGE_DERIVE,
                                           &STAGE_AGGREGATE,    &STAGE_SUPPRESS, &STAGE_PUBLISH};
const size_t STAGE_COUNT = sizeof STAGES / sizeof STAGES[0];
