// Parts that the server writes: asked for once seen, and written again after each form in them.
// A form that cannot be sent keeps what was typed, and says why beside its button.
(() => {
  const LONGEST_WAIT_MS = 4900;
  const DOWN = {{ words("parts.down")|tojson }};
  const ask = async (address, options) => {
    const answer = await fetch(address, {
      ...options, credentials: "same-origin", headers: { "X-Part": "1" }, signal: AbortSignal.timeout(LONGEST_WAIT_MS),
    });
    const written = (answer.headers.get("content-type") || "").startsWith("text/html");
    if (!written) throw new Error("no part");
    return { ok: answer.ok, html: await answer.text() };
  };
  const down = () => {
    const said = document.createElement("p");
    said.className = "field-problem";
    said.setAttribute("role", "alert");
    said.textContent = DOWN;
    return said.outerHTML;
  };
  const show = (place, html) => {
    place.innerHTML = html;
    const said = place.querySelector('[role="status"][tabindex]') || place.querySelector("details[open] :is(input:not([type=hidden]), select)");
    if (said) said.focus();
  };
  const load = async (place) => {
    if (place.dataset.asked || !place.offsetParent) return;
    place.dataset.asked = "yes";
    const html = await ask(place.dataset.source).then((answer) => answer.html, down);
    place.innerHTML = html;
  };
  const send = async (form, place, address, options) => {
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    form.setAttribute("aria-busy", "true");
    const answer = await ask(address, options).catch(() => ({ ok: false, html: down() }));
    if (answer.ok) return show(place, answer.html);
    delete form.dataset.busy;
    form.removeAttribute("aria-busy");
    const problem = form.querySelector(".form-problem");
    if (problem) problem.innerHTML = answer.html;
    else form.insertAdjacentHTML("afterend", answer.html);
  };
  document.addEventListener("submit", (event) => {
    const form = event.target, place = form.closest(".place");
    if (!place || !form.checkValidity()) return;
    event.preventDefault();
    const typed = new URLSearchParams(new FormData(form));
    const action = form.getAttribute("action");
    if (form.method === "post") send(form, place, action, { method: "POST", body: typed });
    else send(form, place, `${action}?${typed}`);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".place a[data-part]");
    if (link) {
      event.preventDefault();
      send(link, link.closest(".place"), link.getAttribute("href"));
    }
    const copy = event.target.closest("button[data-copy]");
    if (!copy) return;
    const field = document.getElementById(copy.dataset.copy);
    const said = copy.parentElement.querySelector("[data-copied]");
    field.select();
    const done = () => { said.textContent = said.dataset.copied; };
    if (navigator.clipboard) navigator.clipboard.writeText(field.value).then(done, () => {});
    else if (document.execCommand("copy")) done();
  });
  const every = () => document.querySelectorAll(".place[data-source]").forEach(load);
  const start = () => {
    every();
    new MutationObserver(every).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "style"] });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
