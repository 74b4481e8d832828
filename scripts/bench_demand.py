"""Demand made up for scripts/bench-planning, of stated kinds: the same for the same seed."""

import datetime as dt
import json
import math
import random

KINDS = {
    # Growing or shrinking, a season that multiplies, some noise: what the M competitions have many of.
    "months": dict(kind="competition", freq="MS", season=12, h=18, series=300, periods=120),
    "quarters": dict(kind="competition", freq="QS", season=4, h=8, series=200, periods=48),
    "years": dict(kind="competition", freq="YS", season=1, h=6, series=200, periods=24),
    # Sold every week, the level drifting, promotions now and then.
    "weeks": dict(kind="fast", freq="W", season=1, h=8, series=300, periods=120, lead=2, review=1, origins=3, step=4),
    # Weekdays that differ, a year's swing, closed on Sundays.
    "days": dict(kind="fast", freq="D", season=7, h=14, series=100, periods=364, lead=4, review=1, origins=2, step=7),
    # Spare parts: three months of four without demand, some that fade out.
    "months-sparse": dict(kind="intermittent", freq="MS", season=1, h=6, series=800, periods=51, lead=2, review=1, origins=3,
                          step=3),
    # A wholesaler's slow half: many weeks without demand, lots now and then.
    "weeks-sparse": dict(kind="intermittent", freq="W", season=1, h=6, series=1500, periods=60, lead=2, review=1, origins=3,
                         step=3),
}


def write(folder, seed):
    """The data folder that bench-planning reads: datasets.json and a CSV file for each kind."""
    folder.mkdir(parents=True)
    entries = {}
    for name, kind in KINDS.items():
        dice = random.Random(f"{seed} {name}")
        days = calendar(kind["freq"], kind["periods"])
        step, origins = kind.get("step", kind["h"]), kind.get("origins", 1)
        cutoffs = [days[-1 - kind["h"] - step * back] for back in reversed(range(origins))]
        entries[name] = {key: kind[key] for key in ("kind", "freq", "season", "h")} | {
            "cutoffs": cutoffs, "lead": kind.get("lead", 0), "review": kind.get("review", 0)}
        with open(folder / f"{name}.csv", "w", encoding="ascii") as out:
            out.write("unique_id,ds,y\n")
            for number in range(kind["series"]):
                for day, value in zip(days, series(dice, kind)):
                    out.write(f"s{number:05d},{day},{value}\n")
    (folder / "datasets.json").write_text(json.dumps(entries, indent=1))
    return folder


def write_many(path, series, periods):
    """Weekly demand of a wide range, half of it now and then."""
    dice = random.Random(20_000)
    days = calendar("W", periods)
    with open(path, "w", encoding="ascii") as out:
        out.write("unique_id,ds,y\n")
        for number in range(series):
            rate, share = dice.lognormvariate(1, 1), 1 if number % 2 else 0.3
            out.writelines(
                f"s{number:05d},{day},{int(dice.gammavariate(2, rate / 2)) if dice.random() < share else 0}\n" for day in days)


def calendar(frequency, periods):
    if frequency in "DW":
        length = 7 if frequency == "W" else 1
        first = dt.date(2022, 1, 2)
        return [(first + dt.timedelta(days=length * period)).isoformat() for period in range(periods)]
    months = {"MS": 1, "QS": 3, "YS": 12}[frequency]
    return [f"{1990 + period * months // 12}-{period * months % 12 + 1:02d}-01" for period in range(periods)]


def series(dice, kind):
    if kind["kind"] == "competition":
        return competition(dice, kind["season"], kind["periods"])
    if kind["kind"] == "intermittent":
        return sparse(dice, kind["periods"])
    return daily(dice, kind["periods"]) if kind["freq"] == "D" else weekly(dice, kind["periods"])


def competition(dice, season, periods):
    level, trend, noise = dice.lognormvariate(8, 0.6), dice.gauss(0.01, 0.02) / max(1, season) ** 0.5, dice.uniform(0.02, 0.12)
    swing = dice.choice([0, 0.05, 0.15, 0.3]) if season > 1 else 0
    indices = [1 + swing * math.sin(2 * math.pi * (phase / season + dice.random() / 4)) for phase in range(season)]
    for period in range(periods):
        level *= math.exp(trend + dice.gauss(0, noise / 2))
        trend *= 0.99
        yield round(level * indices[period % season] * math.exp(dice.gauss(0, noise)), 2)


def weekly(dice, periods):
    level, noise, promotions = dice.lognormvariate(4, 1), dice.uniform(0.1, 0.6), dice.choice([0, 0, 0.05])
    for _ in range(periods):
        level *= math.exp(dice.gauss(0, 0.03))
        lift = dice.uniform(1.5, 4) if dice.random() < promotions else 1
        yield int(level * lift * math.exp(dice.gauss(-noise * noise / 2, noise)))


def daily(dice, periods):
    level, shape = dice.lognormvariate(2.5, 0.8), [dice.uniform(0.5, 1.5) for _ in range(6)] + [0]
    for period in range(periods):
        level *= math.exp(dice.gauss(0, 0.01))
        mean = level * shape[period % 7] * (1 + 0.2 * math.sin(2 * math.pi * period / 365))
        yield int(dice.gammavariate(2, mean / 2) + 0.5) if mean else 0


def sparse(dice, periods):
    share, size = dice.betavariate(1.2, 3), dice.choice([0.3, 1, 1, 2, 6, 20])
    lot = dice.choice([1, 1, 1, 1, 2, 6, 12])
    fading = dice.random() < 0.15
    for period in range(periods):
        alive = 1 - period / periods if fading else 1
        yield lot * (1 + int(dice.expovariate(1 / size))) if dice.random() < share * alive else 0
