/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * run_ini: a whole configuration, as short as it can be, for the tests of stages and of the driver.
 */
#ifndef HERKOMST_TESTS_RUN_INI_H
#define HERKOMST_TESTS_RUN_INI_H

static const char INI[] = "[run]\nname = Dienst van de Proef\nreference_date = 2017-12-31\n"
                          "authorisation = besluit 2004-12-24\noutput = releases\n\n"
                          "[keys]\npseudonym = pseudonym.key\nsigning = signing.key\n\n"
                          "[dataset personnel]\npath = data/personnel.csv\n\n"
                          "[dataset entities]\npath = data/entities.csv\n\n"
                          "[variable sex]\nsql = sex\ncategories = f, m, x\n\n"
                          "[table all]\npopulation = employment = 'staff'\nvariables = sex\n";

#endif
