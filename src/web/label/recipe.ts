// How to check a label's signature with nothing but curl and openssl: shown on its page, to be copied into a shell.
// A JWS signature is r ‖ s (RFC 7518 §3.4) and openssl reads DER, so openssl itself is made to write that first.
import { createPublicKey } from "node:crypto"
import type { PublishedKey } from "../../label/jws.ts"

export function recipe(url: string, key: PublishedKey): string {
  const pem = String(createPublicKey({ key: { ...key }, format: "jwk" }).export({ type: "spki", format: "pem" })).trim()
  return `curl -s -H 'Accept: application/ai-label+jwt' ${url} > label.jws
cat > key.pem <<'END'
${pem}
END
cut -d. -f1,2 label.jws | tr -d '\\n' > signed.txt
hex=$(printf '%s==' "$(cut -d. -f3 label.jws | tr -- '-_' '+/')" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')
printf 'asn1=SEQUENCE:it\\n[it]\\nr=INTEGER:0x%s\\ns=INTEGER:0x%s\\n' "$(echo $hex | cut -c1-64)" "$(echo $hex | cut -c65-128)" > der.cnf
openssl asn1parse -genconf der.cnf -noout -out signature.der
openssl dgst -sha256 -verify key.pem -signature signature.der signed.txt`
}
