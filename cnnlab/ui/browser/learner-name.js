// A learner's name, kept by the browser for a year, so that runs are found again. It draws nothing.

import { fill } from "./dom.js";
import { mountable } from "./mounting.js";

const YEAR_S = 31_536_000;

export const { render, dispose } = mountable((root) => {
  fill(root);
  return {
    receive({ data }) {
      document.cookie = `${data.cookie}=${data.name}; max-age=${YEAR_S}; path=/; samesite=lax`;
    },
    changeTheme() {},
    destroy() {},
  };
});
