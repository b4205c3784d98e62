// The human check: finds the number that, behind the form's token, has a SHA-256 with enough leading zero bits. A second
// or two of work; the page goes on by itself. SHA-256 (FIPS 180-4) is here because the browser's own is slow for short texts.
const primes = [];
for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
const K = Int32Array.from(primes, (p) => fraction(Math.cbrt(p)));
const START = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
const turn = (x, n) => (x >>> n) | (x << (32 - n));
const w = new Int32Array(64);

// The first word of the hash of an ASCII text.
function head(text) {
  const blocks = ((text.length + 8) >> 6) + 1;
  const words = new Int32Array(blocks * 16);
  for (let i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
  words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  words[blocks * 16 - 1] = text.length * 8;
  const sum = Int32Array.from(START);
  for (let block = 0; block < blocks; block++) {
    w.set(words.subarray(block * 16, block * 16 + 16));
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15];
      const y = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = sum;
    for (let i = 0; i < 64; i++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((word, i) => (sum[i] += word));
  }
  return sum[0];
}

// Works in short pieces, so that the page stays alive.
async function solve(token, bits) {
  for (let from = 0; ; from += 4000) {
    for (let n = from; n < from + 4000; n++) if (Math.clz32(head(`${token}:${n}`)) >= bits) return n;
    await new Promise((go) => setTimeout(go));
  }
}

for (const button of document.querySelectorAll("button[data-check]")) {
  const work = button.form.querySelector("input[name=work]");
  if (!work) continue;
  button.addEventListener("click", async (event) => {
    event.preventDefault();
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    const told = button.form.querySelector("[data-working]");
    told.textContent = told.dataset.working;
    work.value = await solve(button.form.elements.token.value, Number(work.dataset.bits));
    button.form.requestSubmit(button);
  });
}
