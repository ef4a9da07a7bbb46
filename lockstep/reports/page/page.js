
"use strict";
(() => {
  const form = document.getElementById("filters");
  const count = document.getElementById("count");
  const none = document.getElementById("none");
  const search = document.getElementById("q");
  const items = [...document.querySelectorAll("[data-item]")];
  const lists = [...document.querySelectorAll("main details:not([data-quiet])")];
  for (const list of document.querySelectorAll("details[data-quiet]")) list.open = list.querySelectorAll("li").length <= 12;
  const sections = [...document.querySelectorAll("main > section[data-group]")];
  const texts = new Map();

  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };

  const chosen = () => {
    const state = { q: search.value.trim(), group: "" };
    for (const select of form.querySelectorAll("select")) state[select.name] = select.value;
    for (const box of form.querySelectorAll("input[type=checkbox]:checked")) (state[box.name] ||= []).push(box.value);
    return state;
  };

  const write = (state) => {
    const said = new URLSearchParams();
    for (const [key, value] of Object.entries(state)) if (value.length) said.set(key, String(value));
    const hash = String(said);
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  };

  const filter = (state) => {
    const words = state.q.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (item) =>
      (!state.group || item.dataset.group === state.group) &&
      (!state.level || state.level.includes(item.dataset.level)) &&
      (!state.step || state.step.includes(item.dataset.step)) &&
      words.every((word) => textOf(item).includes(word));
    let shown = 0;
    for (const item of items) {
      const fit = fits(item);
      item.hidden = !fit;
      shown += fit;
    }
    const wanted = words.length > 0 || Boolean(state.group || state.level || state.step);
    for (const list of lists) {
      const left = list.querySelectorAll("[data-item]:not([hidden])").length;
      list.hidden = left === 0;
      list.open = wanted || list.dataset.long === undefined;
    }
    for (const section of sections) section.hidden = wanted && !section.querySelector("[data-item]:not([hidden])");
    count.textContent = wanted ? `${shown} of ${items.length}` : `all ${items.length}`;
    none.hidden = !wanted || shown > 0;
  };

  const read = () => {
    const said = new URLSearchParams(location.hash.slice(1));
    if (!["q", "group", "level", "step"].some((key) => said.has(key))) return false;
    form.reset();
    search.value = said.get("q") || "";
    for (const select of form.querySelectorAll("select")) select.value = said.get(select.name) || "";
    for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = (said.get(box.name) || "").split(",").includes(box.value);
    return true;
  };

  const change = () => {
    const state = chosen();
    write(state);
    filter(state);
  };

  let waiting;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(change, 80);
  });
  form.addEventListener("change", change);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(change));
  addEventListener("hashchange", () => {
    if (read()) filter(chosen());
    else reach();
  });

  const reach = () => {
    const target = /^#[fs]\d+$/.test(location.hash) && document.getElementById(location.hash.slice(1));
    if (!target) return;
    if (target.hidden || target.closest("[hidden]")) {
      form.reset();
      filter({ q: "" });
    }
    const list = target.closest("details");
    if (list) list.open = true;
    target.scrollIntoView();
  };

  const step = (by) => {
    const shown = items.filter((item) => item.classList.contains("finding") && !item.hidden);
    const at = shown.indexOf(document.activeElement);
    const next = shown[at < 0 ? 0 : Math.min(Math.max(at + by, 0), shown.length - 1)];
    if (next) {
      next.focus({ preventScroll: true });
      next.scrollIntoView({ block: "center" });
    }
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "checkbox";
    if (event.key === "Escape") {
      form.reset();
      search.blur();
    } else if (typing) {
      return;
    } else if (event.key === "/") {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "j" || event.key === "k") {
      step(event.key === "j" ? 1 : -1);
    }
  });

  const theme = document.getElementById("theme");
  const themes = ["auto", "light", "dark"];
  const keep = {
    get: () => { try { return localStorage.getItem("lockstep-theme"); } catch { return null; } },
    set: (value) => { try { localStorage.setItem("lockstep-theme", value); } catch { /* a page from a file may keep nothing */ } },
  };
  const paint = (name) => {
    if (name === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = name;
    theme.querySelector("span").textContent = name;
  };
  let current = themes.includes(keep.get()) ? keep.get() : "auto";
  paint(current);
  theme.addEventListener("click", () => {
    current = themes[(themes.indexOf(current) + 1) % themes.length];
    paint(current);
    keep.set(current);
  });

  addEventListener("beforeprint", () => { for (const list of document.querySelectorAll("details")) list.open = true; });

  theme.hidden = false;
  form.hidden = items.length === 0;
  read();
  filter(chosen());
  reach();
})();
