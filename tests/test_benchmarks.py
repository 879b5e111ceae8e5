"""The benchmarks can be built, their arithmetic is right, and their peers are what they claim. No timings."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from benchmarks import servers
from benchmarks.__main__ import Outcome, main, run_all
from benchmarks.arithmetic import ours_numbers, with_pytorch
from benchmarks.catalogue import BENCHMARKS, UnknownBenchmark, chosen
from benchmarks.effort import FULL, QUICK, Effort
from benchmarks.report import closing, heading, markdown, row_text
from benchmarks.rows import Figure, Row, Target, percentile
from benchmarks.servers import PEERS, Servers, refuse_settings_from_outside


class TestNumbers:
    @pytest.mark.parametrize(
        ("values", "share", "expected"),
        [
            ([7], 0.95, 7),
            ([3, 1, 2], 0.5, 2),
            (range(1, 21), 0.95, 19),
            (range(1, 22), 0.95, 20),
            ([1, 2], 0, 1),
        ],
    )
    def test_a_percentile_is_the_nearest_rank(self, values, share, expected):
        assert percentile(values, share) == expected

    def test_a_percentile_of_nothing_is_refused(self):
        with pytest.raises(ValueError, match="measure at least one"):
            percentile([], 0.95)

    def test_a_target_is_met_at_its_limit_and_missed_above_it(self):
        assert Row("r", Figure((50.0,), "ms"), target=Target(50)).met is True
        assert Row("r", Figure((50.1,), "ms"), target=Target(50)).met is False

    def test_a_target_of_p95_looks_at_p95_and_one_of_the_ratio_at_the_ratio(self):
        ours, peer = Figure((*[1.0] * 18, 90.0, 90.0), "ms", "p95"), Figure((100.0,), "ms")
        assert Row("r", ours, target=Target(50)).met is False
        row = Row("r", ours, "peer", peer, Target(0.9, of_ratio=True))
        assert (row.ratio, row.met) == (0.9, True)

    def test_nothing_is_met_or_missed_without_a_target_or_a_peer_that_it_needs(self):
        assert Row("r", Figure((1.0,), "ms")).met is None
        assert Row("r", Figure((1.0,), "ms"), target=Target(0.7, of_ratio=True)).met is None


class TestReport:
    def test_a_row_says_all_on_one_line_and_its_peer_below(self):
        row = Row(
            "trip",
            Figure((7.0,), "ms"),
            "a stock app",
            Figure((10.0,), "ms"),
            Target(0.7, of_ratio=True),
            ("how",),
        )
        first, peer, how = row_text(row).split("\n")
        assert first.split() == ["met", "trip", "7", "ms", "10", "ms", "0.7×", "≤", "0.7", "×", "peer"]
        assert (peer.strip(), how.strip()) == ("peer: a stock app", "how")
        assert heading().split() == ["what", "ours", "peer", "ratio", "target"]

    def test_the_last_line_names_what_was_missed_and_what_was_not_measured(self):
        rows = [
            Row("slow", Figure((2.0,), "s"), target=Target(1)),
            Row("fast", Figure((1.0,), "s"), target=Target(1)),
            Row("free", Figure((1.0,), "s")),
        ]
        assert closing(rows, ["drag"]) == "1 of 2 targets met; missed: slow; not measured: drag"

    def test_rows_become_a_table_with_what_was_measured_below(self):
        rows = [
            Row("trip", Figure((7.0,), "ms"), "a stock app", Figure((10.0,), "ms"), notes=("how", "where")),
            Row("start", Figure((1.0,), "s"), target=Target(2)),
        ]
        assert markdown("today\n2 cores", rows).splitlines() == [
            "> today  ",
            "> 2 cores  ",
            "",
            "| what | ours | peer | ratio | target | |",
            "|---|---|---|---|---|---|",
            "| 1. trip | 7 ms | 10 ms | 0.7× | – |  |",
            "| 2. start | 1 s | – | – | ≤ 2 s | met |",
            "",
            "- 1: peer: a stock app; how; where.",
        ]

    def test_a_row_can_be_written_as_json(self):
        row = Row("r", Figure((1.0, 3.0), "ms", "p95"), "p", Figure((6.0,), "ms"), Target(4))
        found = json.loads(json.dumps(row.as_json()))
        assert found["ours"] == {"median": 2.0, "p95": 3.0, "count": 2, "unit": "ms", "says": "p95"}
        assert (found["ratio"], found["target"], found["met"]) == (0.5, "≤ 4 ms (p95)", True)


class TestCommand:
    @pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda benchmark: benchmark.name)
    def test_every_benchmark_can_be_loaded(self, benchmark):
        assert callable(benchmark.run)

    def test_names_choose_in_the_order_of_the_catalogue(self):
        assert [one.name for one in chosen(["traffic", "drag"])] == ["drag", "traffic"]
        assert chosen([]) == BENCHMARKS

    def test_an_unknown_name_is_refused_with_those_that_there_are(self, capsys):
        with pytest.raises(UnknownBenchmark, match="there is no benchmark “speed”; choose from drag, hover"):
            chosen(["speed"])
        assert main(["speed"]) == 2
        assert "choose from drag" in capsys.readouterr().err

    def test_a_benchmark_that_fails_is_said_and_the_run_goes_on(self, capsys):
        class Broken:
            name = "broken"

            def run(self, effort: Effort, _servers: Servers) -> list[Row]:
                raise RuntimeError(f"{effort.sessions} too many")

        outcome = Outcome()
        outcome.measure(Broken(), QUICK, Servers())  # type: ignore[arg-type]
        assert outcome.failures == ["broken"]
        assert "broken could not be measured: RuntimeError: 30 too many" in capsys.readouterr().out

    def test_a_stopped_run_measures_nothing_more(self):
        class Stopped:
            name = "stopped"

            def run(self, _effort: Effort, _servers: Servers) -> list[Row]:
                with pytest.raises(KeyboardInterrupt, match="stopped"):
                    outcome.stop()
                raise RuntimeError("the browser is gone")

        outcome = Outcome()
        with pytest.raises(KeyboardInterrupt, match="stopped"):
            run_all((Stopped(),), True, outcome)  # type: ignore[arg-type]
        assert (outcome.stopped, outcome.failures) == (True, [])
        with pytest.raises(KeyboardInterrupt, match="stopped"):
            run_all(BENCHMARKS, True, outcome)

    def test_one_benchmark_runs_from_end_to_end_and_writes_its_file(self, tmp_path, capsys, monkeypatch):
        monkeypatch.setattr("benchmarks.__main__.QUICK", Effort(analyses=3))
        monkeypatch.setattr("signal.signal", lambda *_: None)
        file = tmp_path / "found.json"
        assert main(["arithmetic", "--quick", "--json", str(file)]) == 0
        found = json.loads(file.read_text(encoding="utf-8"))
        assert [row["benchmark"] for row in found["rows"]] == ["arithmetic"]
        assert found["conditions"]["cores"] >= 1
        assert "arithmetic of one convolution" in capsys.readouterr().out

    def test_a_quick_run_measures_at_most_what_a_full_one_does(self):
        assert all(getattr(QUICK, name) <= getattr(FULL, name) for name in Effort.__slots__)


class TestPeers:
    def test_the_stock_app_shows_its_slider_and_the_text_that_the_probes_wait_for(self):
        app = AppTest.from_file(str(PEERS / "slider.py")).run()
        app.slider[0].set_value(12).run()
        assert not app.exception
        assert app.markdown[0].value == "The value is 12"

    def test_the_heatmap_draws(self):
        app = AppTest.from_file(str(PEERS / "heatmap.py")).run()
        assert not app.exception
        assert len(app.get("plotly_chart")) == 1

    def test_a_peer_is_refused_where_streamlit_is_configured_from_outside(self, monkeypatch, tmp_path):
        monkeypatch.setattr(servers.Path, "home", lambda: tmp_path)
        for name in [name for name in servers.os.environ if name.startswith("STREAMLIT_")]:
            monkeypatch.delenv(name)
        refuse_settings_from_outside()
        monkeypatch.setenv("STREAMLIT_RUNNER_POST_SCRIPT_GC", "false")
        with pytest.raises(RuntimeError, match="there is STREAMLIT_RUNNER_POST_SCRIPT_GC; take it away"):
            refuse_settings_from_outside()

    def test_no_server_is_started_before_it_is_asked_for(self, monkeypatch):
        monkeypatch.setattr(servers, "lab_server", lambda: pytest.fail("nobody asked"))
        with Servers():
            pass

    def test_pytorch_and_the_arithmetic_give_the_same_numbers_by_hand(self):
        assert ours_numbers() == with_pytorch()() == ((64, 28, 28), 4864, 28 * 28 * 64 * 75)

    def test_numbers_that_do_not_agree_are_not_timed(self, monkeypatch):
        monkeypatch.setattr("benchmarks.arithmetic.ours_numbers", lambda: ((64, 28, 28), 4800, 1))
        with pytest.raises(RuntimeError, match=r"the two do not agree: .*4800.* against .*4864"):
            chosen(["arithmetic"])[0].run(QUICK, Servers())
