"""The facts of figures that a test made up: what the table `figure` would say of them."""

from queries.catalogue import catalogue


def with_facts(row):
    """A row of observations() whose period, value, interval, unit or source a test changed, with the facts of those."""
    first, _slash, last = row["period"].partition("/")
    start, end = int(first[5:] or 1), int((last or first)[5:] or 12)
    year, kind = int(row["period"][:4]), "months"
    if len(row["period"]) == 4:
        kind = "year"
    elif not last:
        kind = "month" if row["measure"] == "flow" else "date"
    elif start == 1:
        kind = "to_date"
    units = {unit["unit_id"]: unit for unit in catalogue.get_units().iter_rows(named=True)}
    unit = units[row["unit_id"]]
    based = {
        f"base_{name}": None if row[name] is None else row[name] * unit["factor"] for name in ("value", "low", "high")
    }
    half = 0.5 * 10 ** -len((row["growth_text"] or "").partition(".")[2])
    grown = row["growth_pct"] is not None and row["bound"] != "expected"
    kinds = {"published": 0, "own": 1, "derived": 2}
    day = int((row["source_published"] or "").replace("-", "").ljust(8, "0"))
    return row | based | {
        "year": year, "span": kind, "first_month": start, "last_month": end, "dimension": unit["dimension"],
        "factor": unit["factor"], "growth_low": row["growth_pct"] - half if grown else None,
        "growth_high": row["growth_pct"] + half if grown else None,
        "low_in": row["bound"] not in ("more_than", "exceeded"), "high_in": row["low"] == row["high"],
        "precedence": f"{kinds.get(row['evidence'], 3)}-{int(row['bound'] == 'expected')}-"
        f"{99999999 - day:08}-{int(row['confidence'] == 'medium')}-{row['observation_id']}",
    }  # fmt: skip
