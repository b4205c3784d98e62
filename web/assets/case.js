// Keeps a claim alive while its page is open, and says when it has ended. Without this a claim runs out by itself, and a
// decision still counts until somebody else takes the case.
const held = document.querySelector("[data-claim]");

async function renew() {
  const body = new URLSearchParams({ token: held.dataset.token, task: held.dataset.task, fence: held.dataset.fence });
  const answer = await fetch(held.dataset.claim, { method: "POST", body }).catch(() => null);
  const until = document.querySelector("[data-until]");
  if (answer?.ok && until) {
    until.textContent = `${until.dataset.until} ${(await answer.json()).clock}`;
  } else if (answer && answer.status !== 503) {
    clearInterval(timer);
    if (until) until.textContent = until.dataset.over;
  }
}

const timer = held && setInterval(renew, 120_000);

// A finding that is pointed at, or has the focus, shows its box on the picture.
for (const line of document.querySelectorAll("[data-box]")) {
  const box = document.getElementById(line.dataset.box);
  const on = (shows) => () => box?.classList.toggle("on", shows);
  line.addEventListener("pointerenter", on(true));
  line.addEventListener("pointerleave", on(false));
  line.addEventListener("focusin", on(true));
  line.addEventListener("focusout", on(false));
}

// What was read can be copied.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  });
}
