"""Home: what one can do here, shown at a glance."""

import streamlit as st

st.title("CNN Lab", anchor=False)
