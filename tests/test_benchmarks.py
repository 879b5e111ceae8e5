"""The benchmarks can be built, their arithmetic is right, and their peers are what they claim. No timings."""

import asyncio
import json
from itertools import pairwise
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.Navigation_pb2 import Navigation
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.proto.PageInfo_pb2 import PageInfo
from streamlit.testing.v1 import AppTest

from benchmarks import servers
from benchmarks.__main__ import Outcome, main, run_all
from benchmarks.arithmetic import ours_numbers, with_pytorch
from benchmarks.catalogue import BENCHMARKS, UnknownBenchmark, chosen
from benchmarks.classroom import learner
from benchmarks.drag import check
from benchmarks.effort import FULL, QUICK, Effort
from benchmarks.pages import PROBES, box_of, chromium, enough, there_and_back
from benchmarks.report import closing, heading, row_text
from benchmarks.round_trip import lab_move, slider_move
from benchmarks.rows import Figure, Row, Target, percentile
from benchmarks.servers import LAB_PATH, PEERS, Servers, refuse_settings_from_outside
from benchmarks.traffic import Traffic
from benchmarks.wire import Memory, Visitor
from tests.running_app import ROOT

KEY_OF_LAB = "$$ID-1f-convolution"


def delta(**fields: str) -> ForwardMsg:
    """Return a message that draws a slider or a component."""
    message = ForwardMsg(hash=fields.get("hash", ""))
    message.metadata.cacheable = "hash" in fields
    message.delta.fragment_id = fields.get("fragment", "")
    getattr(message.delta.new_element, fields["kind"]).id = fields["id"]
    return message


def sample(kernel: int, output: str, parameters: str, picture: bool = True) -> dict:
    """Return what the probe of a drag finds."""
    return {"shown": kernel, "metrics": {"output": output, "parameters": parameters}, "picture": picture}


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
                with pytest.raises(KeyboardInterrupt):
                    outcome.stop()
                raise RuntimeError("the browser is gone")

        outcome = Outcome()
        with pytest.raises(KeyboardInterrupt):
            run_all((Stopped(),), True, outcome)  # type: ignore[arg-type]
        assert (outcome.stopped, outcome.failures) == (True, [])
        with pytest.raises(KeyboardInterrupt):
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


class TestProbes:
    @pytest.mark.parametrize("name", ["common", "drag", "hover", "appearing", "address", "usable"])
    def test_the_probes_that_pages_ask_for_exist(self, name):
        assert (PROBES / f"{name}.js").is_file()

    def test_the_wait_that_is_taken_off_is_the_one_in_the_lab(self):
        from benchmarks.address import SETTLED_MS

        source = (ROOT / "cnnlab" / "ui" / "browser" / "settling.js").read_text(encoding="utf-8")
        assert f"const SETTLED_MS = {SETTLED_MS};" in source

    def test_a_drag_counts_only_where_the_right_numbers_and_a_new_picture_were_shown(self):
        check(sample(5, "64 × 28 × 28", "4,864"))
        check(sample(1, "64 × 32 × 32", "256"))
        with pytest.raises(RuntimeError, match=r"kernel 5: shown .*27.*the output map changed"):
            check(sample(5, "64 × 27 × 27", "4,864"))
        with pytest.raises(RuntimeError, match="the output map did not change"):
            check(sample(5, "64 × 28 × 28", "4,864", picture=False))

    def test_a_tenth_of_the_steps_may_bring_nothing_but_no_more(self):
        assert len(enough([{}] * 19, 20, "cells")) == 19
        with pytest.raises(RuntimeError, match="20 steps brought only 18 cells"):
            enough([{}] * 18, 20, "cells")

    def test_an_element_that_is_not_shown_is_named(self):
        class Hidden:
            def scroll_into_view_if_needed(self) -> None: ...

            def bounding_box(self) -> None:
                return None

        with pytest.raises(RuntimeError, match="the slider is not on the page"):
            box_of(Hidden(), "slider")  # type: ignore[arg-type]

    def test_a_missing_browser_is_said_with_what_to_do(self, monkeypatch):
        monkeypatch.setattr("benchmarks.pages.browser_path", lambda _: None)
        with pytest.raises(RuntimeError, match="install it, or name it in CNNLAB_CHROMIUM"), chromium():
            pass

    def test_a_drag_goes_to_neighbours_only_and_stays_on_the_slider(self):
        places = [5, *there_and_back(5, 1, 11, 60)]
        assert {abs(a - b) for a, b in pairwise(places)} == {1}
        assert (min(places), max(places)) == (1, 11)

    def test_moves_of_the_clients_differ_from_turn_to_turn(self):
        assert all(lab_move(turn) != lab_move(turn + 1) for turn in range(100))
        assert all(slider_move(turn) != slider_move(turn + 1) for turn in range(100))
        assert all(0 <= slider_move(turn) <= 100 for turn in range(100))

    def test_traffic_is_counted_from_one_look_to_the_next(self):
        traffic = Traffic()
        traffic.add(10, 0)
        traffic.add(0, 32)
        assert traffic.clear() == (10, 32, 2)
        assert traffic.clear() == (0, 0, 0)


