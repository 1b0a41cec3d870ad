/* SPDX-License-Identifier: EUPL-1.2 */
/* See include/io/dataset.h. */
#include "io/dataset.h"

#include <string.h>

const struct dataset_spec DATASETS[DATASET_COUNT] = {
    [DATASET_PERSONNEL] = {"personnel",
                           true,
                           {{"person", FIELD_PERSON, true},
                            {"entity", FIELD_CODE, true},
                            {"start_date", FIELD_DATE, true},
                            {"end_date", FIELD_DATE, false},
                            {"employment", FIELD_CODE, false},
                            {"fte", FIELD_FTE, false},
                            {"birth_date", FIELD_DATE, false},
                            {"sex", FIELD_SEX, false},
                            {0}}},
    [DATASET_REGISTER] = {"register",
                          true,
                          {{"person", FIELD_PERSON, true},
                           {"birth_date", FIELD_DATE, false},
                           {"sex", FIELD_SEX, false},
                           {"nationality_first", FIELD_COUNTRY, false},
                           {"nationality_current", FIELD_COUNTRY, false},
                           {"parent1", FIELD_PARENT, false},
                           {"parent2", FIELD_PARENT, false},
                           {0}}},
    [DATASET_NATIONALITY] = {"nationality",
                             true,
                             {{"person", FIELD_PERSON, true},
                              {"nationality", FIELD_COUNTRY, true},
                              {"start_date", FIELD_DATE, false},
                              {"end_date", FIELD_DATE, false},
                              {0}}},
    [DATASET_FILIATION] = {"filiation",
                           true,
                           {{"person", FIELD_PERSON, true},
                            {"parent1", FIELD_PARENT, false},
                            {"parent2", FIELD_PARENT, false},
                            {0}}},
    [DATASET_ALIAS] = {"alias",
                       true,
                       {{"old", FIELD_PERSON, true},
                        {"new", FIELD_PERSON, true},
                        {"date", FIELD_DATE, false},
                        {0}}},
    [DATASET_ENTITIES] = {"entities",
                          false,
                          {{"entity", FIELD_CODE, true},
                           {"name", FIELD_TEXT, true},
                           {"domain", FIELD_CODE, true},
                           {"domain_name", FIELD_TEXT, true},
                           {"valid_from", FIELD_DATE, false},
                           {"valid_to", FIELD_DATE, false},
                           {"successor", FIELD_CODE, false},
                           {0}}},
    [DATASET_COUNTRIES] = {"countries",
                           false,
                           {{"code", FIELD_TEXT, true},
                            {"iso", FIELD_TEXT, true},
                            {"eu_from", FIELD_DATE, false},
                            {"eu_to", FIELD_DATE, false},
                            {"group", FIELD_TEXT, false},
                            {"name_nl", FIELD_TEXT, false},
                            {"name_en", FIELD_TEXT, false},
                            {0}}},
    [DATASET_REGISTRATION] =
        {"registration",
         true,
         {{"person", FIELD_PERSON, true},
          {"kind", FIELD_CODE, true},
          {"start_date", FIELD_DATE, false},
          {"end_date", FIELD_DATE, false},
          {0}}},
};

enum dataset dataset_find(const char *name)
{
    for (int d = 0; d < DATASET_COUNT; d++)
        if (strcmp(DATASETS[d].name, name) == 0)
            return (enum dataset)d;
    return DATASET_COUNT;
}

int dataset_field(enum dataset d, const char *name)
{
    for (int i = 0; i < DATASET_FIELDS && DATASETS[d].fields[i].name; i++)
        if (strcmp(DATASETS[d].fields[i].name, name) == 0)
            return i;
    return -1;
}
