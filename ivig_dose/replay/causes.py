"""Which entry of the catalogue moved a figure of a plan that was computed again.

Only the digest of the older catalogue is known, not its text. So a difference is laid to the entry that its figure
comes from, and what follows from another figure is laid to the entry that moved that one.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from ivig_dose.catalogue.models import Catalogue
from ivig_dose.core.names import find_entry
from ivig_dose.replay.comparison import Difference, Document

_REFUSED_BY: Final[Mapping[str, str]] = {
    "unknown-indication": "indications",
    "regimen-needed": "indications",
    "regimen-not-for-indication": "indications",
    "indication-not-recommended": "not_recommended",
    "unknown-regimen": "regimens",
    "g-per-kg-out-of-range": "regimens",
    "days-out-of-range": "regimens",
    "day-limit": "regimens",
    "no-interval": "regimens",
    "too-many-cycles": "regimens",
    "in-all-limit": "regimens",
    "unknown-weight-policy": "weight_policies",
    "weight-policy-needs-facts": "weight_policies",
    "height-below-policy-floor": "weight_policies",
    "unknown-product": "products",
    "stock-not-of-product": "products",
    "smallest-vial-above-limit": "products",
    "unknown-risk": "risks",
}
_RATE_NOTICES: Final = ("rate-", "infusion-time", "pump-step")
_EDITED: Final = "no entry: tool and catalogue are the same, so the document was changed after it was written"
_THE_DATE: Final = "the day of the calculation, which is after the catalogue's review date"


class Causes(NamedTuple):
    """What is needed to say where a difference comes from: both documents, all differences, the present catalogue."""

    old: Document
    new: Document
    differences: tuple[Difference, ...]
    catalogue: Catalogue

    def name_cause(self, difference: Difference) -> str:
        """The entry that moved a figure, such as `regimens/itp-daily`, with its file where that is a site's own.

        Where the catalogue is the same, it is the tool's version, the date, or a document that was edited.
        """
        if difference.path[:2] == ("notices", "[catalogue-past-review]"):
            return _THE_DATE
        then, now = self.old.get("origin"), self.new["origin"]
        if not isinstance(then, dict):
            return self._name_entry(difference)
        if _digests(then) == _digests(now):
            if then.get("tool") != now["tool"]:
                return f"the tool, {then.get('tool')} then and {now['tool']} now"
            return _EDITED
        return self._name_entry(difference)

    def _name_entry(self, difference: Difference) -> str:
        section = difference.path[0]
        if "expected" in self.new and "expected" in self.old and section != "notices":
            return self._cause_of_check(section)
        if section in ("status", "refusal"):
            return self._cause_of_refusal()
        if section == "indication":
            return self._entry("indications", self.new["indication"]["id"])
        if section == "regimen":
            return self._cause_of_regimen()
        if section in ("dosing_weight", "patient"):
            return self._cause_of_weight()
        if section == "dose":
            return self._cause_of_dose()
        if section in ("product", "infusion_note"):
            return self._cause_of_product()
        if section == "rounding":
            return self._cause_of_rounding(difference.path[-1])
        if section == "schedule":
            return self._cause_of_schedule(difference.path)
        if section == "vaccines":
            return self._cause_of_vaccines()
        if section == "notices":
            return self._cause_of_notice(difference.path[1].strip("[]"))
        if section == "alternatives":
            return self._cause_of_alternative(difference)
        return "safety rules" if section == "not_checked" else self._first_cause()

    def _entry(self, section: str, entry_id: str) -> str:
        index = self.catalogue.entry_file.get(f"{section}/{entry_id}", 0)
        file = f" ({self.catalogue.files[index].path})" if index else ""
        gone = "" if entry_id in getattr(self.catalogue, section) else " (no longer in the catalogue)"
        return f"{section}/{entry_id}{file}{gone}"

    def _moved(self, *path: str) -> bool:
        return any(each.path[: len(path)] == path for each in self.differences)

    def _cause_of_check(self, section: str) -> str:
        """What moved the verdict on an order: the tolerance, else what moved the plan it is compared with."""
        expected = self.new["expected"]
        if section == "tolerance_pct" or (self._moved("tolerance_pct") and not self._moved("expected")):
            return "defaults"
        if self._moved("expected", "regimen"):
            return self._entry("indications", expected["indication"])
        if self._moved("expected", "dosing_weight_kg"):
            asked = self._asked_for("weight_policies", self.new["request"])
            return "defaults" if asked is None else self._entry("weight_policies", asked)
        return self._entry("regimens", expected["regimen"])

    def _cause_of_regimen(self) -> str:
        if self._moved("regimen", "id"):
            return self._entry("indications", self.new["indication"]["id"])
        return self._entry("regimens", self.new["regimen"]["id"])

    def _cause_of_weight(self) -> str:
        if self._moved("dosing_weight", "policy"):
            return "defaults"
        return self._entry("weight_policies", self.new["dosing_weight"]["policy"])

    def _cause_of_dose(self) -> str:
        if not self._moved("regimen") and self._moved("dosing_weight", "kg"):
            return self._cause_of_weight()
        return self._cause_of_regimen()

    def _cause_of_product(self) -> str:
        if self._moved("product", "id") or self.new["product"]["id"] is None:
            return "defaults"
        return self._entry("products", self.new["product"]["id"])

    def _cause_of_rounding(self, key: str) -> str:
        if key in ("rule", "direction", "tolerance_pct", "step_g"):
            return "defaults"
        if self._moved("rounding", "rule") or self._moved("rounding", "direction"):
            return "defaults"
        return self._cause_of_dose() if self._moved("dose") else self._cause_of_product()

    def _cause_of_schedule(self, path: tuple[str, ...]) -> str:
        key = path[-1]
        if key in ("date", "starts"):
            return self._cause_of_regimen()
        if len(path) == 2 or key in ("dose_g", "vials"):
            return self._cause_of_rounding("course_g")
        if self._is_paced():
            return self._cause_of_regimen() if self._moved("regimen") else self._cause_of_rounding("course_g")
        if key == "rate_ml_per_kg_per_h":
            return self._cause_of_product()
        if key == "rate_ml_per_h":
            return self._cause_of_rate(path)
        if self._moved(*path[:2], "dose_g"):
            return self._cause_of_rounding("course_g")
        rate = next((each.path for each in self.differences if _is_rate_of(each.path, path[:2])), None)
        return self._cause_of_rate(rate) if rate is not None else self._cause_of_product()

    def _is_paced(self) -> bool:
        """Whether the regimen says how many hours the infusion takes, so that the rates follow from the dose."""
        regimen = self.catalogue.regimens.get(self.new["regimen"]["id"])
        return regimen is not None and regimen.infusion_hours is not None

    def _cause_of_rate(self, path: tuple[str, ...]) -> str:
        """What moved a pump setting: the dosing weight, the label's rate, or else the step of the pump."""
        if self._moved("dosing_weight", "kg"):
            return self._cause_of_weight()
        return self._cause_of_product() if self._moved(*path[:-1], "rate_ml_per_kg_per_h") else "defaults"

    def _cause_of_vaccines(self) -> str:
        if self._moved("vaccines", "table"):
            return "defaults"
        if self._moved("dose", "g_per_kg_course"):
            return self._cause_of_dose()
        return self._entry("vaccines", self.new["vaccines"]["table"])

    def _cause_of_notice(self, notice: str) -> str:
        catalogue = self.catalogue
        named = self.new["expected"]["indication"] if "expected" in self.new else self.new["indication"]["id"]
        indication = catalogue.indications[named]
        if notice in catalogue.safety:
            return self._entry("safety", notice)
        if any(each.id == notice for each in indication.differences):
            return self._entry("indications", indication.id)
        if notice.startswith(_RATE_NOTICES):
            return self._cause_of_product()
        if notice == "rounding-outside-tolerance":
            return self._cause_of_rounding("course_g")
        if notice in ("course-capped", "source-weight") or notice.startswith("age-outside-"):
            return self._cause_of_regimen()
        return self._entry("safety", notice)

    def _cause_of_alternative(self, difference: Difference) -> str:
        regimen = difference.path[1].strip("[]")
        if difference.old is None or difference.new is None:
            return self._entry("indications", self.new["indication"]["id"])
        if self._moved("dosing_weight", "kg") and difference.path[-1] == "course_g":
            return self._cause_of_weight()
        return self._entry("regimens", regimen)

    def _first_cause(self) -> str:
        """The cause of the first difference that is not of the working, which only repeats the others."""
        for difference in self.differences:
            if difference.path[0] != "working":
                return self._name_entry(difference)
        return "the catalogue"

    def _cause_of_refusal(self) -> str:
        refused = self.new if self.new["status"] == "refused" else self.old
        rule, request = str(refused["refusal"].get("rule")), self.new["request"]
        section = _REFUSED_BY.get(rule)
        if section is None:
            return self._entry("safety", rule) if rule in self.catalogue.safety else f"the rule {rule}"
        asked = self._asked_for(section, request)
        return section if asked is None else self._entry(section, asked)

    def _asked_for(self, section: str, request: Mapping[str, Any]) -> str | None:
        """The id in a section that the request means, or its default."""
        key = {"indications": "indication", "not_recommended": "indication", "regimens": "regimen"}.get(section)
        key = key or {"weight_policies": "weight_policy", "products": "product"}.get(section, "")
        name = request.get(key)
        planned = next((each for each in (self.old, self.new) if each["status"] == "ok"), None)
        if name is None:
            return planned[key]["id"] if planned is not None and key in planned else None
        entry = find_entry(name, getattr(self.catalogue, section))
        return entry.id if entry is not None else str(name)


def _is_rate_of(path: tuple[str, ...], day: tuple[str, ...]) -> bool:
    return path[:2] == day and path[-1] == "rate_ml_per_h"


def _digests(origin: Mapping[str, Any]) -> list[Any]:
    files = origin.get("files")
    return [file.get("sha256") for file in files if isinstance(file, dict)] if isinstance(files, list) else []
