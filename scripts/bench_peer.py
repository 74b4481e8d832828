"""bench_peer.py FILE ENTRY SAMPLE [OURS]: one model of statsforecast, on one thread, on some series of a set of bench-planning.

ENTRY is the set's entry of datasets.json; OURS a file that `plimsoll forecast` wrote of the same series. Prints one line of
JSON: the model, its forecasts, its processor seconds, and the scores of both on the same forecasts. Reading and the first calls,
which compile, are not counted. The scores are computed here from the two files, by the definitions of
docs/operating/planning-figures.md.
"""

import json
import os
import sys
import warnings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["NIXTLA_ID_AS_COL"] = "1"
warnings.filterwarnings("ignore")

import numpy  # noqa: E402
import pandas  # noqa: E402
from statsforecast import StatsForecast  # noqa: E402
from statsforecast.models import TSB, AutoETS, SeasonalNaive  # noqa: E402
from statsforecast.utils import ConformalIntervals  # noqa: E402

# A two-sided interval of 60 % ends at the 80 % quantile.
QUANTILES = {"q80": 60, "q90": 80, "q95": 90, "q99": 98}
LEVELS = numpy.array([0.5, 0.8, 0.9, 0.95, 0.99])
COLUMNS = ["mean", "q50", *QUANTILES]


def main():
    path, entry, sample = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
    demand = pandas.read_csv(path, dtype={"unique_id": str}, parse_dates=["ds"])
    names = sorted(demand.unique_id.unique())[:: max(1, demand.unique_id.nunique() // sample)][:sample]
    demand = demand[demand.unique_id.isin(names)].sort_values(["unique_id", "ds"])
    name, model = choose(entry)
    engine = StatsForecast(
        models=[model], freq=entry["freq"], n_jobs=1, fallback_model=SeasonalNaive(season_length=entry["season"]))

    def forecast(rows):
        return engine.forecast(df=rows, h=entry["h"], level=list(QUANTILES.values()))

    first = demand[demand.ds <= entry["cutoffs"][0]]
    forecast(first[first.unique_id.isin(names[:3])])
    series, seconds, answers = 0, 0.0, []
    for cutoff in entry["cutoffs"]:
        rows = demand[demand.ds <= cutoff]
        before = os.times()
        answer = forecast(rows)
        after = os.times()
        series += rows.unique_id.nunique()
        seconds += after.user - before.user + after.system - before.system
        answers.append(as_ours(answer, name, cutoff))
    result = {"model": name, "series": series, "seconds": max(seconds, 1e-9)}
    if len(sys.argv) > 4:
        ours = pandas.read_csv(sys.argv[4], dtype={"unique_id": str, "cutoff": str}, parse_dates=["ds"])
        result["scores"] = compare(demand, entry, {"ours": ours, "peer": pandas.concat(answers)})
    print(json.dumps(result))


def choose(entry):
    if entry["kind"] == "intermittent":
        return "TSB", TSB(alpha_d=0.1, alpha_p=0.1, prediction_intervals=ConformalIntervals(n_windows=2, h=entry["h"]))
    return "AutoETS", AutoETS(season_length=entry["season"] if entry["season"] <= 24 else 1)


def as_ours(answer, model, cutoff):
    """The peer's answer with the columns of `plimsoll forecast`; its median is its mean."""
    columns = {"unique_id": answer.unique_id, "cutoff": cutoff, "ds": answer.ds, "mean": answer[model], "q50": answer[model]}
    return pandas.DataFrame(columns | {name: answer[f"{model}-hi-{level}"] for name, level in QUANTILES.items()})


def compare(demand, entry, engines):
    """Mean sMAPE, MASE and SPL of each engine over the series and cutoffs that both forecast, and how many those are."""
    forecasts = {
        engine: {key: rows[COLUMNS].to_numpy(float) for key, rows in table.groupby(["unique_id", "cutoff"])}
        for engine, table in engines.items()
    }
    scores, pairs = {engine: {"smape": [], "mase": [], "scaledPinball": []} for engine in engines}, 0
    for name, rows in demand.groupby("unique_id"):
        days, values = rows.ds.to_numpy(), rows.y.to_numpy(float)
        for cutoff in entry["cutoffs"]:
            known = int(numpy.searchsorted(days, numpy.datetime64(cutoff), "right"))
            came = values[known : known + entry["h"]]
            if not len(came) or any((name, cutoff) not in forecasts[engine] for engine in engines):
                continue
            pairs += 1
            for engine in engines:
                expected = forecasts[engine][name, cutoff][: len(came)]
                if entry["kind"] != "competition":
                    expected = numpy.maximum(expected, 0)
                score(scores[engine], values[:known], came, expected, entry)
    means = {engine: {name: float(numpy.mean(found)) for name, found in one.items() if found} for engine, one in scores.items()}
    return means | {"pairs": pairs}


def score(scores, history, came, expected, entry):
    mean, quantiles = expected[:, 0], expected[:, 1:]
    total = numpy.abs(came) + numpy.abs(mean)
    scores["smape"].append(numpy.mean(200 * numpy.abs(came - mean) / numpy.where(total > 0, total, 1)))
    lag = entry.get("scale_m", entry["season"])
    scale = numpy.abs(history[lag:] - history[:-lag]).mean() if len(history) > lag else 0
    if scale > 0:
        scores["mase"].append(numpy.abs(came - mean).mean() / scale)
    since = history[numpy.argmax(history > 0) :]
    step = numpy.abs(numpy.diff(since)).mean() if len(since) > 1 else 0
    if step > 0:
        apart = came[:, None] - quantiles
        scores["scaledPinball"].append(numpy.maximum(LEVELS * apart, (LEVELS - 1) * apart).mean() / step)


if __name__ == "__main__":
    main()
