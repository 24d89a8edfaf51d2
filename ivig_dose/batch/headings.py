"""Which column that is read a heading means though it is not spelt so: a dose under `Rx` must not go unread."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple


class _Meaning(NamedTuple):
    """The words that make a heading mean a column, each text a list of words separated by spaces.

    One of `words` is enough wherever it stands; all words of one of `phrases` in any order; one of `alone` where only
    units and fillers stand beside it. `unless` are words that make it another fact of the patient.
    """

    column: str
    words: str = ""
    phrases: str = ""
    alone: str = ""
    unless: str = ""


def _list(text: str) -> frozenset[str]:
    return frozenset(text.replace(",", " ").split())


MEANINGS: Final = (
    _Meaning(
        "g_per_kg",
        "gkg mgkg gperkg mgperkg gpkg",
        "g kg, gm kg, gms kg, gr kg, gram kg, grams kg, mg kg, ml kg, dose kg, dosage kg, g kilo, g kilogram, per kg",
        unless="rate speed max",
    ),
    _Meaning(
        "weight_policy",
        "policy dw",
        "dosing weight, dosing wt, dose weight, dose wt, calculation weight, weight basis, weight rule, weight method, "
        "weight type, weight kind, weight used, wt basis, wt used, wt type",
        unless="insurance insurer number",
    ),
    _Meaning(
        "start",
        "start starts started starting begin begins beginning inicio debut",
        "date first, first day, first dose, date infusion, infusion day, date treatment, date therapy, date course, "
        "date dose, date ivig, date given, date planned, date scheduled, date administration, date administered, "
        "date due, day 1, d 1",
        "date datum fecha startdatum when",
        "last previous prior birth stop end ended order ordered prescribed review diagnosis onset symptom symptoms",
    ),
    _Meaning(
        "age_years",
        "age ages dob birth birthdate birthday born geburtsdatum geboren alter edad naissance nacimiento",
        alone="year years yr yrs",
        unless="weight wt country place city sex gender gestation",
    ),
    _Meaning(
        "days",
        "duration days dauer tage jours dias",
        "number day, no day, number doses, number infusions, course length, length course, "
        "length treatment, length therapy, day count",
        "day d nd",
        "since last previous prior stay admission admitted illness symptom symptoms fever ago disease between until "
        "wait supply birth hospital exposure vaccine",
    ),
    _Meaning(
        "height_cm",
        "height heights ht hgt stature groesse grosse hauteur altura estatura",
        "body length, patient length, length cm, length m, length in",
        "length taille talla cm inch inches feet ft",
        "stay date",
    ),
    _Meaning(
        "weight_kg",
        "weight weights wt wgt wght mass bodyweight bw abw ibw tbw adjbw kg kgs kilo kilos kilogram kilograms lb lbs "
        "pound pounds gewicht poids peso",
        alone="stone",
        unless="index date last previous prior",
    ),
    _Meaning("sex", "sex gender geschlecht sexe sexo genre genero", alone="male female"),
    _Meaning(
        "blood_group",
        "abo blutgruppe",
        "blood group, blood grp, blood gp, blood type, bld grp, bld group, bld type, groupe sanguin, grupo sanguineo",
        "rh rhesus blood",
    ),
    _Meaning(
        "risks",
        "risk risks riskfactor riskfactors comorbidity comorbidities comorbid contraindication contraindications "
        "precaution precautions hyperprolinaemia hyperprolinemia thrombosis sepsis septic paraprotein "
        "paraproteinaemia paraproteinemia nephrotoxin nephrotoxins nephrotoxic diabetes diabetic corticosteroid "
        "corticosteroids steroid steroids migraine migraines hypogammaglobulinaemia hypogammaglobulinemia fcrn "
        "pregnancy pregnant dehydration dehydrated risiko",
        "iga deficiency, iga deficient, severe reaction, previous reaction, prior reaction, fructose intolerance, "
        "corn allergy, maize allergy, renal impairment, renal impaired, renal failure, renal insufficiency, "
        "renal disease, kidney impairment, kidney failure, kidney disease, volume depletion, volume depleted, "
        "heart failure, cardiac failure, fluid overload, glucose meter, first infusion, long gap, product switch, "
        "prior course, previous course, plasma exchange, plasma planned, c 5 inhibitor, igg below, live vaccine, "
        "measles exposure, illness day, medical history",
        "ckd chf",
    ),
    _Meaning(
        "then_regimen",
        phrases="next regimen, then regimen, following regimen, maintenance regimen, next phase, then phase",
    ),
    _Meaning(
        "given_doses",
        phrases="already given, already received, given far, received far, doses given, grams given, g given",
        unless="last previous prior",
    ),
    _Meaning("earlier_doses", phrases="earlier dose, earlier doses, earlier ivig, earlier grams, earlier course"),
    _Meaning("cycles", "cycles", "number cycle, number courses, no courses, no cycle", unless="day days"),
    _Meaning(
        "regimen",
        "regimen regimens regime regimes protocol protocols reg",
        "treatment plan, dosing plan, dose plan, dosing schedule, dose schedule, treatment schedule, dosing scheme",
        "schedule scheme plan",
    ),
    _Meaning(
        "indication",
        "indication indications diagnosis diagnoses diagnose dx indikation indicacion",
        alone="disease condition reason",
        unless="date year",
    ),
    _Meaning(
        "product",
        "product products drug brand brands preparation praparat praeparat formulation producto produit",
        "ivig name, ivig type, ivig used, immunoglobulin name, immunoglobulin type, trade name",
        "ivig igiv medication medicine immunoglobulin",
        "allergy allergies reaction lot batch expiry history other last previous prior interaction interactions number",
    ),
    _Meaning(
        "ordered_interval",
        "intervals frequency freq",
        "how often, repeat every, dosing interval, dose interval, interval ordered, interval prescribed",
        unless="last previous prior follow review visit visits monitoring observation observations",
    ),
    _Meaning(
        "ordered_rate", "rate rates speed", unless="heart pulse respiratory hr rr response relapse last previous prior"
    ),
    _Meaning("ordered_volume", "volume volumes vol vols", unless="stroke tidal urine blood last previous prior"),
    _Meaning(
        "ordered",
        "ordered order orders prescribed prescription presc rx dose doses dosage dosing dosis dosierung posologie",
        "total g, total grams, total mg, total ml, g day, gram day, grams day, mg day, ml day, daily g, daily grams, "
        "grams daily, g course, grams course, ivig g, ivig grams, ivig mg, ivig ml, ivig amount, amount g, "
        "requested g, requested grams, requested amount, requested ivig, g requested, mg requested",
        "g gm gms gram grams mg ml amount quantity qty total requested",
        "id ids no number nr num by date time status code ref reference signed priority last previous prior",
    ),
)
"""In the order in which they are looked for: `ordered days` are days, and `first infusion date` is a start."""

_UNITS_AND_FILLERS: Final = _list(
    "a an the of in at on per by for is to iv ivig patient pt body current actual value text code id cm m mm kg g gm "
    "mg ml lb lbs inch inches ft feet year years yr yrs month months day days d"
)
_MEASURED: Final = ("weight_kg", "height_cm", "age_years", "g_per_kg")
_OTHER_UNITS: Final = _list(
    "lb lbs pound pounds stone m mm in inch inches ft feet month months day days dob birth birthdate birthday born "
    "geburtsdatum geboren mg mgkg mgperkg ml"
)
_SEGMENTS: Final = _list("body number no num of in at per group grp type first infusion treatment given")
_NOT_A_SLIP: Final = _list("prescriber prescribers prescribing orderer reorder border recorder description")
_SHORTEST_SLIP: Final = 5
_SHORTEST_HEADING: Final = 4
_WORD_CUTOFF: Final = 0.86
_HEADING_CUTOFF: Final = 0.85


class Meant(NamedTuple):
    """The column that a heading means, and whether the heading names another unit, so that figures need converting."""

    column: str
    converted: bool


def find_meant(heading: str, columns: Iterable[str]) -> Meant | None:
    """The column that a heading means or is a slip of, or None. `columns` are those that are read."""
    from difflib import get_close_matches

    spellings = [_split_words(heading, at_capitals=False), _split_words(heading, at_capitals=True)]
    for words in [*spellings, [_correct(word) for word in spellings[0]]]:
        column = _find_column(words, columns)
        if column is not None:
            return Meant(column, column in _MEASURED and not _OTHER_UNITS.isdisjoint(words))
    joined = "_".join(spellings[0])
    if len(joined) < _SHORTEST_HEADING or not _list_words().isdisjoint(spellings[0]):
        return None
    near = get_close_matches(joined, list(columns), n=1, cutoff=_HEADING_CUTOFF)
    return Meant(near[0], converted=False) if near else None


def _find_column(words: list[str], columns: Iterable[str]) -> str | None:
    for column in columns:
        if "".join(words) == column.replace("_", ""):
            return column
    said = frozenset(words)
    return next((meaning.column for meaning in MEANINGS if _means(meaning, said)), None)


def _means(meaning: _Meaning, said: frozenset[str]) -> bool:
    words, phrases, alone, unless = _read(meaning)
    if said & unless:
        return False
    if said & words or any(phrase <= said for phrase in phrases):
        return True
    return bool(said & alone) and said <= alone | _UNITS_AND_FILLERS


@cache
def _read(
    meaning: _Meaning,
) -> tuple[frozenset[str], tuple[frozenset[str], ...], frozenset[str], frozenset[str]]:
    phrases = [_list(phrase) for phrase in meaning.phrases.split(",") if phrase.strip()]
    words, alone, unless = (_list(text) for text in (meaning.words, meaning.alone, meaning.unless))
    return words, tuple(phrases), alone, unless


def _split_words(heading: str, at_capitals: bool) -> list[str]:
    """The words of a heading in small letters, without accents and signs; `IgA` is one word, or two `at_capitals`."""
    plain = unicodedata.normalize("NFKD", heading.replace("#", " number "))
    plain = "".join([char for char in plain if not unicodedata.combining(char)])
    if at_capitals:
        plain = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", plain)
    tokens = re.findall(r"[^\W\d_]+|\d+", plain.casefold())
    return [word for token in tokens for word in _split_joined(token)]


def _split_joined(token: str) -> list[str]:
    """The words that a token is written together from, such as `startdate`; the token itself where it is not."""
    known = _list_words()
    if token in known:
        return [token]
    found: list[list[str] | None] = [[]]
    for end in range(1, len(token) + 1):
        parts = (
            [*before, token[start:end]]
            for start in range(end - 1)
            if (before := found[start]) is not None and token[start:end] in known
        )
        found.append(min(parts, key=len, default=None))
    return found[-1] or [token]


def _correct(token: str) -> str:
    """The word that a token is a slip of the pen for, or the token."""
    from difflib import get_close_matches

    if len(token) < _SHORTEST_SLIP or token in _NOT_A_SLIP or token in _list_words():
        return token
    known = [word for word in sorted(_list_words()) if len(word) >= _SHORTEST_SLIP and word[0] == token[0]]
    swapped = [word for word in known if len(word) > _SHORTEST_SLIP and sorted(word) == sorted(token)]
    return (swapped or get_close_matches(token, known, n=1, cutoff=_WORD_CUTOFF) or [token])[0]


@cache
def _list_words() -> frozenset[str]:
    return frozenset().union(_SEGMENTS, *[_list(text) for meaning in MEANINGS for text in meaning[1:]])
