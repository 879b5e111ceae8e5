"""Plotly figures: data in, figure out. It knows neither PyTorch nor Streamlit."""
