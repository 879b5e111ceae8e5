"""The convolution lab: mounts the browser component, and keeps its settings in the address.

All that must follow the hand happens in the browser (`cnnlab/ui/browser/`). This module hears the settled
settings, writes them to the address, and hands over pictures. It knows no arithmetic.
"""

import streamlit as st

from cnnlab.ui.assets import module_address

LOADER = """
export default function (component) {
  const { data, parentElement } = component;
  const host = parentElement;
  host.__component = component;
  if (!host.__loading) host.__loading = import(new URL(data.module, location.origin).href);
  let alive = true;
  host.__loading.then((module) => { if (alive) module.render(host.__component); });
  return () => { alive = false; host.__loading.then((module) => module.dispose(host)); };
}
"""
component = st.components.v2.component("cnnlab.convolution", html='<div class="lab"></div>', js=LOADER)


@st.fragment
def convolution_lab(key: str) -> None:
    """Draw the lab; `key` names its state, so that a page can hold several."""
    settings = {name: value for name, value in st.query_params.items()}
    component(key=key, data={"module": module_address("lab.js"), "settings": settings}, default={"settings": settings},
              on_settings_change=lambda: None)
