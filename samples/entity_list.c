/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The sample's list of entities: the services of the Flemish government around 2018 by name, eleven
 * invented ones to make 75, and sizes that are invented throughout (45,000 in all; one advisory
 * council of 8, the smallest 5, the largest 5,000). Years: the published series where there is one
 * (foreign origin 8.9, 9.6, 10.2, 11.5 %; women 17/75, 18/77 and 91/261, 92/260, 86/228; 634
 * registered disabled people in 2017), the years between filled in.
 */
#include "government.h"

const struct domain DOMAINS[DOMAIN_COUNT] = {
    {"KB", "Kanselarij en Bestuur"},
    {"FB", "Financiën en Begroting"},
    {"iV", "internationaal Vlaanderen"},
    {"EWI", "Economie, Wetenschap en Innovatie"},
    {"OV", "Onderwijs en Vorming"},
    {"WVG", "Welzijn, Volksgezondheid en Gezin"},
    {"CJSM", "Cultuur, Jeugd, Sport en Media"},
    {"WSE", "Werk en Sociale Economie"},
    {"LV", "Landbouw en Visserij"},
    {"MOW", "Mobiliteit en Openbare Werken"},
    {"OMG", "Omgeving"},
};

enum { KB, FB, IV, EWI, OV, WVG, CJSM, WSE, LV, MOW, OMG };

