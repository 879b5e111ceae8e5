"""The peer: the smallest Streamlit app that has something to move."""

import streamlit as st

value = st.slider("Value", 0, 100, 10, key="value")
st.write(f"The value is {value}")
