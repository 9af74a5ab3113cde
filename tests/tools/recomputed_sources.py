"""The sources altered, so that rules meet what the published figures seldom hold."""

import csv
import random
from collections.abc import Callable
from pathlib import Path

from tests.tools.recomputed import Row, decimals_of, rows_of

FIGURES = ("observation/*.csv", "target/*.csv")


def rewrite(sources: Path, pattern: str, change: Callable[[Row], Row]) -> None:
    """Each row of some files as a function gives it back."""
    for path in sorted(sources.glob(pattern)):
        with path.open(encoding="utf-8", newline="") as file:
            rows = [change(row) for row in csv.DictReader(file)]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def every_growth(basis: str) -> Callable[[Path], None]:
    def alter(sources: Path) -> None:
        rewrite(sources, "indicator.csv", lambda row: row | {"growth_basis": basis})
        for pattern in FIGURES:
            rewrite(sources, pattern, lambda row: row | {"growth_basis": ""})

    return alter


def wholes_as_parts(sources: Path) -> None:
    """Each whole is the part of its part."""
    turned = {row["part_of"]: row["indicator_id"] for row in rows_of(sources / "indicator.csv") if row["part_of"]}
    rewrite(sources, "indicator.csv", lambda row: row | {"part_of": turned.get(row["indicator_id"], "")})


def moved(seed: int) -> Callable[[Path], None]:
    """Plain numbers and growths moved by chance, some years cut to their first months, most growths nominal."""

    def alter(sources: Path) -> None:
        chance = random.Random(seed)
        taken: set[tuple[str, ...]] = set()

        def figure(row: Row) -> Row:
            key = ("park_id", "indicator_id", "source_id")
            if row["value"] and row["bound"] in ("none", "expected") and row["value_text"] == row["value"]:
                places = decimals_of(row["value_text"])
                number = f"{float(row['value']) * chance.choice([1, 1, 1, 1.1, 0.95, 1.6]):.{places}f}"
                row = row | {"value": number, "value_text": number}
            if row["growth_text"]:
                growth = float(row["growth_text"]) + chance.choice([0, 0, -4, 6, -25])
                growth = f"{growth + 0.0:.{decimals_of(row['growth_text'])}f}"
                row = row | {"growth_pct": growth, "growth_text": growth}
            if len(row["period"]) == 4 and chance.random() < 0.3:
                months = chance.choice(["02", "06", "09", "11"])
                cut = f"{row['period']}-01/{row['period']}-{months}"
                if (*(row[part] for part in key), cut) not in taken:
                    row = row | {"period": cut}
            taken.add((*(row[part] for part in key), row["period"]))
            return row

        basis = ["nominal", "nominal", "nominal", "constant_price", "unknown", "comparable_scope", "restated"]
        for pattern in FIGURES:
            rewrite(sources, pattern, lambda row: row | {"growth_basis": ""})
        rewrite(sources, "indicator.csv", lambda row: row | {"growth_basis": chance.choice(basis)})
        rewrite(sources, "observation/*.csv", figure)

    return alter


def invented(seed: int) -> Callable[[Path], None]:
    """All texts out before 2014, and for each target a year that runs, with months and years before it."""

    def alter(sources: Path) -> None:
        chance = random.Random(seed)
        basis = ["nominal", "nominal", "constant_price", "unknown"]
        rewrite(sources, "indicator.csv", lambda row: row | {"growth_basis": chance.choice(basis)})
        early = [f"201{year}-{month:02d}-11" for year in (1, 2) for month in range(1, 13)]
        rewrite(sources, "source.csv", lambda row: row | {"published": chance.choice(early)})
        texts = [row["source_id"] for row in rows_of(sources / "source.csv")]
        units = {row["indicator_id"]: row["unit_id"] for row in rows_of(sources / "indicator.csv")}
        known = [row for path in sorted(sources.glob("observation/*.csv")) for row in rows_of(path)]
        taken = {(row["park_id"], row["indicator_id"], row["period"], row["source_id"]) for row in known}
        found: list[Row] = []

        def add(aim: Row, period: str, number: float, growth: float | None) -> None:
            places = chance.choice([0, 1, 1, 2])
            source = chance.choice(texts)
            if (aim["park_id"], aim["indicator_id"], period, source) in taken:
                return
            taken.add((aim["park_id"], aim["indicator_id"], period, source))
            row = dict.fromkeys(known[0], "") | {
                "observation_id": f"X{len(found):03d}", "park_id": aim["park_id"], "source_id": source,
                "indicator_id": aim["indicator_id"], "period": period, "unit_id": units[aim["indicator_id"]],
                "bound": chance.choice(["none"] * 9 + ["expected"]), "confidence": "high",
                "locator_zh": "1", "locator_en": "1",
            }  # fmt: skip
            row["value"] = row["value_text"] = f"{number:.{places}f}"
            if growth is not None:
                row["growth_pct"] = row["growth_text"] = f"{growth + 0.0:.{chance.choice([0, 1])}f}"
            found.append(row)

        for path in sorted(sources.glob("target/*.csv")):
            for aim in rows_of(path):
                wanted, year = float(aim["value"]), int(aim["year"])
                size = wanted if aim["measure"] == "level" else 100.0
                month = chance.choice([2, 3, 6, 9, 11, 11, 12])
                way = [("", 1.0)] if month == 12 else [("", 1.0), (f"-{month:02d}", month / 12)]
                for back in (1, 2, 3)[: chance.choice([1, 2, 3])]:
                    whole = size * chance.uniform(0.6, 0.95) / back
                    for end, share in way:
                        told = f"{year - back}-01/{year - back}{end}" if end else str(year - back)
                        add(aim, told, whole * share * chance.uniform(0.6, 1.0), None)
                told = f"{year}-01/{year}{way[-1][0]}" if way[-1][0] else str(year)
                growth = wanted + chance.choice([-9, -5, -5, -2, 0, 0, 0.3, 2]) if aim["measure"] == "growth" else None
                growth = None if chance.random() < 0.3 else growth
                number = size * way[-1][1] * chance.choice([1, 0.3, 0.5, 0.95, 0.6, 1.1])
                add(aim, told, number, growth)
        with (sources / "observation" / "invented.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, known[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(found)

    return alter


ALTERED: dict[str, Callable[[Path], None]] = {
    "every growth nominal": every_growth("nominal"),
    "every growth at constant prices": every_growth("constant_price"),
    "wholes as parts": wholes_as_parts,
    **{f"moved by chance {seed}": moved(seed) for seed in (1, 2)},
    **{f"invented {seed}": invented(seed) for seed in (1, 2, 3, 5)},
}
