import { SignJWT } from 'jose'

/** The token of a support agent, as an issuer of the project would sign it; good for two hours. */
export function createToken(agentId: number, secret: string): Promise<string> {
  return new SignJWT({ roles: ['agent'] })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(String(agentId))
    .setIssuer('https://bench.example')
    .setAudience('bench')
    .setExpirationTime('2h')
    .sign(new TextEncoder().encode(secret))
}
