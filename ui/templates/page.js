// Runs in the page's head: what Gradio leaves to the page. Jinja fills the words in.
(() => {
  const language = {{ words.language|tojson }};
  const root = document.documentElement;
  const settle = () => {
    if (root.lang !== language) root.lang = language;
  };
  // One theme, tested for contrast: the browser's taste for the dark is not passed on to Gradio.
  const match = window.matchMedia.bind(window);
  window.matchMedia = (query) => match(query.includes("prefers-color-scheme") ? "not all" : query);
  // Once the session has ended nothing is answered any more: said in place, what was typed is kept.
  const fetched = window.fetch.bind(window);
  window.fetch = async (...asked) => {
    const answer = await fetched(...asked);
    if (answer.status === 401 && answer.url.includes("/gradio_api/")) ended();
    return answer;
  };
  const ended = () => {
    const top = document.getElementById("top");
    if (!top || document.getElementById("ended")) return;
    const said = document.createElement("div");
    said.id = "ended";
    said.setAttribute("role", "alert");
    said.innerHTML = {{ ended|tojson }};
    const open = new URLSearchParams(location.search).get("case");
    if (open) said.querySelector("a").search += `&case=${encodeURIComponent(open)}`;
    top.after(said);
    document.body.classList.add("ended"); // Gradio's own message says less, and in English
    said.scrollIntoView({ block: "center" });
  };
  const described = (box) => {
    const field = box.querySelector("input, textarea");
    if (!field) return;
    field.setAttribute("inputmode", "numeric");
    field.setAttribute("autocomplete", "off");
    field.setAttribute("aria-describedby", "search-problem");
  };
  const marks = [
    ["#verdict", (node) => { node.setAttribute("aria-live", "polite"); node.setAttribute("aria-atomic", "true"); }],
    ["#simulated", (node) => node.setAttribute("aria-live", "polite")],
    ["#levers", (node) => node.setAttribute("aria-live", "polite")],
    ["#signed", (node) => node.setAttribute("aria-live", "polite")],
    ["#problem", (node) => node.setAttribute("aria-live", "assertive")],
    ["#search-row", (node) => { node.setAttribute("role", "search"); node.setAttribute("aria-label", {{ words("search.region")|tojson }}); }],
    ["#case-number", described],
  ];
  // Gradio names a slider's two inputs in English: the label's own words are what is read aloud.
  const sliders = () => {
    for (const box of document.querySelectorAll('[id^="try-"]')) {
      const said = box.querySelector('[data-testid="block-info"]');
      if (!said) continue;
      for (const input of box.querySelectorAll("input")) {
        const words = (input.type === "range" ? {{ words.texts["simulate.range"]|tojson }} : {{ words.texts["simulate.field"]|tojson }}).replace("{label}", said.textContent.trim());
        if (input.getAttribute("aria-label") !== words) input.setAttribute("aria-label", words);
      }
    }
  };
  const tabs = () => {
    for (const tab of document.querySelectorAll('[role="tablist"] [role="tab"]')) {
      tab.tabIndex = tab.getAttribute("aria-selected") === "true" ? 0 : -1;
    }
  };
  const mark = () => {
    settle();
    for (const [selector, apply] of marks) {
      const node = document.querySelector(selector);
      if (node && !node.dataset.marked) { node.dataset.marked = "yes"; apply(node); }
    }
    tabs();
    sliders();
    const view = document.querySelector("#client-view");
    const turned = document.body.classList.contains("client-view");
    if (turned && !(view && view.checked)) document.body.classList.remove("client-view");
  };
  new MutationObserver(settle).observe(root, { attributes: true, attributeFilter: ["lang"] });
  const start = () => {
    mark();
    new MutationObserver(mark).observe(document.body, {
      childList: true, subtree: true, attributes: true, attributeFilter: ["class", "aria-selected"],
    });
  };
  settle();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest && event.target.closest('[role="tab"]');
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!tab || (!step && event.key !== "Home" && event.key !== "End")) return;
    const all = [...tab.parentElement.querySelectorAll('[role="tab"]')];
    const place = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1
      : (all.indexOf(tab) + step + all.length) % all.length;
    event.preventDefault();
    all[place].click();
    all[place].focus();
  });
  document.addEventListener("change", (event) => {
    if (event.target.id === "client-view") document.body.classList.toggle("client-view", event.target.checked);
  });
  const closed = [];
  window.addEventListener("beforeprint", () => {
    for (const part of document.querySelectorAll("details:not([open])")) {
      part.open = true;
      closed.push(part);
    }
  });
  window.addEventListener("afterprint", () => {
    for (const part of closed.splice(0)) part.open = false;
  });
})();
