/**
 * A number as C prints it with `%.17g`, which is what Orthanc prints for FL and FD: `0.10000000000000001`,
 * `-2.2500000000000002e+100`, `inf`.
 */
export function formatG(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const { digits, exponent } = roundedDigits(Math.abs(value));
  const sign = value < 0 ? "-" : "";
  if (exponent >= 17 || exponent < -4) {
    const power = `${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
    return `${sign}${withPoint(digits, 1)}e${power}`;
  }
  return sign + (exponent < 0 ? withPoint("0".repeat(-exponent) + digits, 1) : withPoint(digits, exponent + 1));
}

/** More digits than decide on any rounding. */
const exactDigits = 100;

/** 17 significant digits; C rounds a tie to the even digit where JavaScript rounds it up. */
function roundedDigits(value: number): { digits: string; exponent: number } {
  const [mantissa = "", power = ""] = value.toExponential(exactDigits).split("e");
  const all = mantissa.replace(".", "");
  const kept = all.slice(0, 17);
  const rest = all.slice(17);
  const isUp = /^50*$/.test(rest) ? Number(kept.at(-1)) % 2 === 1 : rest.charCodeAt(0) >= 0x35;
  const digits = (BigInt(kept) + (isUp ? 1n : 0n)).toString();
  return { digits: digits.slice(0, 17), exponent: Number(power) + (digits.length - 17) };
}

/** Puts the decimal point after `at` digits and drops trailing zeros. */
function withPoint(digits: string, at: number): string {
  const fraction = digits.slice(at).replace(/0+$/, "");
  return fraction === "" ? digits.slice(0, at) : `${digits.slice(0, at)}.${fraction}`;
}
