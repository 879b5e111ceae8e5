"""The peer for hovering: a heatmap of Plotly, which says what lies under the pointer."""

import plotly.graph_objects as go
import streamlit as st

rows = [[(3 * row + 5 * column) % 11 for column in range(28)] for row in range(28)]
st.plotly_chart(go.Figure(go.Heatmap(z=rows)), key="heatmap")
