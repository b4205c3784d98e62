// What scripts add to pages that work without them: local times, and the focus on an error summary.
const language = document.documentElement.lang;

const parts = new Intl.DateTimeFormat(language, {
  day: "numeric", month: language === "zh" ? "numeric" : "long", year: "numeric",
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
});

// As the server writes moments, whatever a browser's own habits are.
const written = {
  en: (at) => `${at.day} ${at.month} ${at.year}, `,
  es: (at) => `${at.day} de ${at.month} de ${at.year}, `,
  zh: (at) => `${at.year}年${at.month}月${at.day}日 `,
};

function local(moment) {
  const at = Object.fromEntries(parts.formatToParts(moment).map((part) => [part.type, part.value]));
  return `${(written[language] ?? written.en)(at)}${at.hour}:${at.minute} ${at.timeZoneName}`;
}

// The button rests until the next try is looked at, and says how long; what is typed meanwhile stays. Enter waits with it.
function countDown(form) {
  const button = form.querySelector("button.main");
  const words = button.textContent;
  const until = performance.now() + form.dataset.wait * 1000;
  const tick = () => {
    const left = Math.ceil((until - performance.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${words} · ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : words;
    if (left > 0) setTimeout(tick, 250);
  };
  tick();
}

function prepare(part) {
  for (const time of part.querySelectorAll("body.claimant time[datetime]")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.valueOf())) {
      time.title = time.textContent;
      time.textContent = local(moment);
    }
  }
  part.querySelector("[role=alert][tabindex]")?.focus();
  for (const form of part.querySelectorAll("form[data-wait]")) countDown(form);
  // A second press of the same button is the same request; it need not be sent.
  for (const form of part.querySelectorAll("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
}
prepare(document);
// A part that another module put in the place of an older one.
document.addEventListener("renewed", (event) => prepare(event.target));

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