class TestWire:
    def test_the_first_message_asks_for_the_page_by_name(self):
        state = Memory("http://127.0.0.1:1/convolution", "k=5").request().rerun_script
        assert (state.page_name, state.query_string, len(state.widget_states.widgets)) == (
            "convolution",
            "k=5",
            0,
        )

    def test_a_moved_slider_is_sent_as_its_number(self):
        memory = Memory("http://127.0.0.1:1/")
        memory.notice(ForwardMsg(new_session=NewSession(page_script_hash="abc")))
        memory.notice(delta(kind="slider", id="$$ID-7-value"))
        state = BackMsg.FromString(memory.request(12).SerializeToString()).rerun_script
        assert (state.page_script_hash, state.page_name, state.fragment_id) == ("abc", "", "")
        assert [(one.id, list(one.double_array_value.data)) for one in state.widget_states.widgets] == [
            ("$$ID-7-value", [12.0])
        ]

    def test_settings_of_a_lab_go_to_its_fragment_with_what_the_browser_has_stored(self):
        memory = Memory("http://127.0.0.1:1/convolution")
        memory.notice(delta(kind="bidi_component", id=KEY_OF_LAB, fragment="f1", hash="h1"))
        memory.notice(ForwardMsg(page_info_changed=PageInfo(query_string="k=7")))
        state = memory.request({"k": "6"}).rerun_script
        assert (state.fragment_id, state.query_string, list(state.cached_message_hashes)) == (
            "f1",
            "k=7",
            ["h1"],
        )
        assert json.loads(state.widget_states.widgets[0].json_value) == {"settings": {"k": "6"}}

    def test_only_the_first_thing_that_can_be_moved_counts_and_the_page_is_the_one_of_the_menu(self):
        memory = Memory("http://127.0.0.1:1/convolution")
        memory.notice(ForwardMsg(new_session=NewSession(page_script_hash="main")))
        memory.notice(ForwardMsg(navigation=Navigation(page_script_hash="lab")))
        memory.notice(delta(kind="bidi_component", id=KEY_OF_LAB, fragment="f1"))
        memory.notice(delta(kind="bidi_component", id="$$ID-2-below"))
        memory.notice(ForwardMsg(new_session=NewSession(page_script_hash="main")))
        assert (memory.widget_id, memory.fragment_id, memory.page_script_hash) == (KEY_OF_LAB, "f1", "lab")

    def test_an_answer_counts_only_if_it_shows_the_move(self):
        lab = Memory("http://127.0.0.1:1/convolution", is_component=True)
        lab.notice(ForwardMsg(page_info_changed=PageInfo(query_string="in=32&k=7")))
        assert lab.shows({"in": "32", "k": "7"})
        assert not lab.shows({"in": "32", "k": "6"})
        stock = Memory("http://127.0.0.1:1/", text="The value is 12")
        assert stock.shows(12)
        assert not stock.shows(1)

    def test_a_move_without_an_answer_that_shows_it_is_refused(self, monkeypatch):
        monkeypatch.setattr(Visitor, "_until_finished", lambda _self: asyncio.sleep(0))

        class Deaf:
            async def send(self, _data: bytes) -> None: ...

        visitor = Visitor(Deaf(), Memory("http://127.0.0.1:1/"))  # type: ignore[arg-type]
        with pytest.raises(RuntimeError, match="was moved to 12, and its answer does not show it"):
            asyncio.run(visitor.move(12))

    def test_a_page_without_anything_to_move_is_refused(self, monkeypatch):
        class Empty:
            async def send(self, _data: bytes) -> None: ...

            async def recv(self, decode: bool) -> bytes:
                finished = ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY)
                self.answers = getattr(self, "answers", 0) + 1 + decode
                first = ForwardMsg(new_session=NewSession(page_script_hash="abc"))
                return (first if self.answers == 1 else finished).SerializeToString()

        async def connect(*_arguments: object, **_options: object) -> Empty:
            return Empty()

        monkeypatch.setattr("benchmarks.wire.connect", connect)
        with pytest.raises(RuntimeError, match="has nothing to move; is it the right page"):
            asyncio.run(Visitor.arrive("http://127.0.0.1:1/convolution"))

    def test_a_learner_waits_a_second_between_moves(self):
        class Quick:
            moves = 0

            async def move(self, _value: object) -> float:
                Quick.moves += 1
                return 1.0

        async def two_seconds() -> float:
            clock = asyncio.get_running_loop().time
            began = clock()
            await learner(Quick(), lab_move, 0.0, 2)  # type: ignore[arg-type]
            return clock() - began

        assert asyncio.run(two_seconds()) >= 1.0
        assert Quick.moves == 2

    def test_the_lab_is_opened_with_the_settings_that_the_issue_names(self):
        assert LAB_PATH == "/convolution?in=32&cin=3&cout=64&k=5"

    def test_peers_have_no_configuration_beside_them(self):
        assert not list(Path(PEERS).rglob("*.toml"))
