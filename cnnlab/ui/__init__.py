"""Everything that knows Streamlit: the shell, the labs, the browser components, state."""
