"""bench_peer.py FILE ENTRY SAMPLE: one model of statsforecast, on one thread, on some series of a set of scripts/bench-planning.

ENTRY is the set's entry of datasets.json. Prints one line of JSON: the model, its forecasts, its processor seconds. Reading and
the first calls, which compile, are not counted.
"""

import json
import os
import sys
import warnings

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ["NIXTLA_ID_AS_COL"] = "1"
warnings.filterwarnings("ignore")

import pandas  # noqa: E402
from statsforecast import StatsForecast  # noqa: E402
from statsforecast.models import TSB, AutoETS, SeasonalNaive  # noqa: E402
from statsforecast.utils import ConformalIntervals  # noqa: E402


def main():
    path, entry, sample = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
    demand = pandas.read_csv(path, dtype={"unique_id": str}, parse_dates=["ds"])
    names = sorted(demand.unique_id.unique())[:: max(1, demand.unique_id.nunique() // sample)][:sample]
    demand = demand[demand.unique_id.isin(names)]
    if entry["kind"] == "intermittent":
        name, model = "TSB", TSB(
            alpha_d=0.1, alpha_p=0.1, prediction_intervals=ConformalIntervals(n_windows=2, h=entry["h"]))
    else:
        name, model = "AutoETS", AutoETS(season_length=entry["season"] if entry["season"] <= 24 else 1)
    engine = StatsForecast(
        models=[model], freq=entry["freq"], n_jobs=1, fallback_model=SeasonalNaive(season_length=entry["season"]))

    def forecast(rows):
        engine.forecast(df=rows, h=entry["h"], level=[60, 80, 90, 98])

    first = demand[demand.ds <= entry["cutoffs"][0]]
    forecast(first[first.unique_id.isin(names[:3])])
    series, seconds = 0, 0.0
    for cutoff in entry["cutoffs"]:
        rows = demand[demand.ds <= cutoff]
        before = os.times()
        forecast(rows)
        after = os.times()
        series += rows.unique_id.nunique()
        seconds += after.user - before.user + after.system - before.system
    print(json.dumps({"model": name, "series": series, "seconds": max(seconds, 1e-9)}))


if __name__ == "__main__":
    main()
