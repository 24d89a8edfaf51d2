"""Every rule that a catalogue problem can name, with the one sentence that it stands for. Ids are kept for ever."""

from collections.abc import Mapping
from typing import Final

RULES: Final[Mapping[str, str]] = {
    # The file as text
    "file-unreadable": "The file is there and may be read.",
    "file-too-large": "A file has at most 2 MB and 100,000 values.",
    "file-not-text": "A file is plain text in UTF-8.",
    "file-empty": "A file says something.",
    "invisible-character": "A text has no invisible character that could hide or turn round other text.",
    # The text as YAML
    "yaml-syntax": "The text is YAML.",
    "yaml-depth": "Values are nested at most 20 deep.",
    "yaml-documents": "A file holds one YAML document.",
    "yaml-anchor": "Every entry is written out: no anchors and references.",
    "yaml-merge": "Every entry is written out: no merge keys.",
    "yaml-tag": "Quotes make text and bare digits a number: no tags.",
    "yaml-key": "A key is text.",
    "duplicate-key": "A key is written once.",
    # Values that YAML readers do not agree on
    "yes-or-no": "Truth values are true and false; words that some readers take for them are in quotes.",
    "number-base": "Numbers are decimal.",
    "number-comma": "Numbers have no comma.",
    "number-digits": "Numbers are written with 0 to 9.",
    "number-exponent": "Numbers have no exponent.",
    "number-leading-zero": "Numbers do not begin with a needless zero.",
    "number-not-finite": "Numbers are finite.",
    "number-point": "A decimal point has a digit on either side.",
    "number-sexagesimal": "Numbers are not in base 60.",
    "number-sign": "Numbers have no sign.",
    "number-too-long": "Numbers have at most 12 characters.",
    "number-underscore": "Numbers have no underscore.",
    # One entry by itself
    "unknown-key": "Every key is one that the entry has.",
    "missing-key": "Every key that the entry needs is there.",
    "wrong-kind": "A value is of the kind that its key wants: text, number, list or mapping.",
    "not-a-choice": "A word is one of those that its key knows.",
    "not-a-day": "A day is written year-month-day and is in the calendar.",
    "too-low": "An amount is above zero and a count is 1 or more.",
    "bad-id": "An id has small letters, digits and single hyphens.",
    "text-empty": "A text says something and has no space at its ends.",
    "range-order": "Low is not above high.",
    "default-outside-range": "A default lies in its range.",
    "bounds": "Bounds name a side once and leave something between them.",
    "condition-empty": "A condition has something in it.",
    "derived-field": "What is called derived is a field of the entry.",
    "sources-empty": "Every figure has a source.",
    "source-url": "A source's address can be opened.",
    "repeated-id": "A list names each id once.",
    "review-before-effective": "A catalogue is in force before its review.",
    # Regimens and indications
    "dose-above-ceiling": "No dose is above 4 g/kg a course or 2.5 g/kg a day, whatever a file says.",
    "default-above-limit": "A default dose keeps the regimen's own limits.",
    "day-pattern": "Unequal days have one figure for each day and add up to the dose.",
    "indication-without-regimens": "An indication has a regimen.",
    "regimen-of-another": "What an indication says of a regimen is about one of its own.",
    # Products
    "vials": "A product has vials, each listed once.",
    "vial-concentration": "A vial's grams are what its mL hold at the product's concentration.",
    "rate-order": "Rates rise from the start and do not pass the maximum.",
    "rate-above-ceiling": "No rate is above 20 mg/kg/min, whatever a file says.",
    "rate-ladder-basis": "Steps say who prints them.",
    "rate-step-minutes": "Every step but the last has minutes.",
    "rate-table-twice": "One table gives the rates of a product for an indication.",
    "rate-unit-twice": "A second printed unit is another unit.",
    # Patients
    "policy-open": "A weight policy decides for every patient, and every branch can be reached.",
    "policy-formula": "A weight policy has what its formula needs.",
    "risk-name": "A risk's name does not begin with no-, which denies a risk.",
    "vaccine-rows": "A vaccine table rises in dose and never falls in months.",
    "default-rounding": "The default rounding is vial, none, or grams.",
    # Between entries
    "unknown-id": "Every id that is named is there.",
    "alias-collision": "A name leads to one entry.",
    "stop-weakened": "A shipped stop is made weaker only with the reason, who decided it and the day.",
    # Advice
    "printed-units-differ": "Of two printed units more than 1 % apart the lower one counts.",
    "source-unused": "Every source is named by an entry.",
    "entry-weaker": "An entry of a site that allows more than the one it replaces is listed.",
    "replaces-nothing": "A reason for replacing a stop stands where a stop is replaced.",
    "entry-leaves-out": "An entry of a site says all that the entry says which it replaces.",
}