const struct named_entity NAMED_ENTITIES[ENTITIES_NAMED] = {
    {KB, KIND_OFFICE, 310, 62, "Departement Kanselarij en Bestuur"},
    {KB, KIND_OFFICE, 290, 75, "Agentschap Overheidspersoneel"},
    {KB, KIND_FIELD, 980, 150, "Het Facilitair Bedrijf"},
    {KB, KIND_OFFICE, 45, 44, "Audit Vlaanderen"},
    {KB, KIND_OFFICE, 470, 55, "Agentschap Binnenlands Bestuur"},
    {KB, KIND_OFFICE, 190, 79, "Agentschap Informatie Vlaanderen"},
    {KB, KIND_OFFICE, 640, 330, "Agentschap Integratie en Inburgering"},
    {KB, KIND_OFFICE, 62, 48, "Dienst van de Bestuursrechtscolleges"},
    {KB, KIND_OFFICE, 74, 68, "Dienst Vlaamse Statistiek en Bevraging"},
    {KB, KIND_OFFICE, 23, 43, "Vlaams Personeelsarchief"},
    {FB, KIND_OFFICE, 180, 61, "Departement Financiën en Begroting"},
    {FB, KIND_OFFICE, 1110, 88, "Vlaamse Belastingdienst"},
    {IV, KIND_OFFICE, 150, 107, "Departement internationaal Vlaanderen"},
    {IV, KIND_OFFICE, 210, 119, "Toerisme Vlaanderen"},
    {IV, KIND_OFFICE, 360, 186, "Flanders Investment and Trade"},
    {IV, KIND_COUNCIL, 5, 0, "Strategische Adviesraad internationaal Vlaanderen"},
    {IV, KIND_OFFICE, 38, 132, "Vlaamse Dienst Ontwikkelingssamenwerking"},
    {EWI, KIND_OFFICE, 105, 76, "Departement Economie, Wetenschap en Innovatie"},
    {EWI, KIND_OFFICE, 587, 63, "Agentschap Innoveren en Ondernemen"},
    {EWI, KIND_FIELD, 185, 108, "Agentschap Plantentuin Meise"},
    {EWI, KIND_OFFICE, 98, 82, "Fonds Wetenschappelijk Onderzoek"},
    {EWI, KIND_COUNCIL, 9, 0, "Vlaamse Raad voor Wetenschap en Innovatie"},
    {OV, KIND_OFFICE, 460, 63, "Departement Onderwijs en Vorming"},
    {OV, KIND_OFFICE, 960, 60, "Agentschap voor Onderwijsdiensten"},
    {OV, KIND_OFFICE, 240, 79,
     "Agentschap voor Hoger Onderwijs, Volwassenenonderwijs, Kwalificaties en Studietoelagen"},
    {OV, KIND_OFFICE, 92, 54, "Agentschap voor Infrastructuur in het Onderwijs"},
    {OV, KIND_OFFICE, 1890, 100,
     "GO! onderwijs van de Vlaamse Gemeenschap (administratieve diensten)"},
    {OV, KIND_COUNCIL, 26, 38, "Vlaamse Onderwijsraad"},
    {OV, KIND_OFFICE, 205, 39, "Onderwijsinspectie"},
    {WVG, KIND_OFFICE, 760, 71, "Departement Welzijn, Volksgezondheid en Gezin"},
    {WVG, KIND_OFFICE, 240, 75, "Zorg en Gezondheid"},
    {WVG, KIND_CARE, 1780, 103, "Jongerenwelzijn"},
    {WVG, KIND_CARE, 2450, 110, "Kind en Gezin"},
    {WVG, KIND_CARE, 470, 66, "Vlaams Agentschap voor Personen met een Handicap"},
    {WVG, KIND_OFFICE, 64, 63, "Vlaamse Sociale Bescherming"},
    {WVG, KIND_OFFICE, 31, 32, "Vlaams Infrastructuurfonds voor Persoonsgebonden Aangelegenheden"},
    {WVG, KIND_CARE, 980, 63, "OPZ Geel"},
    {WVG, KIND_CARE, 520, 156, "OPZ Rekem"},
    {WVG, KIND_OFFICE, 120, 58, "Zorginspectie"},
    {WVG, KIND_COUNCIL, 11, 0, "Vlaamse Raad voor Welzijn en Gezondheid"},
    {CJSM, KIND_OFFICE, 340, 71, "Departement Cultuur, Jeugd en Media"},
    {CJSM, KIND_FIELD, 880, 68, "Sport Vlaanderen"},
    {CJSM, KIND_FIELD, 230, 130, "Koninklijk Museum voor Schone Kunsten Antwerpen"},
    {CJSM, KIND_COUNCIL, 7, 0, "Strategische Adviesraad Cultuur, Jeugd, Sport en Media"},
    {CJSM, KIND_OFFICE, 165, 79, "Dienst Kunst en Erfgoed"},
    {WSE, KIND_OFFICE, 390, 87, "Departement Werk en Sociale Economie"},
    {WSE, KIND_OFFICE, 4860, 135, "Vlaamse Dienst voor Arbeidsbemiddeling en Beroepsopleiding"},
    {WSE, KIND_OFFICE, 150, 67, "Syntra Vlaanderen"},
    {WSE, KIND_COUNCIL, 88, 45, "Sociaal-Economische Raad van Vlaanderen"},
    {WSE, KIND_OFFICE, 135, 81, "Vlaamse Dienst Werksubsidies"},
    {LV, KIND_OFFICE, 560, 32, "Departement Landbouw en Visserij"},
    {LV, KIND_FIELD, 720, 74, "Instituut voor Landbouw-, Visserij- en Voedingsonderzoek"},
    {LV, KIND_COUNCIL, 8, 0, "Strategische Adviesraad Landbouw en Visserij"},
    {LV, KIND_OFFICE, 27, 37, "Plattelandsfonds"},
    {MOW, KIND_OFFICE, 700, 57, "Departement Mobiliteit en Openbare Werken"},
    {MOW, KIND_TRANSPORT, 2310, 58, "Agentschap Wegen en Verkeer"},
    {MOW, KIND_TRANSPORT, 1560, 54, "Agentschap Maritieme Dienstverlening en Kust"},
    {MOW, KIND_TRANSPORT, 1480, 52, "De Vlaamse Waterweg"},
    {MOW, KIND_TRANSPORT, 5000, 169, "Vlaamse Vervoermaatschappij De Lijn"},
    {MOW, KIND_COUNCIL, 6, 0, "Mobiliteitsraad Vlaanderen"},
    {MOW, KIND_TRANSPORT, 560, 43, "Loodswezen en Vaarbegeleiding"},
    {OMG, KIND_OFFICE, 1180, 58, "Departement Omgeving"},
    {OMG, KIND_FIELD, 910, 40, "Agentschap voor Natuur en Bos"},
    {OMG, KIND_FIELD, 270, 63, "Instituut voor Natuur- en Bosonderzoek"},
    {OMG, KIND_FIELD, 1130, 61, "Vlaamse Milieumaatschappij"},
    {OMG, KIND_OFFICE, 410, 71, "OVAM"},
    {OMG, KIND_FIELD, 710, 44, "Vlaamse Landmaatschappij"},
    {OMG, KIND_OFFICE, 48, 42, "VREG"},
    {OMG, KIND_OFFICE, 84, 60, "Vlaams Energieagentschap"},
    {OMG, KIND_OFFICE, 330, 91, "Wonen-Vlaanderen"},
    {OMG, KIND_OFFICE, 360, 78, "Vlaamse Maatschappij voor Sociaal Wonen"},
    {OMG, KIND_OFFICE, 260, 46, "Onroerend Erfgoed"},
    {OMG, KIND_TRANSPORT, 1690, 64, "De Watergroep (Vlaamse Maatschappij voor Watervoorziening)"},
    {OMG, KIND_COUNCIL, 12, 0, "Minaraad"},
    {OMG, KIND_COUNCIL, 10, 0, "Strategische Adviesraad Ruimtelijke Ordening - Onroerend Erfgoed"},
};

const struct past_entity PAST_ENTITY_LIST[PAST_ENTITIES] = {
    {"EWI-51", "Agentschap Ondernemen", EWI, "", "2015-12-31", "EWI-02"},
    {"EWI-52", "Agentschap voor Innovatie door Wetenschap en Technologie", EWI, "", "2015-12-31",
     "EWI-02"},
    {"KB-51", "Departement Bestuurszaken", KB, "", "2015-03-31", "KB-01"},
    {"KB-52", "Agentschap voor Geografische Informatie Vlaanderen", KB, "", "2015-12-31", "KB-06"},
    {"WVG-61", "Agentschap Opgroeien", WVG, "2021-01-01", "", NULL},
};

const struct year_figures YEARS[YEAR_COUNT] = {
    {83, 17, 58, 91, 170, 600},  {89, 17, 58, 91, 170, 612},  {96, 18, 59, 92, 168, 634},
    {102, 19, 58, 86, 142, 678}, {108, 21, 56, 89, 142, 700}, {115, 22, 52, 93, 143, 720},
};
