// Pictures of the documents step: sent as soon as they are chosen, dropped or pasted, with their progress; and the page
// made anew while they are being read. Without this the form works as a form.
const policy = globalThis.trustedTypes?.createPolicy("readmit-page", { createHTML: (text) => text });
const parsed = (text) => new DOMParser().parseFromString(policy ? policy.createHTML(text) : text, "text/html");
const form = () => document.querySelector("form[data-evidence]");

// Puts the answer in the place of this page; any other page than this step's is gone to, unless it says what failed.
function show(text, address, failed = false) {
  const page = parsed(text);
  const main = page.querySelector("main");
  if (!main?.querySelector("form[data-evidence]") && !failed) return location.assign(address);
  // What is for browsers without scripts would come to life here.
  for (const part of main.querySelectorAll("noscript")) part.remove();
  document.querySelector("main").replaceWith(main);
  // The page carries the symbols that it uses, and no others: the new part brings its own.
  document.querySelector("body > svg[hidden]").replaceWith(page.querySelector("body > svg[hidden]"));
  document.title = page.title;
  tidy();
  main.dispatchEvent(new Event("renewed", { bubbles: true }));
  watch();
}

function send(input) {
  clearTimeout(timer);
  const here = input.closest(".drop");
  const told = document.createElement("p");
  const bar = document.createElement("progress");
  const words = form().dataset;
  told.className = "hint";
  told.setAttribute("role", "status");
  bar.max = 100;
  here.append(told, bar);
  const body = new FormData(form());
  body.append("verb", "attach");
  for (const other of form().querySelectorAll("input[type=file], button")) other.disabled = true;
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (event) => {
    bar.value = (event.loaded / event.total) * 100;
    told.textContent = words.progress.replace("0", String(Math.floor(bar.value)));
  });
  request.addEventListener("load", () => show(request.responseText, request.responseURL, request.status >= 400));
  request.addEventListener("error", () => {
    bar.remove();
    told.textContent = words.broken;
    for (const other of form().querySelectorAll("input[type=file], button")) other.disabled = false;
    input.value = "";
  });
  request.open("POST", form().action);
  request.send(body);
}

function take(input, files) {
  const kept = new DataTransfer();
  for (const file of [...files].slice(0, input.multiple ? undefined : 1)) kept.items.add(file);
  if (kept.files.length === 0) return;
  input.files = kept.files;
  send(input);
}

document.addEventListener("change", (event) => {
  const input = event.target.closest?.("form[data-evidence] input[type=file]");
  if (input?.files.length) send(input);
});

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const here = event.target.closest?.("form[data-evidence] .drop");
    if (!here) return;
    event.preventDefault();
    here.classList.toggle("over", kind === "dragover");
    if (kind === "drop") take(here.querySelector("input[type=file]"), event.dataTransfer.files);
  });
}

// A pasted picture goes to the part that has the focus, else to the first that has room.
document.addEventListener("paste", (event) => {
  const inputs = [...document.querySelectorAll("form[data-evidence] input[type=file][multiple]")];
  const part = document.activeElement?.closest(".slot");
  const input = inputs.find((one) => part?.contains(one)) ?? inputs[0];
  if (input && event.clipboardData.files.length) take(input, event.clipboardData.files);
});

// What is told of each picture, to see whether anything is new.
const told = (part) => [...part.querySelectorAll(".upload")].map((one) => one.id + one.querySelector(".findings").innerHTML).join();

// While something is being read, the page is asked for again, less often the longer it takes. It is left alone while
// somebody chooses a file. Nobody need be there, so the request says that it is no use of the session.
let waited = 1000;
let timer;
function watch() {
  clearTimeout(timer);
  if (!form()?.hasAttribute("data-reading")) return (waited = 1000);
  timer = setTimeout(async () => {
    waited = Math.min(waited * 1.3, 8000);
    const busy = () => document.activeElement?.matches("input[type=file]") || form()?.querySelector("progress");
    const answer = busy() ? null : await fetch("/case", { headers: { "x-readmit-watch": "1" } }).catch(() => null);
    const text = answer?.ok ? await answer.text() : null;
    const main = text && parsed(text).querySelector("main");
    const same = main?.querySelector("form[data-reading]") && told(main) === told(document);
    if (!main || same || busy()) watch();
    else show(text, answer.url);
  }, waited);
}
document.addEventListener("cancel", (event) => event.target.blur?.(), true);

// Files go as they are chosen: a button for that is one too many.
const tidy = () => document.querySelector('form[data-evidence] button[value="attach"]')?.remove();
tidy();
watch();
