// What scripts add to pages that work without them: local times, and the focus on an error summary.
const language = document.documentElement.lang;

const withDay = new Intl.DateTimeFormat(language, {
  weekday: "short", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
});

function prepare(part) {
  for (const time of part.querySelectorAll("body.claimant time[datetime]")) {
    const moment = new Date(time.dateTime);
    if (!Number.isNaN(moment.valueOf())) {
      time.title = time.textContent;
      time.textContent = withDay.format(moment);
    }
  }
  part.querySelector("[role=alert][tabindex]")?.focus();
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
