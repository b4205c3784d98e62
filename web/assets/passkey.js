// Passkeys: asks the browser for one, between two calls to the server. There is no other way to do this.
const fromText = (text) => {
  const bytes = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(bytes, (c) => c.charCodeAt(0));
};
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

async function call(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  const json = answer.headers.get("content-type")?.startsWith("application/json") ? await answer.json() : {};
  if (!answer.ok) throw new Error(json.error ?? "That did not work. Reload the page and try again.");
  return json;
}

const known = (list) => list?.map((key) => ({ ...key, id: fromText(key.id) }));

async function make({ publicKey }) {
  const options = {
    ...publicKey,
    challenge: fromText(publicKey.challenge),
    user: { ...publicKey.user, id: fromText(publicKey.user.id) },
    excludeCredentials: known(publicKey.excludeCredentials),
  };
  const { id, rawId, type, response } = await navigator.credentials.create({ publicKey: options });
  return {
    id, type, rawId: toText(rawId), extensions: {},
    response: {
      attestationObject: toText(response.attestationObject),
      clientDataJSON: toText(response.clientDataJSON),
      transports: response.getTransports?.() ?? [],
    },
  };
}

async function use({ publicKey }) {
  const options = {
    ...publicKey,
    challenge: fromText(publicKey.challenge),
    allowCredentials: known(publicKey.allowCredentials),
  };
  const { id, rawId, type, response } = await navigator.credentials.get({ publicKey: options });
  return {
    id, type, rawId: toText(rawId), extensions: {},
    response: {
      authenticatorData: toText(response.authenticatorData),
      clientDataJSON: toText(response.clientDataJSON),
      signature: toText(response.signature),
      userHandle: response.userHandle ? toText(response.userHandle) : null,
    },
  };
}

// Where each kind of box calls, and what it asks the browser for.
const ways = {
  "sign-in": () => ["/sign-in/options", "/sign-in/passkey", use],
  enrol: (box) => [`/enrol/${box.dataset.link}/options`, `/enrol/${box.dataset.link}/passkey`, make],
  add: () => ["/me/passkeys/options", "/me/passkeys", make],
};

for (const box of document.querySelectorAll("[data-passkey]")) {
  const button = box.querySelector("button");
  const problem = box.querySelector("[role=alert]");
  button.addEventListener("click", async () => {
    const [ask, finish, act] = ways[box.dataset.passkey](box);
    const { token } = box.dataset;
    button.disabled = true;
    problem.hidden = true;
    try {
      const { ceremony, options } = await call(ask, { token });
      const label = box.querySelector("input")?.value;
      const answer = await act(options);
      const { to } = await call(finish, { token, ceremony, answer, ...(label === undefined ? {} : { label }) });
      location.assign(to);
    } catch (error) {
      const words = {
        NotAllowedError: "No passkey was used. Try again when you are ready.",
        InvalidStateError: "This device has a passkey of yours already.",
      };
      problem.querySelector("span").textContent = words[error.name] ?? error.message;
      problem.hidden = false;
      button.disabled = false;
    }
  });
}

// A step's form: what to ask stands in the page, and the answer goes back with the form.
for (const form of document.querySelectorAll("form[data-ceremony]")) {
  const { credential } = form.elements;
  const problem = form.querySelector("[role=alert]");
  const ask = async () => {
    problem.hidden = true;
    try {
      const act = form.dataset.ceremony === "create" ? make : use;
      credential.value = JSON.stringify(await act(JSON.parse(form.dataset.options)));
      // The press that asked again was no sending: this is the first.
      delete form.dataset.sent;
      form.requestSubmit();
    } catch (error) {
      problem.textContent = error.name === "InvalidStateError" ? form.dataset.known : form.dataset.cancelled;
      problem.hidden = false;
    }
  };
  form.addEventListener("submit", (event) => {
    if (credential.value) return;
    event.preventDefault();
    ask();
  });
  ask();
}

// What the server still accepts, so that a passkey that was removed goes from the password manager as well (PK-07).
for (const list of document.querySelectorAll("[data-accepted]")) {
  globalThis.PublicKeyCredential?.signalAllAcceptedCredentials?.(JSON.parse(list.dataset.accepted)).catch(() => {});
}

// One that was answered with and is known no more goes as well.
for (const gone of document.querySelectorAll("[data-unknown]")) {
  globalThis.PublicKeyCredential?.signalUnknownCredential?.(JSON.parse(gone.dataset.unknown)).catch(() => {});
}
