"""The peer for graphs of networks: Streamlit's own chart for graphs, of a file beside this script."""

from pathlib import Path

import streamlit as st

if st.button("Draw"):
    st.graphviz_chart(Path(__file__).with_name("graph.dot").read_text(encoding="utf-8"))
