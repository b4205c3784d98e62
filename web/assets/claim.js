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
